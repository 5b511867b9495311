"""One name and one value for one thing: REST, webhooks and streams of one journey, and every field of every event."""

from __future__ import annotations

from typing import Any

import httpx
import msgspec
import pytest

from penstock.api.live.hub import _ReadingBody as StreamedReading
from penstock.api.v2.alerts.event_wire import AlertEvent
from penstock.api.v2.commands.wire import Execution
from penstock.api.v2.devices.wire import ConnectivityChange, DeviceEventShown
from penstock.api.v2.telemetry.wire import Reading
from penstock.core.event_data import event_data
from penstock.core.webhooks.events import _ReadingData as WebhookReading
from tests.api.live.reader import SseReader
from tests.core.test_event_data import body_of
from tests.support.waiting import awaited

OF_THE_EVENT = {"event", "at", "by", "note", "reason", "step", "test", "chain", "project_id", "snoozed"}
"""What an event says about itself: who or what caused it, and when."""
OF_THE_DEFINITION = {"condition", "kind", "threshold"}
"""What an alert's event repeats of the alert."""
NOUNS: dict[str, tuple[type[msgspec.Struct], set[str]]] = {
    "command.done": (Execution, {"execution_id"}),
    "alert.raised": (AlertEvent, {"event_id"} | OF_THE_DEFINITION),
    "device.event": (DeviceEventShown, {"event_id", "device_id"}),
    "device.online": (ConnectivityChange, {"id", "device_id", "state", "maintenance"}),
}
"""The object of the REST API for an event, and the further names of its ids: a path states them there."""


def fields(kind: type[msgspec.Struct]) -> set[str]:
    return {field.encode_name for field in msgspec.structs.fields(kind)}


@pytest.mark.parametrize("topic", NOUNS)
def test_an_event_has_the_names_of_the_api(topic: str) -> None:
    shown, also = NOUNS[topic]
    body = {
        field.name: 1 if field.name.endswith(("_id", "_us", "seq")) else "" for field in msgspec.structs.fields(body_of(topic))
    }
    assert event_data(topic, body).keys() - fields(shown) - OF_THE_EVENT - also == set()


def test_a_reading_has_the_same_names_everywhere() -> None:
    assert fields(WebhookReading) == fields(Reading)
    assert fields(StreamedReading) == fields(Reading) | {"project_id"}


class Journey:
    """A device that reports, raises an alert and gets a command, and all that is told of it."""

    def __init__(self, api: httpx.Client) -> None:
        self.api = api
        self.device = api.post("/api/v2/devices", json={"name": "Room"}).json()["device"]["id"]
        of_device = {"devices": [self.device]}
        condition = {"type": "threshold", "field": "t", "operator": ">", "value": 6}
        alert = {"name": "Warm", "target": of_device, "condition": condition}
        self.alert = api.post("/api/v2/alerts", json=alert).json()["id"]
        hook = {"url": "https://hooks.invalid/in", "topics": ["*"], "filters": {"device_ids": [self.device]}}
        self.hook = api.post("/api/v2/webhooks", json=hook).json()["webhook"]["id"]
        more = "commands=true&connectivity=true&alerts=true"
        self.stream = SseReader(api, f"?devices={self.device}&{more}")
        self.stream.next("ready")
        self.command = api.post(f"/api/v2/devices/{self.device}/commands", json={"name": "restart"}).json()["id"]

    def get(self, path: str, **query: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.api.get(path, params=query).json()["data"]
        return found

    def webhook(self, topic: str) -> dict[str, Any]:
        """The data of a message with this topic."""
        found = awaited(lambda: self.get("/api/v2/webhook-messages", webhook_id=self.hook, topic=topic))
        payload = self.api.get(f"/api/v2/webhook-messages/{found[0]['id']}").json()["payload"]
        data: dict[str, Any] = msgspec.json.decode(payload)["data"]
        return data


def agree(*told: dict[str, Any]) -> list[str]:
    """The names that two of these have, with different values."""
    return [name for one in told for other in told for name in one.keys() & other.keys() if one[name] != other[name]]


def test_one_journey_is_told_alike(api: httpx.Client) -> None:
    here = Journey(api)
    api.post(f"/api/v2/devices/{here.device}/telemetry", json={"data": {"t": 7}, "channel": "a"}).raise_for_status()
    reading = here.stream.next("reading").data
    assert agree(reading, here.webhook("reading.telemetry"), here.get(f"/api/v2/devices/{here.device}/telemetry")[0]) == []

    online = here.stream.next("connectivity").data
    (shown,) = awaited(lambda: here.get(f"/api/v2/devices/{here.device}/connectivity"))
    assert agree(online, here.webhook("device.online"), shown) == []


def test_an_alert_and_a_command_are_told_alike(api: httpx.Client) -> None:
    here = Journey(api)
    api.post(f"/api/v2/devices/{here.device}/telemetry", json={"data": {"t": 7}}).raise_for_status()
    raised = here.stream.next("alert").data
    (shown,) = here.get("/api/v2/alert-events", device_id=here.device)
    assert agree(raised, here.webhook("alert.raised"), shown) == []

    api.post(f"/api/v2/devices/{here.device}/commands/{here.command}/execute", json={}).raise_for_status()
    queued = here.stream.next("command").data
    (execution,) = here.get("/api/v2/command-executions", device_id=here.device)
    assert agree(queued, here.webhook("command.queued"), execution) == []
