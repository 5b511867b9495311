"""Commands over MQTT with a client library of others: down, received, answered; and what is not repeated."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from paho.mqtt.client import MQTTMessage
from paho.mqtt.enums import MQTTProtocolVersion

from tests.ingress.mqtt.server.test_paho import VERSIONS, PahoDevice

from .conftest import PATIENCE_S, Device, until

Connect = Callable[..., PahoDevice]


class Commanded:
    """A device of the API with one command, and its executions."""

    def __init__(self, device: Device, **about: Any) -> None:
        self.device = device
        body = {"name": "set_interval", "parameters": [{"name": "seconds", "type": "integer"}]} | about
        self.definition = device.api.post(f"{device.path}/commands", json=body).raise_for_status().json()["id"]

    def execute(self, **parameters: Any) -> str:
        path = f"{self.device.path}/commands/{self.definition}/execute"
        return str(self.device.api.post(path, json={"parameters": parameters}).raise_for_status().json()["id"])

    def look(self, execution_id: str) -> dict[str, Any]:
        return self.device.api.get(f"/api/v2/command-executions/{execution_id}").raise_for_status().json()

    def states(self, execution_id: str) -> list[str]:
        return [row["state"] for row in self.look(execution_id)["history"]]

    def wait_for(self, execution_id: str, state: str) -> dict[str, Any]:
        until(lambda: self.look(execution_id)["state"] == state, state)
        return self.look(execution_id)


@pytest.fixture(params=VERSIONS, ids=["3.1.1", "5"])
def connect(request: pytest.FixtureRequest) -> Iterator[Connect]:
    """Connect devices that wait for commands, with one version of the protocol."""
    opened: list[PahoDevice] = []

    def open_one(device: Device, topic: str = "d/{}/c", qos: int = 1) -> PahoDevice:
        client = PahoDevice(device, request.param)
        opened.append(client)
        client.start()
        client.client.subscribe(topic.format(device.id), qos)
        client.next("subscribe")
        return client

    yield open_one
    for one in opened:
        one.stop()


def next_command(client: PahoDevice) -> dict[str, Any]:
    message: MQTTMessage = client.next("message")
    return dict(json.loads(message.payload))


def nothing_comes(client: PahoDevice, for_s: float = 0.3) -> bool:
    time.sleep(for_s)
    found = []
    while not client.told.empty():
        found.append(client.told.get()[0])
    return "message" not in found


@pytest.mark.parametrize("topic", ["d/{}/c", "devices/{}/commands", "d/{}/#"])
def test_a_command_goes_down_is_received_and_answered(device: Device, connect: Connect, topic: str) -> None:
    commanded = Commanded(device)
    client = connect(device, topic)
    asked = commanded.execute(seconds=30)
    message: MQTTMessage = client.next("message")
    root = "devices/{}/commands" if topic.startswith("devices") else "d/{}/c"
    assert message.topic == root.format(device.id)
    assert json.loads(message.payload) == {"command": "set_interval", "params": {"seconds": 30}, "id": asked}
    commanded.wait_for(asked, "received")
    client.publish({"id": asked, "progress": 50}, 1, "c/ack")
    assert (commanded.look(asked)["state"], commanded.look(asked)["progress"]) == ("received", 50)
    client.publish({"id": asked, "ok": True, "result": {"seconds": 30}}, 1, "c/ack")
    found = commanded.look(asked)
    assert (found["state"], found["result"]) == ("done", {"seconds": 30})
    assert commanded.states(asked) == ["queued", "sent", "received", "done"]
    assert device.readings() == [], "an answer is no reading"


def test_without_parameters_there_are_no_params(device: Device, connect: Connect) -> None:
    commanded = Commanded(device, name="restart", parameters=[])
    client = connect(device)
    asked = commanded.execute()
    assert next_command(client) == {"command": "restart", "id": asked}


def test_what_waited_goes_in_order_when_the_device_comes(device: Device, connect: Connect) -> None:
    commanded = Commanded(device)
    asked = [commanded.execute(seconds=number) for number in range(5)]
    assert {commanded.look(one)["state"] for one in asked} == {"queued"}
    client = connect(device)
    assert [next_command(client)["id"] for _ in asked] == asked


def test_a_failure_says_why(device: Device, connect: Connect) -> None:
    commanded = Commanded(device)
    client = connect(device)
    asked = commanded.execute()
    client.next("message")
    client.publish({"id": asked, "ok": False, "error": "the valve is stuck"}, 1, "c/ack")
    found = commanded.look(asked)
    assert (found["state"], found["error"]) == ("failed", "the valve is stuck")


def test_a_status_can_be_the_answer_and_stays_a_status(device: Device, connect: Connect) -> None:
    commanded = Commanded(device, name="get_status", parameters=[])
    client = connect(device)
    asked = commanded.execute()
    client.next("message")
    said = {"id": asked, "ok": True, "uptime": 12}
    client.publish(said, 1, "s")
    assert commanded.look(asked)["state"] == "done"
    assert [(row["kind"], row["data"]) for row in device.readings()] == [("status", said)]
    client.publish({"id": "cmd_of_mine", "uptime": 13}, 1, "s")
    assert len(device.readings()) == 2


def test_at_qos_0_only_the_answer_tells_of_the_receipt(device: Device, connect: Connect) -> None:
    commanded = Commanded(device)
    client = connect(device, qos=0)
    asked = commanded.execute()
    client.next("message")
    assert commanded.wait_for(asked, "sent")["received_at"] is None
    client.publish({"id": asked, "ok": True}, 0, "c/ack")
    commanded.wait_for(asked, "done")


def test_without_verification_its_receipt_is_enough(device: Device, connect: Connect) -> None:
    commanded = Commanded(device, verification="none")
    connect(device)
    asked = commanded.execute()
    commanded.wait_for(asked, "done")


def test_an_answer_that_fits_nothing_is_kept_in_quarantine(device: Device, connect: Connect, sibling: Device) -> None:
    commanded, other = Commanded(device), Commanded(sibling)
    client = connect(device)
    foreign, ended = other.execute(), commanded.execute()
    client.next("message")
    client.publish({"id": ended, "ok": True}, 1, "c/ack")
    for body in ({"ok": True}, {"id": "nonsense"}, {"id": foreign, "ok": True}, {"id": ended, "ok": False}, b"{"):
        client.publish(body, 1, "c/ack")
    reasons = [row["data"]["reason"] for row in device.quarantined()]
    assert len(reasons) == 5
    assert any("not found" in reason for reason in reasons)
    assert any("is done" in reason for reason in reasons)
    assert until(lambda: device.shown()["malformed"])["messages"] >= 1
    assert other.look(foreign)["state"] == "queued"
    assert commanded.look(ended)["state"] == "done"
    client.publish({"id": ended, "ok": True}, 1, "c/ack")
    assert len(device.quarantined()) == 5, "the same end may be said again"


@pytest.mark.parametrize("repeatable", [False, True])
def test_what_was_never_acknowledged_comes_again_only_if_it_is_repeatable(
    device: Device, connect: Connect, repeatable: bool
) -> None:
    commanded = Commanded(device, repeatable=repeatable)
    client = connect(device, qos=0)
    asked = commanded.execute()
    assert next_command(client)["id"] == asked
    client.client._sock_close()  # no DISCONNECT, and never an answer
    again = connect(device, qos=1)
    if repeatable:
        assert next_command(again)["id"] == asked
        commanded.wait_for(asked, "received")
        assert commanded.states(asked) == ["queued", "sent", "queued", "sent", "received"]
    else:
        assert nothing_comes(again)
        assert commanded.states(asked) == ["queued", "sent"]
        again.publish({"id": asked, "ok": True}, 1, "c/ack")
        assert commanded.look(asked)["state"] == "done", "a late answer is taken"


def test_another_subscription_on_the_same_connection_brings_nothing_again(device: Device, connect: Connect) -> None:
    commanded = Commanded(device, repeatable=True)
    client = connect(device, qos=0)
    commanded.execute()
    client.next("message")
    client.client.subscribe([(f"d/{device.id}/other", 1), (f"d/{device.id}/c", 0)])
    client.next("subscribe")
    assert nothing_comes(client)


def test_a_command_for_another_way_does_not_come_by_mqtt(device: Device, connect: Connect) -> None:
    commanded = Commanded(device, transport="http")
    client = connect(device)
    asked = commanded.execute()
    assert nothing_comes(client)
    assert commanded.look(asked)["state"] == "queued"


def test_a_hundred_commands_one_at_a_time_keep_their_order(device: Device) -> None:
    device.api.patch(f"{device.path}/command-queue", json={"one_at_a_time": True}).raise_for_status()
    commanded = Commanded(device)
    asked = [commanded.execute(seconds=number) for number in range(100)]
    client = PahoDevice(device, MQTTProtocolVersion.MQTTv5)
    seen: list[str] = []
    finished = threading.Event()

    def answer(_client: Any, _data: Any, message: MQTTMessage) -> None:
        seen.append(json.loads(message.payload)["id"])
        client.client.publish(f"d/{device.id}/c/ack", json.dumps({"id": seen[-1], "ok": True}), 1)
        if len(seen) == len(asked):
            finished.set()

    client.client.on_message = answer
    client.start()
    client.client.subscribe(f"d/{device.id}/c", 1)
    assert finished.wait(3 * PATIENCE_S), len(seen)
    assert seen == asked
    for one in asked:
        commanded.wait_for(one, "done")
    client.stop()
