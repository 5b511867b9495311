"""Invoices are downloaded from their pages, by who issues them and by who pays them: the files say what the page says."""

from __future__ import annotations

import csv
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from penstock.kit.clock import DAY_US, SystemClock, format_time
from tests.e2e.console.conftest import NewTab
from tests.support.billed import called, last_month
from tests.support.chromium import Tab, require_chromium
from tests.support.in_process import InProcessServer
from tests.support.server import Org
from tests.support.waiting import awaited

MONEY = re.compile(r"([\d,]+[.]\d\d) EUR")


@pytest.fixture(scope="module")
def org(in_process: InProcessServer) -> Org:
    require_chromium()
    return in_process.new_org()


@pytest.fixture(scope="module")
def site(in_process: InProcessServer, org: Org) -> dict[str, str]:
    """A resident with a water meter, and the invoice of the last month."""
    now_us = SystemClock().now_us()
    with in_process.client(org) as api:
        house = {"name": "Riverside", "admin_email": "ada@example.org", "tenant_name": "riverside"}
        customer = called(api, "POST", "/customers", house)["id"]
        grace = {"name": "Grace", "email": "grace@example.org"}
        resident = called(api, "POST", f"/customers/{customer}/residents", grace)["id"]
        device = called(api, "POST", "/devices", {"name": "Water", "type": "water_meter"})["device"]["id"]
        placement = {"resident_id": resident, "from": format_time(now_us - 71 * DAY_US)}
        called(api, "PUT", f"/devices/{device}/placement", placement)
        days = range(70, 0, -1)
        readings = [{"time": format_time(now_us - day * DAY_US), "data": {"consumption_m3": 900 - 9 * day}} for day in days]
        called(api, "POST", f"/devices/{device}/telemetry", readings)
        prices = {"items": [{"kind": "volume", "unit": "m3", "price": "4.85", "vat_rate": "7"}], "standing": [{"amount": "6.50"}]}
        tariff = called(api, "POST", "/tariffs", {"name": "Water", "currency": "EUR", "from": "2020-01-01", **prices})["id"]
        called(api, "PUT", f"/customers/{customer}/tariffs", {"tariffs": [{"tariff_id": tariff}]})
        called(api, "PUT", f"/customers/{customer}/invoicing", {"target": "residents"})
        run = called(api, "POST", "/invoice-runs", {"period": last_month(now_us)})["id"]
        awaited(lambda: called(api, "GET", f"/invoice-runs/{run}")["state"] == "done", what="the run")
        (invoice,) = called(api, "GET", "/invoices")["data"]
    return {"resident": resident, "number": invoice["number"]}


def downloaded(tab: Tab, link: str, folder: Path) -> Path:
    """The file that a link of the page brings."""
    with tab.page.expect_download() as waited:
        tab.page.click(link)
    file: Path = folder / waited.value.suggested_filename
    waited.value.save_as(file)
    return file


def sums(page: Any) -> list[Decimal]:
    """The net sum, the tax at each rate and the gross sum, as the page shows them."""
    shown = [MONEY.search(text) for text in page.locator(".stat").all_inner_texts()]
    return [Decimal(one[1].replace(",", "")) for one in shown if one]


def check_downloads(tab: Tab, number: str, folder: Path) -> None:
    """Open an invoice from the list, and download its PDF and CSV: they hold the sums that the page shows."""
    tab.open("/console/bills")
    tab.page.click(f"#list a:has-text('{number}')")
    tab.page.wait_for_selector("text=Seller")
    net, *taxes, gross = sums(tab.page)
    assert 0 < net < gross == net + sum(taxes)
    assert gross > 1000, "with a separator of thousands"
    pages = PdfReader(downloaded(tab, ".page-head a:has-text('PDF') >> nth=0", folder)).pages
    text = "".join(page.extract_text() for page in pages)
    assert number in text
    assert f"Total €{gross:,}" in text
    assert f"Net total €{net:,}" in text
    tab.page.click("summary:has-text('Other files')")
    with downloaded(tab, ".menu-item:has-text('CSV')", folder).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["number"] for row in rows} == {number}
    assert sum(Decimal(row["net"]) for row in rows) == net
    assert not tab.faults


def test_the_owner_downloads_an_invoice(new_tab: NewTab, org: Org, site: dict[str, str], tmp_path: Path) -> None:
    check_downloads(new_tab(org), site["number"], tmp_path)


def test_a_resident_downloads_their_invoice(new_tab: NewTab, org: Org, site: dict[str, str], tmp_path: Path) -> None:
    check_downloads(new_tab(org, resident_id=site["resident"]), site["number"], tmp_path)
