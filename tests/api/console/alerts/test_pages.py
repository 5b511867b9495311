"""The pages of alerts: what is raised, what is watched for, and what people do about it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.console.cold_store import ESCAPED, HOSTILE, ColdStore
from tests.support.console import Browser
from tests.support.waiting import awaited

WARM = {"type": "threshold", "field": "temperature", "operator": ">", "value": 6}


def test_an_empty_organisation_is_shown_what_to_do(owner: Browser) -> None:
    for path in ("/console/alerts", "/console/alerts/definitions"):
        assert owner.get(path).status_code == 200
        assert "/console/alerts/new" in owner.page
        assert "curl" in owner.page


@pytest.fixture(scope="module")
def event(store: ColdStore) -> dict[str, Any]:
    """The event of an alert that is raised."""
    body = {"name": HOSTILE, "target": {"all": True}, "condition": WARM, "severity": "critical"}
    alert = store.call("POST", "/api/v2/alerts", body)
    store.report(7.5)
    found: dict[str, Any] = awaited(lambda: store.call("GET", f"/api/v2/alerts/{alert['id']}/history")["data"])[0]
    return found


def test_hostile_names_are_only_text(owner: Browser, event: dict[str, Any]) -> None:
    pages = ("/console/alerts", "/console/alerts/definitions", f"/console/alerts/{event['alert_id']}")
    for path in (*pages, f"/console/alerts/events/{event['id']}"):
        assert owner.get(path).status_code == 200, path
        assert ESCAPED in owner.page, path
        assert "<img" not in owner.page, path
    assert "7.5" in owner.page


def test_filters_go_to_the_api(owner: Browser, event: dict[str, Any]) -> None:
    owner.get("/console/alerts?severity=info")
    assert event["id"] not in owner.page
    owner.get("/console/alerts/definitions?status=disabled")
    assert event["alert_id"] not in owner.page
    assert owner.get("/console/alerts?severity=odd").status_code == 400


def test_events_are_acknowledged_snoozed_and_cleared(owner: Browser, store: ColdStore, event: dict[str, Any]) -> None:
    def acted(action: str, **more: str) -> dict[str, Any]:
        owner.get("/console/alerts")
        form = {"action": action, "ids": event["id"], **more}
        answer = owner.post("/console/alerts/events", form)
        assert owner.follow(answer).status_code == 200
        found: dict[str, Any] = store.call("GET", f"/api/v2/alert-events/{event['id']}")
        return found

    assert acted("acknowledge", note="On my way")["note"] == "On my way"
    assert "1 event acknowledged" in owner.page
    assert acted("snooze-1h")["snoozed_until"]
    assert "snoozed" in owner.page
    assert acted("clear", back=f"/console/alerts/events/{event['id']}")["state"] == "cleared"
    assert "manually" in owner.page
    assert acted("odd")["state"] == "cleared"
    assert "must be" in owner.page


def test_nobody_is_sent_to_another_site(owner: Browser) -> None:
    owner.get("/console/alerts")
    for back in ("https://evil.example", "/console/alertsevil", "//evil.example"):
        assert owner.post("/console/alerts/events", {"back": back}).headers["location"] == "/console/alerts"


def test_an_alert_is_snoozed_disabled_tested_and_deleted(owner: Browser, store: ColdStore) -> None:
    alert = store.call("POST", "/api/v2/alerts", {"name": "Once", "target": {"all": True}, "condition": WARM | {"value": 999}})
    path = f"/console/alerts/{alert['id']}"

    def acted(act: str, **form: str) -> dict[str, Any]:
        owner.get(path)
        owner.follow(owner.post(f"{path}/{act}", form))
        found: dict[str, Any] = store.call("GET", f"/api/v2/alerts/{alert['id']}")
        return found

    assert acted("snooze", **{"for": "8h", "note": "Repair"})["snoozed_until"]
    assert acted("wake")["snoozed_until"] is None
    assert acted("enable", enabled="false")["enabled"] is False
    assert acted("enable", enabled="true")["enabled"] is True
    acted("test")
    assert "executed as a test" in owner.page
    owner.get("/console/alerts/definitions")
    owner.follow(owner.post("/console/alerts/definitions", {"action": "disable", "ids": alert["id"]}))
    assert "1 alert disabled" in owner.page
    assert owner.post(f"{path}/delete").headers["location"] == "/console/alerts/definitions"
    assert owner.get(path).status_code == 404


def test_who_may_only_look_is_offered_nothing_else(store: ColdStore, event: dict[str, Any]) -> None:
    with store.viewer() as viewer:
        for path in ("/console/alerts", "/console/alerts/definitions", f"/console/alerts/{event['alert_id']}"):
            viewer.get(path)
            for word in ("Acknowledge", "/console/alerts/new", "Delete"):
                assert word not in viewer.page, (path, word)
        for path in (f"/console/alerts/{event['alert_id']}/delete", "/console/alerts/events"):
            viewer.follow(viewer.post(path, {"action": "clear", "ids": event["id"]}))
            assert "alerts:write" in viewer.page, path
