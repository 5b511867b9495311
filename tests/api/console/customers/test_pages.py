"""Customers as a person sees them."""

from __future__ import annotations

import httpx

from tests.security.people import Registry
from tests.support.billed import called, clean
from tests.support.console import Browser, browser_of
from tests.support.in_process import InProcessServer
from tests.support.server import Org

HERE = "/console/customers"


def test_an_empty_organisation_is_told_what_to_do(in_process: InProcessServer) -> None:
    with browser_of(in_process, in_process.new_org()) as browser:
        for path, text in (
            (HERE, "A customer is a building"),
            ("/console/meters", "no customer has been added"),
            ("/console/bills", "No invoice has been issued"),
            ("/console/bills/tariffs", "A tariff says"),
            ("/console/bills/runs", "No period has been closed"),
            ("/console/bills/settings", "Seller on invoices"),
            ("/console/bills/plan", "A statement is made"),
        ):
            assert browser.get(path).status_code == 200, path
            assert text in browser.page, path


def test_a_customer_is_shown_with_consumption_and_invoices(browser: Browser, site: dict[str, str]) -> None:
    assert browser.get(HERE).status_code == 200
    assert clean(browser.page)
    assert browser.get(f"{HERE}/{site['customer']}").status_code == 200
    assert clean(browser.page)
    assert "ps-chart" in browser.page
    assert f"/console/bills/{site['invoice']}" in browser.page
    assert f"/console/api/v2/customers/{site['customer']}/consumption/export" in browser.page
    file = browser.get(f"/console/api/v2/customers/{site['customer']}/consumption/export?range=90d&bucket=month")
    assert file.headers["content-type"].startswith("text/csv")
    assert site["device"] in file.text


def test_a_customer_is_created_changed_and_deleted(browser: Browser, api: httpx.Client) -> None:
    browser.get(f"{HERE}/new")
    form = {"name": "Hillside", "admin_email": "ada@example.org", "tenant_name": "hillside", "timezone": "Europe/Berlin"}
    answer = browser.post(f"{HERE}/new", form | {"timezone": "Mars/Olympus"})
    assert answer.status_code == 400
    assert 'id="f-timezone-error"' in browser.page
    place = browser.post(f"{HERE}/new", form).headers["location"]
    browser.get(f"{place}/edit")
    assert browser.post(f"{place}/edit", form | {"name": "Hilltop"}).status_code == 303
    browser.get(place)
    assert "Hilltop" in browser.page
    assert browser.post(f"{place}/delete").headers["location"] == HERE
    assert api.get(f"/api/v2{place.removeprefix('/console')}").status_code == 404


def test_residents_are_added_invited_and_deleted(browser: Browser, api: httpx.Client, site: dict[str, str]) -> None:
    place = f"{HERE}/{site['customer']}/residents"
    assert browser.get(place).status_code == 200
    assert clean(browser.page)
    assert "Grace" in browser.page
    assert browser.post(place, {"name": "Joan", "email": "nobody"}).status_code == 400
    assert 'id="f-email-error"' in browser.page
    browser.follow(browser.post(place, {"name": "Joan", "email": "joan@example.org"}))
    assert "Joan" in browser.page
    residents = called(api, "GET", f"/customers/{site['customer']}/residents")["data"]
    [joan] = [one["id"] for one in residents if one["name"] == "Joan"]
    assert browser.post(f"{place}/{joan}/invite").status_code == 303
    assert browser.post(f"{place}/{joan}/delete").status_code == 303
    browser.get(place)
    assert "Joan" not in browser.page
    assert browser.post(f"{HERE}/{site['customer']}/managers/invite", {"manager_email": "x"}).status_code == 400
    assert 'id="f-manager_email-error"' in browser.page
    assert browser.post(f"{HERE}/{site['customer']}/place", {"device_id": "dev_nothing"}).status_code == 400
    moved = browser.post(f"{HERE}/{site['customer']}/place", {"device_id": site["device"]})
    assert moved.status_code == 303, moved.text
    assert browser.post(f"{HERE}/{site['customer']}/register-devices").status_code == 303


def test_managers_and_viewers_are_offered_only_what_they_may_do(
    in_process: InProcessServer, org: Org, site: dict[str, str]
) -> None:
    people = Registry(in_process.data_dir, org.organization_id, in_process.run)
    place = f"{HERE}/{site['customer']}"
    meters = f"/console/meters?customer_id={site['customer']}"
    [viewer] = people.members("sees", "viewer")
    with Browser(in_process.client()) as browser:
        browser.cookies["penstock_session"] = viewer.refresh_token
        for path in (HERE, place, f"{place}/residents", meters):
            assert browser.get(path).status_code == 200, path
            assert f"{place}/delete" not in browser.page
            assert "/console/customers/new" not in browser.page
        for path in (f"{place}/billing", "/console/bills", "/console/bills/runs"):
            assert browser.get(path).status_code == 403, path
        assert browser.post(f"{HERE}/new", {"name": "Mine"}).status_code == 403
    manager = people.manager("board", site["customer"])
    with Browser(in_process.client()) as browser:
        browser.cookies["penstock_session"] = manager.refresh_token
        meter, bill = f"/console/meters/{site['device']}", f"/console/bills/{site['invoice']}"
        for path in (HERE, place, f"{place}/residents", meters, meter, f"{meter}/values", "/console/bills", bill):
            assert browser.get(path).status_code == 200, path
            assert f"{place}/delete" not in browser.page
        assert browser.get(f"{place}/billing").status_code == 403
        assert browser.get("/console/bills/tariffs").status_code == 403


def test_a_resident_sees_their_meter_and_bills(in_process: InProcessServer, org: Org, site: dict[str, str]) -> None:
    people = Registry(in_process.data_dir, org.organization_id, in_process.run)
    resident = people.resident("grace-of-customer", site["resident"])
    with Browser(in_process.client()) as browser:
        browser.cookies["penstock_session"] = resident.refresh_token
        for path, text in (("/console/meters", "No meter is assigned"), ("/console/bills", "You have no invoice")):
            assert browser.get(path).status_code == 200, path
            assert text in browser.page
        assert browser.get(f"/console/bills/{site['invoice']}").status_code in (403, 404)
        assert browser.get(f"{HERE}/{site['customer']}").status_code in (403, 404)
