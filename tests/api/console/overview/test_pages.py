"""The overview: of a new organisation, of one with devices, and for somebody who may only look."""

from __future__ import annotations

from tests.api.console.cold_store import ESCAPED, HOSTILE, ColdStore
from tests.support.console import Browser, browser_of
from tests.support.in_process import InProcessServer
from tests.support.waiting import awaited

OVERVIEW = "/console"


def test_a_new_organisation_sees_the_first_steps(in_process: InProcessServer) -> None:
    with browser_of(in_process, in_process.new_org()) as browser:
        page = browser.get(OVERVIEW).text
    for step in ("Connect a device", "Invite a person", "Make an API key"):
        assert step in page
    assert "No alert is open" in page


def test_an_open_alert_is_shown(owner: Browser, store: ColdStore) -> None:
    warm = {"type": "threshold", "field": "temperature", "operator": ">", "value": 8}
    alert = {"name": "Too warm", "severity": "critical", "target": {"all": True}, "condition": warm}
    store.call("POST", "/api/v2/alerts", alert)
    store.report(4, 12)
    assert awaited(lambda: store.call("GET", "/api/v2/alert-events?state=open")["data"])
    page = owner.get(OVERVIEW).text
    assert "Too warm" in page
    assert ESCAPED in page
    assert HOSTILE not in page


def test_a_viewer_sees_no_first_steps(store: ColdStore) -> None:
    with store.viewer() as viewer:
        assert viewer.get(OVERVIEW).status_code == 200
        assert "First steps" not in viewer.page
        assert "New device" not in viewer.page
