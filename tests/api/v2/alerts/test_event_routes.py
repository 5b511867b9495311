"""Alert events over HTTP: acknowledged, cleared by hand, filtered, and muted in maintenance."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx

from tests.api.v2.alerts.room import Room


def test_raised_acknowledged_cleared(room: Callable[..., Room]) -> None:
    here = room(hysteresis=1, severity="high")
    here.send(5, 7, 5.5)
    found = here.wait(state="open")
    assert found["severity"] == "critical", "high is accepted for it"
    assert (found["state"], found["value"], found["suppressed"], found["alert_id"]) == ("raised", 7, 0, here.alert["id"])
    assert found["reading_id"].startswith("tel_")
    path = f"/api/v2/alert-events/{found['id']}"
    known = here.api.post(f"{path}/acknowledge", json={"note": "On my way"}).json()
    assert (known["state"], known["note"]) == ("acknowledged", "On my way")
    assert known["acknowledged_by"].startswith("key_")
    assert here.api.post(f"{path}/acknowledge", json={"note": "Again"}).json() == known
    here.send(5)
    over = here.wait(state="cleared")
    assert (over["clear_reason"], over["clear_value"], over["id"]) == ("condition", 5, found["id"])
    assert here.api.post(f"{path}/acknowledge", json={}).json() == over, "the first note stays"
    assert here.api.get(f"{here.path}/history").json()["data"] == [over]
    assert here.api.get(here.path).json()["last_raised_at"] == found["raised_at"]


def test_cleared_by_hand(room: Callable[..., Room]) -> None:
    here = room()
    here.send(7)
    path = f"/api/v2/alert-events/{here.wait()['id']}"
    over = here.api.post(f"{path}/clear").json()
    assert (over["state"], over["clear_reason"]) == ("cleared", "manual")
    assert here.api.post(f"{path}/clear").json() == over == here.api.get(path).json()
    here.send(8)
    assert here.wait(state="open")["value"] == 8


def test_lists_and_filters(room: Callable[..., Room], api: httpx.Client) -> None:
    here, other = room(name="Zebra 1", severity="info"), room(name="Zebra 2", enabled=False)
    here.send(7)
    other.send(7)
    here.wait(state="open")

    def names(**query: str) -> list[str]:
        return [one["name"] for one in api.get("/api/v2/alerts", params={"text": "zebra"} | query).json()["data"]]

    assert names() == ["Zebra 2", "Zebra 1"]
    assert names(status="active") == names(status="enabled") == names(severity="info") == ["Zebra 1"]
    assert names(status="disabled") == names(device_id=other.id) == ["Zebra 2"]
    page = api.get("/api/v2/alerts", params={"text": "zebra", "limit": "1"}).json()
    assert names(cursor=page["next_cursor"], limit="1") == ["Zebra 1"]
    assert other.events() == []


def test_maintenance_mutes(room: Callable[..., Room]) -> None:
    here = room()
    path = f"/api/v2/devices/{here.id}/maintenance"
    assert here.api.get(path).json()["active"] is False
    assert here.api.put(path, json={"until": "2001-01-01T00:00:00Z"}).status_code == 400
    assert here.api.put(path, json={"until": "2099-01-01T00:00:00Z", "reason": "Paint"}).json()["reason"] == "Paint"
    here.send(7, 8)
    assert here.api.get(path).json()["active"] is True
    assert here.api.delete(path).status_code == 204
    here.send(9)
    found = here.wait()
    assert (found["value"], found["suppressed"]) == (9, 1)


def test_open_events_are_counted(room: Callable[..., Room], api: httpx.Client) -> None:
    def summary() -> dict[str, Any]:
        found: dict[str, Any] = api.get("/api/v2/alert-events/summary").json()
        return found

    before = summary()
    here = room(severity="critical")
    here.send(7)
    raised = here.wait(state="open")
    assert summary() == before | {
        "open": before["open"] + 1,
        "raised": before["raised"] + 1,
        "by_severity": before["by_severity"] | {"critical": before["by_severity"]["critical"] + 1},
    }
    api.post(f"/api/v2/alert-events/{raised['id']}/acknowledge", json={})
    assert summary()["acknowledged"] == before["acknowledged"] + 1
    assert (here.events(state="raised"), len(here.events(state="acknowledged"))) == ([], 1)
    api.post(f"/api/v2/alert-events/{raised['id']}/clear")
    assert summary() == before
