"""The frame of the pages: the menu as icons, lists on a phone, texts that do not fit, and the sheet of all pages."""

from __future__ import annotations

import httpx

from tests.e2e.console.conftest import NewTab
from tests.support.in_process import InProcessServer

LONG = "pump " * 39


def test_the_menu_gives_its_room_to_the_page(new_tab: NewTab, in_process: InProcessServer) -> None:
    tab = new_tab(in_process.new_org())
    tab.open("/console/keys")
    before = tab.page.locator("main").bounding_box()["width"]
    tab.page.click("[data-nav-fold]")
    tab.page.wait_for_function("document.querySelector('.side').getBoundingClientRect().width < 80")
    assert tab.page.locator("main").bounding_box()["width"] > before + 100
    tab.open("/console/people")
    assert tab.page.locator(".side").bounding_box()["width"] < 80
    assert tab.faults == []


def test_a_phone_shows_all_of_a_row_and_what_does_not_fit_on_hover(new_tab: NewTab, in_process: InProcessServer) -> None:
    org = in_process.new_org()
    with in_process.client(org) as client:
        _made(client.post("/api/v2/keys", json={"name": LONG, "scopes": ["devices:read", "devices:write"]}))
    phone = new_tab(org, width="phone")
    phone.open("/console/keys")
    row = phone.page.locator("#keys tbody tr").first
    for text in ("Key Prefix", "Devices · Write", "Active"):
        cell = row.locator(f"td:has-text('{text}'), td[data-label='{text}']").first.bounding_box()
        assert cell["x"] >= 0, text
        assert cell["x"] + cell["width"] <= 390, text
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 390
    desk = new_tab(org)
    desk.open("/console/keys")
    cell = desk.page.locator("#keys tbody td[data-col=name]").first
    cell.hover()
    assert cell.get_attribute("title") == LONG.strip()
    assert phone.faults + desk.faults == []


def test_the_sheet_is_as_high_as_its_pages(new_tab: NewTab, in_process: InProcessServer) -> None:
    tab = new_tab(in_process.new_org(), role="viewer", width="phone")
    tab.open("/console/people")
    assert tab.page.locator(".bottom > *").all_inner_texts() == ["Overview", "Devices", "Dashboards", "Alerts", "More"]
    tab.page.click("[data-open=more-pages]")
    sheet, close = tab.page.locator("#more-pages").bounding_box(), tab.page.locator("#more-pages [data-close]").bounding_box()
    assert sheet["y"] + sheet["height"] - (close["y"] + close["height"]) < 40
    assert tab.faults == []


def test_a_refused_form_puts_the_cursor_where_it_is_wrong(new_tab: NewTab, in_process: InProcessServer) -> None:
    tab = new_tab(in_process.new_org())
    tab.open("/console/keys/new")
    tab.page.fill("[name=name]", "reports")
    tab.page.click("summary:has-text('Restrictions')")
    tab.page.fill("[name=allowed_cidrs]", "192.0.2.0/24\nnowhere")
    tab.page.click("button:has-text('Create the key')")
    tab.page.wait_for_selector(".form-errors")
    assert tab.page.evaluate("document.activeElement.name") == "allowed_cidrs"
    assert "entry 2: must be a network" in tab.page.locator(".field.invalid").inner_text()


def _made(answer: httpx.Response) -> None:
    assert answer.status_code == 201, answer.text
