"""What is deleted while something is open says so everywhere, and its history is kept."""

from __future__ import annotations

import time
from typing import Any

import httpx
import pytest

from tests.api.live.reader import SseReader
from tests.support.waiting import awaited

HOT = {"type": "threshold", "field": "t", "operator": ">", "value": 6}


class Boiler:
    """A device with an open alert event and a queued command, and a webhook, a stream and a rule that hear of it."""

    def __init__(self, api: httpx.Client) -> None:
        self.api = api
        self.device: str = api.post("/api/v2/devices", json={"name": "Boiler"}).json()["device"]["id"]
        mail = [{"type": "email", "to": ["ada@example.org"], "on_clear": True}]
        alert = {"name": "Hot", "target": {"devices": [self.device]}, "condition": HOT, "actions": mail}
        self.alert: str = api.post("/api/v2/alerts", json=alert).json()["id"]
        hook = {"url": "https://hooks.invalid/in", "topics": ["alert.*", "command.*"], "filters": {"device_ids": [self.device]}}
        self.hook: str = api.post("/api/v2/webhooks", json=hook).json()["webhook"]["id"]
        trigger = {"type": "event", "topics": ["alert.cleared"], "device_ids": [self.device]}
        self.rule = api.post(
            "/api/v2/rules", json={"name": f"over {time.monotonic_ns()}", "definition": {"trigger": trigger}}
        ).json()
        api.post(f"/api/v2/rules/{self.rule['id']}/versions/{self.rule['newest']['id']}/deploy").raise_for_status()
        self.stream = SseReader(api, f"?devices={self.device}&alerts=true")
        self.stream.next("ready")
        api.post(f"/api/v2/devices/{self.device}/telemetry", json={"data": {"t": 7}}).raise_for_status()
        assert self.stream.next("alert").data["event"] == "alert.raised"
        self.event: str = self.list("/api/v2/alert-events", device_id=self.device)[0]["id"]

    def list(self, path: str, **query: str) -> list[dict[str, Any]]:
        answer = self.api.get(path, params=query)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["data"]
        return found

    def command(self) -> str:
        """A command that waits for the device."""
        made = self.api.post(f"/api/v2/devices/{self.device}/commands", json={"name": "restart"}).json()["id"]
        answer = self.api.post(f"/api/v2/devices/{self.device}/commands/{made}/execute", json={})
        return str(answer.raise_for_status().json()["id"])

    def messages(self, topic: str) -> list[dict[str, Any]]:
        return awaited(lambda: self.list("/api/v2/webhook-messages", webhook_id=self.hook, topic=topic))


@pytest.fixture
def boiler(api: httpx.Client) -> Boiler:
    return Boiler(api)


def test_the_device(boiler: Boiler) -> None:
    execution = boiler.command()
    boiler.api.delete(f"/api/v2/devices/{boiler.device}").raise_for_status()
    told_of_the_end(boiler, "device_deleted")
    assert boiler.messages("command.cancelled")
    shown = boiler.api.get(f"/api/v2/command-executions/{execution}").json()
    assert (shown["state"], shown["reason"]) == ("cancelled", "the device was deleted")


def test_the_alert(boiler: Boiler) -> None:
    boiler.api.delete(f"/api/v2/alerts/{boiler.alert}").raise_for_status()
    told_of_the_end(boiler, "alert_deleted")
    assert boiler.list("/api/v2/alert-events", alert_id=boiler.alert)[0]["id"] == boiler.event


@pytest.mark.parametrize("change", [{"enabled": False}, {"condition": HOT | {"value": 9}}, {"target": {"labels": {"a": "b"}}}])
def test_what_the_alert_watches(boiler: Boiler, change: dict[str, Any]) -> None:
    boiler.api.patch(f"/api/v2/alerts/{boiler.alert}", json=change).raise_for_status()
    told_of_the_end(boiler, "changed")


def told_of_the_end(boiler: Boiler, reason: str) -> None:
    cleared = boiler.stream.next("alert").data
    assert (cleared["event"], cleared["id"], cleared["reason"]) == ("alert.cleared", boiler.event, reason)
    assert boiler.messages("alert.cleared")
    awaited(lambda: [run["outcome"] for run in boiler.list(f"/api/v2/rules/{boiler.rule['id']}/executions")] == ["done"])
    (shown,) = boiler.list("/api/v2/alert-events", device_id=boiler.device)
    assert boiler.api.get(f"/api/v2/alert-events/{boiler.event}").json() == shown
    assert (shown["state"], shown["clear_reason"]) == ("cleared", reason)
    assert (shown["name"], shown["device_name"]) == ("Hot", "Boiler")


def test_a_webhook(boiler: Boiler) -> None:
    boiler.messages("alert.raised")
    boiler.api.delete(f"/api/v2/webhooks/{boiler.hook}").raise_for_status()
    (kept,) = boiler.messages("alert.raised")
    assert kept["status"] in ("expired", "failed")
    assert boiler.api.post(f"/api/v2/webhook-messages/{kept['id']}/replay").status_code == 404


def test_histories_of_others_stay_unknown(boiler: Boiler, other_api: httpx.Client) -> None:
    boiler.api.delete(f"/api/v2/alerts/{boiler.alert}").raise_for_status()
    boiler.api.delete(f"/api/v2/devices/{boiler.device}").raise_for_status()
    boiler.api.delete(f"/api/v2/webhooks/{boiler.hook}").raise_for_status()
    assert other_api.get(f"/api/v2/alert-events/{boiler.event}").status_code == 404
    for path, filters in (
        ("alert-events", {"alert_id": boiler.alert}),
        ("alert-events", {"device_id": boiler.device}),
        ("webhook-messages", {"webhook_id": boiler.hook}),
    ):
        assert other_api.get(f"/api/v2/{path}", params=filters).json()["data"] == []


def test_both_clocks_of_an_alert_event_that_one_batch_raises_and_clears(api: httpx.Client) -> None:
    device = api.post("/api/v2/devices", json={"name": "Buffer"}).json()["device"]["id"]
    alert = {"name": "Hot", "target": {"devices": [device]}, "condition": HOT, "backfill": True}
    api.post("/api/v2/alerts", json=alert).raise_for_status()
    now = time.time()
    rows = [{"data": {"t": value}, "time": now - 60 + at} for at, value in enumerate((7, 8, 5))]
    api.post(f"/api/v2/devices/{device}/telemetry", json=rows).raise_for_status()
    query = {"device_id": device, "state": "cleared"}
    (shown,) = awaited(lambda: api.get("/api/v2/alert-events", params=query).json()["data"])
    assert shown["raised_at"] < shown["cleared_at"] < shown["raised_received_at"] == shown["cleared_received_at"]


def test_an_alert_whose_device_is_gone_can_still_be_changed(boiler: Boiler) -> None:
    boiler.api.delete(f"/api/v2/devices/{boiler.device}").raise_for_status()
    path = f"/api/v2/alerts/{boiler.alert}"
    assert boiler.api.patch(path, json={"name": "Was hot", "enabled": False}).raise_for_status().json()["enabled"] is False
    assert boiler.api.patch(path, json={"actions": []}).status_code == 200
    assert boiler.api.patch(path, json={"target": {"devices": [boiler.device]}}).status_code == 404
