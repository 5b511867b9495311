"""Downlinks by ChirpStack's MQTT integration: its command topic, and the events by which it tells of them."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Any

import pytest
from chirpstack_api.integration import integration_pb2

from tests.ingress.mqtt.client.conftest import PATIENCE_S, Shown, Site
from tests.support.brokers import Broker, Nats
from tests.support.network_servers import ChirpStackAtBroker
from tests.support.waiting import eventually

pytestmark = pytest.mark.parametrize("broker", [Nats], indirect=True)
COMMANDS = "application/{{applicationId}}/device/{{deviceId}}/command/down"
RAW = [{"name": "f_port", "type": "integer", "required": True}, {"name": "payload_hex", "type": "string", "required": True}]


class Meter:
    """A device behind a ChirpStack. Its readings and events come by `events`: the broker, or ChirpStack's HTTP integration."""

    def __init__(self, site: Site, chirp: ChirpStackAtBroker, way: str) -> None:
        self.site, self.chirp, self.eui, self.application = site, chirp, secrets.token_hex(8), secrets.token_hex(8)
        self.id = site.device(self.eui, "eui")
        topic = f"application/{self.application}/device/+/event/+"
        events = {"topic": topic, "payload": "lorawan"}
        if way == "broker":
            self.route = self.told = site.connect(events, command_topic=COMMANDS, command_payload="chirpstack")
            return
        quiet = {"topic": f"{site.topic}/{{{{deviceId}}}}"}
        broker = site.connect(events if way == "events by the broker" else quiet)
        body = {"type": "chirpstack", "name": "LNS", "settings": {"downlink": {"by": "mqtt", "connection_id": broker.id}}}
        made = site.api.post("/api/v2/connections", json=body).raise_for_status().json()
        self.route, self.secret = Shown(site.api, made["connection"]["id"]), made["secret"]
        self.told = broker if way == "events by the broker" else self.route

    def post(self, event: str, **fields: Any) -> None:
        """What ChirpStack's HTTP integration tells."""
        about = {"deviceInfo": {"devEui": self.eui, "applicationId": self.application}}
        headers = {"X-Connection-Secret": self.secret}
        path = f"/api/v2/ingest/{self.route.id}"
        self.site.api.post(path, params={"event": event}, json=about | fields, headers=headers).raise_for_status()

    def tell(self, event: str, message: Any) -> None:
        self.chirp.tell(self.application, self.eui, event, message)

    def ask(self, **fields: Any) -> str:
        path = f"/api/v2/devices/{self.id}/commands"
        body = {"name": f"do {secrets.token_hex(3)}", "parameters": RAW} | fields
        definition = self.site.api.post(path, json=body).raise_for_status().json()["id"]
        asked = {"parameters": {"f_port": 10, "payload_hex": "0aff"}}
        return str(self.site.api.post(f"{path}/{definition}/execute", json=asked).raise_for_status().json()["id"])

    def comes_to(self, execution: str, state: str) -> dict[str, Any]:
        def look() -> dict[str, Any]:
            found: dict[str, Any] = self.site.api.get(f"/api/v2/command-executions/{execution}").raise_for_status().json()
            return found

        assert eventually(lambda: look()["state"] == state, PATIENCE_S), look()
        return look()

    def until_stored(self, messages: int) -> None:
        """Wait until all that the events changed about the device's connection is stored, as they are counted with it."""
        assert eventually(lambda: self.told.now()["messages"] >= messages, PATIENCE_S), self.told.now()

    def connection(self) -> str:
        """The connection that commands go by."""
        return str(self.site.api.get(f"/api/v2/devices/{self.id}/connection").raise_for_status().json()["connection_id"])

    def until_asked(self, count: int) -> list[Any]:
        assert eventually(lambda: len(self.chirp.commands) >= count, PATIENCE_S), self.chirp.refused
        assert not self.chirp.refused
        return self.chirp.commands


@pytest.fixture
def chirp(broker: Broker) -> Iterator[ChirpStackAtBroker]:
    found = ChirpStackAtBroker(broker)
    yield found
    found.close()


def uplink() -> Any:
    message = integration_pb2.UplinkEvent(deduplication_id=secrets.token_hex(8), f_cnt=7, f_port=2, data=b"\x01")
    message.object.update({"flow": 1})
    return message


@pytest.mark.parametrize("way", ["broker", "events by the broker", "events by the door"])
def test_chirpstack_is_asked_by_its_command_topic(site: Site, chirp: ChirpStackAtBroker, way: str) -> None:
    meter = Meter(site, chirp, way)
    if way == "broker":
        meter.tell("up", uplink())
    else:
        meter.post("up", deduplicationId=secrets.token_hex(8), object={"flow": 1})
    asked = meter.ask(verification="acknowledgement")
    sent = meter.comes_to(asked, "sent")
    (command,) = meter.until_asked(1)
    assert (command.dev_eui, command.f_port, command.data, command.confirmed) == (meter.eui, 10, b"\x0a\xff", True)
    assert command.expires_at.ToJsonString()[:19] == sent["expires_at"][:19]
    if way == "events by the door":
        meter.post("txack", downlinkId=1, queueItemId=command.id)
        meter.post("ack", deduplicationId="a", queueItemId=command.id, acknowledged=True)
    else:
        meter.tell("txack", integration_pb2.TxAckEvent(downlink_id=1, queue_item_id=command.id, f_cnt_down=4))
        acknowledged = integration_pb2.AckEvent(deduplication_id="a", queue_item_id=command.id, acknowledged=True)
        meter.tell("ack", acknowledged)
    done = meter.comes_to(asked, "done")
    assert done["reason"] == "the device acknowledged the downlink"
    assert [row["state"] for row in done["history"]] == ["queued", "sent", "received", "done"], "a gateway's word did not count"
    meter.until_stored(2 if way == "events by the broker" else 3)
    assert meter.connection() == meter.route.id, "the events that told of the command moved the device"
    unconfirmed, refused = meter.ask(verification="none"), meter.ask(verification="acknowledgement")
    _, second, third = meter.until_asked(3)
    if way == "events by the door":
        meter.post("txack", downlinkId=2, queueItemId=second.id)
        meter.post("ack", deduplicationId="b", queueItemId=third.id, acknowledged=False)
    else:
        meter.tell("txack", integration_pb2.TxAckEvent(downlink_id=2, queue_item_id=second.id))
        meter.tell("ack", integration_pb2.AckEvent(deduplication_id="b", queue_item_id=third.id, acknowledged=False))
    meter.comes_to(unconfirmed, "done")
    meter.comes_to(refused, "failed")


def test_chirpstack_3_tells_of_downlinks_by_their_counter(site: Site, chirp: ChirpStackAtBroker) -> None:
    """By its command topic it gives them no name: the first frame that it tells of is the oldest downlink."""
    meter = Meter(site, chirp, "broker")
    chirp.tell_v3(meter.application, meter.eui, "up", fCnt=7, fPort=2, data="AQ==", object={"flow": 1})
    first, second = meter.ask(verification="acknowledgement"), meter.ask(verification="acknowledgement")
    for asked in (first, second):
        meter.comes_to(asked, "sent")
    meter.until_asked(2)
    chirp.tell_v3(meter.application, meter.eui, "error", type="UPLINK_FCNT_RESET", error="reset", fCnt=11)
    chirp.tell_v3(meter.application, meter.eui, "txack", fCnt=12)
    chirp.tell_v3(meter.application, meter.eui, "ack", fCnt=12, acknowledged=True)
    assert meter.comes_to(first, "done")["reason"] == "the device acknowledged the downlink"
    chirp.tell_v3(meter.application, meter.eui, "ack", fCnt=12, acknowledged=True)
    chirp.tell_v3(meter.application, meter.eui, "ack", fCnt=13, acknowledged=False)
    meter.comes_to(second, "failed")
