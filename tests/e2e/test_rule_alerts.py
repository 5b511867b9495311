"""Alerts that rules raise and clear, over sockets: one at a time for a device, with a history like every alert's."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.support.server import RunningServer
from tests.support.waiting import awaited

RAISE = {"type": "raise_alert", "name": "warm", "severity": "high", "text": "{{ device.name }} is {{ reading.values.t }} warm"}


class Cellar:
    """A device, and a rule that raises an alert above 30 and clears it below 20."""

    def __init__(self, api: httpx.Client, action: dict[str, Any]) -> None:
        self.api = api
        self.device_id: str = api.post("/api/v2/devices", json={"name": "Cellar"}).json()["device"]["id"]
        self.rule = self.deploy("reading.values.t > 30.0", action)

    def deploy(self, condition: str, action: dict[str, Any]) -> dict[str, Any]:
        trigger = {"type": "reading", "sensors": ["t"], "device_ids": [self.device_id]}
        definition = {"trigger": trigger, "condition": condition, "actions": [action]}
        made = self.api.post("/api/v2/rules", json={"name": f"alerting {time.monotonic_ns()}", "definition": definition})
        assert made.status_code == 201, made.text
        rule: dict[str, Any] = made.json()
        self.api.post(f"/api/v2/rules/{rule['id']}/versions/{rule['newest']['id']}/deploy").raise_for_status()
        return rule

    def say(self, *values: float) -> None:
        for value in values:
            self.api.post(f"/api/v2/devices/{self.device_id}/telemetry", json={"data": {"t": value}}).raise_for_status()

    def events(self, **query: str) -> list[dict[str, Any]]:
        found = self.api.get("/api/v2/alert-events", params={"device_id": self.device_id} | query).json()["data"]
        return list(found)

    def runs(self, count: int) -> list[dict[str, Any]]:
        def ended() -> list[dict[str, Any]]:
            found = self.api.get(f"/api/v2/rules/{self.rule['id']}/executions").json()["data"]
            done = [one for one in found if one["outcome"] != "pending"]
            return done if len(done) >= count else []

        return list(awaited(ended))


@pytest.fixture
def cellar(api: httpx.Client) -> Callable[..., Cellar]:
    return lambda **more: Cellar(api, RAISE | more)


def test_raised_with_its_reading_and_seen_everywhere(cellar: Callable[..., Cellar], server: RunningServer) -> None:
    here = cellar()
    here.say(35)
    (found,) = awaited(here.events)
    assert (found["severity"], found["message"], found["value"], found["state"]) == (
        "critical",
        "Cellar is 35 warm",
        35,
        "raised",
    )
    assert (found["rule_id"], found["name"]) == (here.rule["id"], "warm")
    (run,) = here.runs(1)
    assert (found["run_id"], run["results"][0]["detail"]) == (run["id"], found["id"])
    reading = here.api.get(f"/api/v2/devices/{here.device_id}/telemetry/latest").json()
    assert found["reading_id"] in str(reading)
    alert = here.api.get(f"/api/v2/alerts/{found['alert_id']}").json()
    assert alert["condition"] == {"type": "rule", "rule_id": here.rule["id"], "name": "warm"}
    assert here.api.get(f"/api/v2/alerts/{found['alert_id']}/history").json()["data"] == [found]


def test_one_open_for_a_device_and_the_rest_is_suppressed(cellar: Callable[..., Cellar]) -> None:
    here = cellar()
    here.say(35, 36, 37)
    here.runs(3)
    (found,) = here.events()
    assert (found["suppressed"], found["value"]) == (2, 35)
    known = here.api.post(f"/api/v2/alert-events/{found['id']}/acknowledge", json={"note": "Seen"}).json()
    assert (known["state"], known["note"]) == ("acknowledged", "Seen")
    here.say(38)
    details = [run["results"][0]["detail"] for run in here.runs(4)]
    assert details.count(found["id"]) == 1
    assert details.count(f"{found['id']}: already raised") == 3
    assert [one["state"] for one in here.events()] == ["acknowledged"]


def test_cleared_by_an_action_and_raised_anew(cellar: Callable[..., Cellar]) -> None:
    here = cellar()
    both = {
        "trigger": {"type": "reading", "sensors": ["t"], "device_ids": [here.device_id]},
        "condition": "reading.values.t < 20.0",
        "actions": [{"type": "clear_alert", "name": "warm"}],
    }
    stranger = here.deploy("reading.values.t < 10.0", {"type": "clear_alert", "name": "warm"})
    here.say(35)
    awaited(here.events)
    here.say(5)  # another rule's name is another name
    awaited(lambda: here.api.get(f"/api/v2/rules/{stranger['id']}/executions").json()["data"])
    assert [one["state"] for one in here.events()] == ["raised"]
    version = here.api.patch(f"/api/v2/rules/{here.rule['id']}", json={"definition": both}).json()["newest"]["id"]
    here.api.post(f"/api/v2/rules/{here.rule['id']}/versions/{version}/deploy").raise_for_status()
    here.say(15)
    (over,) = awaited(lambda: here.events(state="cleared"))
    assert (over["clear_reason"], over["value"]) == ("condition", 35)
    here.say(14)
    assert here.runs(3)[0]["results"][0]["detail"] == "no open alert event"


def test_the_alert_has_actions_and_can_be_disabled_but_is_not_defined_anew(cellar: Callable[..., Cellar]) -> None:
    here = cellar()
    here.say(35)
    (found,) = awaited(here.events)
    path = f"/api/v2/alerts/{found['alert_id']}"
    for field, value in (("severity", "info"), ("for_s", 5), ("condition", {"type": "no_data", "after_s": 60})):
        refused = here.api.patch(path, json={field: value})
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, field), refused.text
    wanted = {"name": "Cellar too warm", "actions": [{"type": "webhook", "on_clear": True}], "enabled": False}
    assert here.api.patch(path, json=wanted).json()["name"] == "Cellar too warm"
    assert [one["clear_reason"] for one in here.events()] == ["changed"]
    here.say(36)
    assert here.runs(2)[0]["results"][0]["detail"].startswith("not raised")
    here.api.patch(path, json={"enabled": True})
    here.api.put(f"/api/v2/devices/{here.device_id}/maintenance", json={})
    here.say(37)
    assert here.runs(3)[0]["results"][0]["detail"].startswith("not raised")
    here.api.delete(f"/api/v2/devices/{here.device_id}/maintenance")
    here.say(38)
    assert awaited(lambda: here.events(state="open"))[0]["name"] == "Cellar too warm"
    here.api.post(f"{path}/test", json={}).raise_for_status()


def test_a_rule_in_the_trash_leaves_nothing_open_and_its_history(cellar: Callable[..., Cellar]) -> None:
    here = cellar(severity="low", value="reading.values.t * 2.0")
    here.say(35)
    (found,) = awaited(here.events)
    assert (found["severity"], found["value"]) == ("warning", 70)
    here.api.delete(f"/api/v2/rules/{here.rule['id']}").raise_for_status()
    (over,) = here.events()
    assert (over["state"], over["clear_reason"]) == ("cleared", "changed")
    assert here.api.delete(f"/api/v2/alerts/{found['alert_id']}").status_code == 204
    assert here.events() == [over], "the history is kept"


def test_told_to_webhooks_with_ids(cellar: Callable[..., Cellar]) -> None:
    here = cellar()
    wanted = {"url": "https://hooks.invalid/in", "topics": ["alert.*"], "filters": {"device_ids": [here.device_id]}}
    hook = here.api.post("/api/v2/webhooks", json=wanted).json()["webhook"]["id"]
    here.say(35)
    (found,) = awaited(here.events)
    messages = awaited(lambda: here.api.get("/api/v2/webhook-messages", params={"webhook_id": hook}).json().get("data"))
    body = here.api.get(f"/api/v2/webhook-messages/{messages[0]['id']}").json()
    assert "alert.raised" in str(body)
    for part in (found["id"], found["alert_id"], found["rule_id"], found["run_id"], found["reading_id"], "Cellar is 35 warm"):
        assert part in str(body), (part, body)


def test_no_device_no_alert(api: httpx.Client) -> None:
    definition = {"trigger": {"type": "hook"}, "actions": [RAISE | {"text": "x"}]}
    answer = api.post("/api/v2/rules", json={"name": f"hooked {time.monotonic_ns()}", "definition": definition})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "definition.actions[0].device_id")


def test_a_rule_that_follows_alerts_is_not_run_by_its_own(cellar: Callable[..., Cellar]) -> None:
    here = cellar()
    definition = {
        "trigger": {"type": "event", "topics": ["alert.raised"], "device_ids": [here.device_id]},
        "actions": [{"type": "raise_alert", "name": "echo", "text": "again"}, {"type": "clear_alert", "name": "echo"}],
    }
    rule = here.api.post("/api/v2/rules", json={"name": f"echo {time.monotonic_ns()}", "definition": definition}).json()
    here.api.post(f"/api/v2/rules/{rule['id']}/versions/{rule['newest']['id']}/deploy").raise_for_status()
    here.say(35)
    runs = f"/api/v2/rules/{rule['id']}/executions"
    # The skipped run is recorded while the one that causes it is still pending.
    awaited(lambda: [one["outcome"] for one in here.api.get(runs).json()["data"]] == ["skipped", "done"])
    (skipped,) = here.api.get(runs, params={"outcome": "skipped"}).json()["data"]
    assert skipped["reason"] == f"it triggers itself: {here.rule['id']} → {rule['id']} → {rule['id']}"
    assert here.api.get(f"/api/v2/rules/{rule['id']}").json()["state"] == "running"
    assert [one["name"] for one in here.events()] == ["echo", "warm"], "once, and not again and again"
