"""A dashboard is built with the mouse, and shared by a link, which somebody without an account opens until it is revoked."""

from __future__ import annotations

import re
from typing import Any

from tests.api.v2.dashboards.made import board, device, report, widget
from tests.e2e.console.conftest import NewTab
from tests.support.chromium import Tab
from tests.support.in_process import InProcessServer

PITCH = 60
"""From a row of the grid to the next. Units: pixels."""


def drag(page: Any, handle: Any, by: tuple[float, float]) -> None:
    """Drag with the mouse, in small steps, as a hand does."""
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + by[0] / 2, y + by[1] / 2, steps=6)
    page.mouse.move(x + by[0], y + by[1], steps=6)
    page.mouse.up()


def add_widget(page: Any, kind: str, fill: dict[str, str], device_name: str = "") -> None:
    """Add a widget by its dialog; a device is picked by its name."""
    page.get_by_role("toolbar", name="Add a widget").get_by_role("button", name=kind, exact=True).click()
    dialog = page.locator("dialog.widget-dialog")
    if device_name:
        dialog.get_by_role("combobox", name="Device", exact=True).fill(device_name[:4])
        dialog.get_by_role("option", name=device_name).click()
    for label, text in fill.items():
        dialog.get_by_label(label, exact=True).fill(text)
    dialog.get_by_role("button", name="Add the widget").click()
    dialog.wait_for(state="detached")


def built_by_hand(tab: Tab) -> str:
    """A new dashboard with two widgets, of which one is moved and made larger. Returns its path."""
    page = tab.page
    tab.open("/console/dashboards/new")
    page.fill("main input[name=name]", "Cold store")
    page.get_by_role("button", name="Create the dashboard").click()
    add_widget(page, "Value", {"Field": "temperature", "Title": "Warmth"}, "Office")
    add_widget(page, "Text", {"Title": "Note", "Text": "Doors are *closed*"})
    column = page.locator(".board-grid").bounding_box()["width"] / 12
    note = page.locator(".board-item", has=page.get_by_role("heading", name="Note"))
    drag(page, note.locator(".widget-head h2"), (column * 4, PITCH * 3))
    drag(page, note.locator(".ui-resizable-se"), (column * 1, PITCH * 2))
    page.get_by_role("status").get_by_text("Saved", exact=True).wait_for()
    page.get_by_role("button", name="Done").click()
    return re.sub(r"[?#].*|https?://[^/]+", "", page.url)


def places(page: Any) -> dict[str, list[int]]:
    """Where widgets are drawn, in columns and rows of the grid, by title."""
    found = page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll(".board-item")].map((item) => {
            const [grid, box] = [item.parentElement.getBoundingClientRect(), item.getBoundingClientRect()];
            const columns = (width) => Math.round(width / (grid.width / 12));
            return [item.querySelector("h2").textContent, [columns(box.x - grid.x), columns(box.width)]];
        }))"""
    )
    return dict(found)


def test_a_dashboard_is_built_with_the_mouse_and_shared(new_tab: NewTab, in_process: InProcessServer) -> None:
    org = in_process.new_org()
    with in_process.client(org) as api:
        report(api, device(api), {"data": {"temperature": 21.5}})
        tab = new_tab(org)
        here = built_by_hand(tab)
        dashboard_id = here.rsplit("/", 1)[1]
        widgets = {one["title"]: one for one in api.get(f"/api/v2/dashboards/{dashboard_id}/widgets").json()["data"]}
    assert [widgets["Warmth"][name] for name in "xywh"] == [0, 0, 3, 2]
    assert [widgets["Note"][name] for name in "xywh"] == [7, 3, 5, 5]
    tab.open(here)
    assert places(tab.page) == {"Warmth": [0, 3], "Note": [7, 5]}
    tab.page.get_by_text("21.5").wait_for()
    tab.open(f"{here}/shares")
    tab.page.fill("main input[name=days]", "2")
    tab.page.click("main form button.primary")
    tab.page.wait_for_function("() => /shared[/]/.test(document.body.innerHTML)")
    found = re.search(r"/console/shared/[\w-]{16,}", tab.page.content())
    assert found, tab.page.inner_text("main")
    visitor = new_tab()
    visitor.open(found[0])
    visitor.page.get_by_text("21.5").wait_for()
    visitor.page.get_by_text("Doors are").wait_for()
    assert visitor.page.locator("[data-board-edit], .widget-tools, .edit-bar, a[href*='/console/devices']").count() == 0
    tab.page.get_by_role("button", name="Revoke").click()
    tab.page.locator("#ask [data-ask-yes]").click()
    tab.page.get_by_text("Link revoked").wait_for()
    visitor.open(found[0])
    assert "21.5" not in visitor.page.inner_text("body")
    assert not [one for one in visitor.faults if "404" not in one]
    assert not tab.faults


def test_places_of_somebody_else_are_not_overwritten_unseen(new_tab: NewTab, in_process: InProcessServer) -> None:
    org = in_process.new_org()
    with in_process.client(org) as api:
        made = board(api)["id"]
        note = widget(api, made, options={"type": "text", "text": "x"}, title="Note")
        tab = new_tab(org)
        tab.open(f"/console/dashboards/{made}?edit=1")
        tab.page.get_by_role("toolbar", name="Add a widget").wait_for()
        theirs = {"widget_id": note["id"], "x": 8, "y": 1, "w": 4, "h": 4}
        api.put(f"/api/v2/dashboards/{made}/layout", json={"widgets": [theirs]}).raise_for_status()
        tab.page.locator(".widget-tools summary").click()
        tab.page.get_by_role("button", name="Move right").click()
        tab.page.get_by_text("has moved widgets of this dashboard").wait_for()
        assert api.get(f"/api/v2/dashboards/{made}/layout").json()["widgets"] == [theirs]
        tab.page.get_by_role("button", name="Save mine").click()
        tab.page.get_by_role("status").get_by_text("Saved", exact=True).wait_for()
        assert api.get(f"/api/v2/dashboards/{made}/layout").json()["widgets"][0]["x"] == 1
    assert not [one for one in tab.faults if "412" not in one]
