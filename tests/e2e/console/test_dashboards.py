"""A dashboard is shared by a link, which somebody without an account opens until it is revoked."""

from __future__ import annotations

import re

from tests.e2e.console.conftest import NewTab
from tests.support.in_process import InProcessServer


def test_a_dashboard_is_shared_and_the_link_revoked(new_tab: NewTab, in_process: InProcessServer) -> None:
    org = in_process.new_org()
    with in_process.client(org) as api:
        dashboard = api.post("/api/v2/dashboards", json={"name": "Cold store"}).raise_for_status().json()["id"]
        options = {"type": "text", "text": "Doors are *closed*"}
        api.post(f"/api/v2/dashboards/{dashboard}/widgets", json={"title": "Note", "options": options}).raise_for_status()
    tab = new_tab(org)
    tab.open(f"/console/dashboards/{dashboard}/shares")
    tab.page.fill("main input[name=name]", "Wall in the hall")
    tab.page.click("main form button.primary")
    tab.page.wait_for_function("() => /shared[/]/.test(document.body.innerHTML)")
    found = re.search(r"/[\w/]*shared/(?:dashboards/)?[\w-]{16,}", tab.page.content())
    assert found, tab.page.inner_text("main")
    visitor = new_tab()
    visitor.open(found[0])
    visitor.page.wait_for_selector("text=Cold store")
    visitor.page.wait_for_selector("text=Doors are")
    assert not visitor.faults
    assert not tab.faults
    with in_process.client(org) as api:
        (share,) = api.get(f"/api/v2/dashboards/{dashboard}/shares").json()["data"]
        api.delete(f"/api/v2/dashboard-shares/{share['id']}").raise_for_status()
    visitor.open(found[0])
    assert "Doors are" not in visitor.page.inner_text("body")
