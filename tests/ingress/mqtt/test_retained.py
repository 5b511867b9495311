"""Retained messages, with a client library of others: last values, the last command, and what clients may ask of them."""

from __future__ import annotations

import functools
import json
import queue
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import MQTTProtocolVersion
from paho.mqtt.subscribeoptions import SubscribeOptions

from penstock.core.actor import Actor
from penstock.core.telemetry.models import Reading
from penstock.ingress.mqtt.config import MqttConfig
from penstock.ingress.mqtt.live import LiveFeed
from penstock.ingress.mqtt.protocol import packets as m
from penstock.ingress.mqtt.protocol.handshake import Limits
from penstock.ingress.mqtt.protocol.server_side import ServerProtocol
from penstock.ingress.mqtt.retained import Retained
from penstock.kit.ids import Seq
from tests.ingress.mqtt.server.test_paho import VERSIONS, PahoDevice
from tests.support.server import Org, RunningServer, running_server

from .conftest import PATIENCE_S, Device, make_device, until
from .inside import Client, inside
from .test_commands import Commanded
from .test_live import Program, report

V5 = MQTTProtocolVersion.MQTTv5
Listen = Callable[..., Program]


@pytest.fixture
def opened() -> Iterator[list[Any]]:
    """Clients to stop at the end."""
    clients: list[Any] = []
    yield clients
    for one in clients:
        one.stop()


@pytest.fixture(params=VERSIONS, ids=["3.1.1", "5"])
def listen(request: pytest.FixtureRequest, server: RunningServer, acme: Org, opened: list[Any]) -> Listen:
    """Connect programs with one version of the protocol."""

    def open_one(version: MQTTProtocolVersion = request.param) -> Program:
        program = Program(server.mqtt_port, acme.api_key, version)
        opened.append(program)
        assert program.start() == "Success"
        return program

    return open_one


def kept(program: Program) -> tuple[str, Any]:
    """The next retained message: topic and payload."""
    message = program.retained.get(timeout=PATIENCE_S)
    return message.topic, json.loads(message.payload)


def fence(program: Program, device: Device) -> None:
    """Wait until everything that the server had for a program is there."""
    report(device, -1, channel="fence")
    while program.hear()[1] != {"v": -1}:
        pass


def test_a_new_subscription_is_told_the_last_value_of_each_topic(device: Device, sibling: Device, listen: Listen) -> None:
    for value in (1, 2):
        report(device, value)
    report(device, 3, channel="roof")
    report(device, 4, kind="status")
    report(sibling, 5)
    program = listen()
    assert program.subscribe(f"live/{device.id}/#") == [True]
    told = dict(kept(program) for _ in range(3))
    at = f"live/{device.id}"
    assert told == {f"{at}/t": {"v": 2}, f"{at}/t/roof": {"v": 3}, f"{at}/s": {"v": 4}}
    fence(program, device)
    assert program.retained.empty()


def test_wildcards_reach_every_device_of_the_organisation_and_no_other(
    device: Device, sibling: Device, stranger: Device, listen: Listen
) -> None:
    for number, one in enumerate((device, sibling, stranger)):
        report(one, number)
    program = listen()
    program.subscribe("live/+/t")
    until(lambda: program.retained.qsize() >= 2)
    fence_topic = f"live/{device.id}/t/fence"
    program.subscribe(fence_topic)
    fence(program, device)
    told = dict(kept(program) for _ in range(program.retained.qsize()))
    assert told[f"live/{device.id}/t"] == {"v": 0}
    assert told[f"live/{sibling.id}/t"] == {"v": 1}
    assert f"live/{stranger.id}/t" not in told


@pytest.mark.parametrize("topic", ["live/{}/t", "live/dev_nobody/t", "live//t"])
def test_a_device_of_somebody_else_has_no_last_value(stranger: Device, device: Device, listen: Listen, topic: str) -> None:
    report(stranger, 1)
    program = listen()
    assert program.subscribe(topic.format(stranger.id)) == [True]
    program.subscribe(f"live/{device.id}/#")
    fence(program, device)
    told = {kept(program)[0] for _ in range(program.retained.qsize())}
    # The server may look for the last values of this device only when the fence is one already.
    assert told <= {f"live/{device.id}/t/fence"}


def test_what_is_told_later_is_not_retained(device: Device, listen: Listen) -> None:
    report(device, 1)
    program = listen()
    program.subscribe(f"live/{device.id}/t")
    assert kept(program)[1] == {"v": 1}
    report(device, 2)
    assert program.hear() == (f"live/{device.id}/t", {"v": 2})
    assert program.retained.empty()


@pytest.mark.parametrize(("handling", "first", "again"), [(0, 1, 1), (1, 1, 0), (2, 0, 0)])
def test_retain_handling_says_when(device: Device, listen: Listen, handling: int, first: int, again: int) -> None:
    report(device, 1)
    program = listen(V5)
    for wanted in (first, again):
        program.client.subscribe(f"live/{device.id}/#", options=SubscribeOptions(qos=0, retainHandling=handling))
        program.next("subscribe")
        fence(program, device)
        told = [kept(program)[0] for _ in range(max(program.retained.qsize(), wanted))]
        assert told.count(f"live/{device.id}/t") == wanted


def test_retain_as_published_shows_that_the_server_retains(device: Device, listen: Listen) -> None:
    program = listen(V5)
    program.client.subscribe(f"live/{device.id}/t", options=SubscribeOptions(qos=0, retainAsPublished=True))
    program.next("subscribe")
    report(device, 1)
    assert kept(program)[1] == {"v": 1}
    assert program.messages.empty()


@pytest.mark.parametrize("version", VERSIONS, ids=["3.1.1", "5"])
def test_what_a_device_publishes_as_retained_is_its_last_value(
    device: Device, listen: Listen, opened: list[Any], version: MQTTProtocolVersion
) -> None:
    sender = PahoDevice(device, version)
    sender.client.will_set(f"d/{device.id}/s", b'{"status":"offline"}', 1, retain=True)
    opened.append(sender)
    assert sender.start() == "Success"
    sender.client.publish(f"d/{device.id}/t", b'{"v":7}', 1, retain=True).wait_for_publish(PATIENCE_S)
    program = listen()
    program.subscribe(f"live/{device.id}/t")
    assert kept(program)[1] == {"v": 7}


def test_many_subscriptions_at_once_are_each_told(device: Device, listen: Listen) -> None:
    for number in range(20):
        report(device, number, channel=f"c{number}")
    program = listen()
    program.subscribe(*[f"live/{device.id}/t/c{number}" for number in range(20)])
    assert sorted(kept(program)[1]["v"] for _ in range(20)) == list(range(20))


class Hearing(LiveFeed):
    """A feed, and a listener too, that notes the values it is given."""

    client_id = address = ""
    feed = ended = None
    waiting_bytes = 0

    def __init__(self, actor: Actor) -> None:
        limits = Limits(max_packet_bytes=1_024, max_inflight=1, keep_alive_max_s=1, session_expiry_max_s=1)
        super().__init__(ServerProtocol(limits), actor, b"")
        self.heard: list[bytes] = []

    def retain(self, _filter: str, _topic: str, reading: Reading) -> None:
        self.heard.append(reading.payload)

    def send(self) -> None: ...

    def cut(self, *_: object) -> None: ...


async def test_a_reading_that_is_still_to_be_announced_is_left_to_come_live(tmp_path: Path) -> None:
    """It is on disk before listeners are told of it: whoever subscribes in between must not hear it twice."""
    async with inside(tmp_path) as running:
        server = running.server
        made = await running.new_device()
        device = Client(running, made)
        await device.connect()
        for number, body in enumerate((b'{"v":1}', b'{"v":2}'), start=1):
            device.send(m.Publish(f"d/{device.id}/t", body, 1, number))
            assert await device.receive() == m.Ack(m.Kind.PUBACK, number)
        newest, queue = server.log.last_seq, server.parts.commands.queue
        for announced, value in ((newest - 1, b'{"v":1}'), (newest, b'{"v":2}')):
            found = Retained(MqttConfig(), server.telemetry, server.devices, queue, functools.partial(Seq, announced))
            hearing = Hearing(running.actor)
            await found.send_last_values(hearing, hearing, [f"live/{device.id}/t"])
            assert hearing.heard == [value]


# Servers with other settings.


@pytest.fixture(scope="module")
def commanding(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with running_server(tmp_path_factory.mktemp("commanding"), environment={"PENSTOCK_MQTT_RETAINED": "last_command"}) as one:
        yield one


@pytest.fixture
def commanded_api(commanding: RunningServer) -> Iterator[httpx.Client]:
    with commanding.client(commanding.orgs["Acme"]) as api:
        yield api


class Commandable:
    """A device that waits for commands, with what it was told and whether as retained."""

    def __init__(self, device: Device, version: MQTTProtocolVersion, **options: Any) -> None:
        self.device = device
        self.told: queue.SimpleQueue[tuple[dict[str, Any], bool]] = queue.SimpleQueue()
        self.paho = PahoDevice(device, version)
        self.paho.client.on_message = self._hear
        assert self.paho.start() == "Success"
        self.subscribe(**options)

    def _hear(self, _client: paho.Client, _data: object, message: paho.MQTTMessage) -> None:
        self.told.put((json.loads(message.payload), message.retain))

    def subscribe(self, handling: int | None = None) -> None:
        options = {"qos": 1} if handling is None else {"options": SubscribeOptions(qos=1, retainHandling=handling)}
        self.paho.client.subscribe(f"d/{self.device.id}/c", **options)  # type: ignore[arg-type]
        self.paho.next("subscribe")

    def next(self) -> tuple[dict[str, Any], bool]:
        return self.told.get(timeout=PATIENCE_S)

    def stop(self) -> None:
        self.paho.stop()


@pytest.mark.parametrize("version", VERSIONS, ids=["3.1.1", "5"])
def test_a_device_is_told_its_last_command_when_it_subscribes(
    commanding: RunningServer, commanded_api: httpx.Client, version: MQTTProtocolVersion, opened: list[Any]
) -> None:
    device = make_device(commanding, commanded_api)
    commanded = Commanded(device, repeatable=True, verification="none")
    first = Commandable(device, version)
    opened.append(first)
    for seconds in (10, 20):
        execution = commanded.execute(seconds=seconds)
        assert first.next() == ({"command": "set_interval", "params": {"seconds": seconds}, "id": execution}, False)
        commanded.wait_for(execution, "done")
    first.stop()
    again = Commandable(device, version)
    opened.append(again)
    assert again.next() == ({"command": "set_interval", "params": {"seconds": 20}, "id": execution}, True)
    assert len(commanded.states(execution)) == len(commanded.look(execution)["history"])
    assert commanded.look(execution)["state"] == "done"
    newer = commanded.execute(seconds=30)
    assert again.next() == ({"command": "set_interval", "params": {"seconds": 30}, "id": newer}, False)


def test_a_command_that_must_be_done_once_is_not_retained(
    commanding: RunningServer, commanded_api: httpx.Client, opened: list[Any]
) -> None:
    device = make_device(commanding, commanded_api)
    commanded = Commanded(device, verification="none")
    first = Commandable(device, V5)
    opened.append(first)
    commanded.wait_for(commanded.execute(seconds=1), "done")
    first.next()
    first.subscribe()
    first.subscribe(handling=1)
    newer = commanded.execute(seconds=2)
    assert first.next()[0]["id"] == newer
    assert first.told.empty()


def test_retain_handling_counts_for_devices_too(
    commanding: RunningServer, commanded_api: httpx.Client, opened: list[Any]
) -> None:
    device = make_device(commanding, commanded_api)
    commanded = Commanded(device, repeatable=True, verification="none")
    first = Commandable(device, V5, handling=2)
    opened.append(first)
    execution = commanded.execute(seconds=1)
    assert first.next() == ({"command": "set_interval", "params": {"seconds": 1}, "id": execution}, False)
    commanded.wait_for(execution, "done")
    for handling in (1, 2, 0):
        first.subscribe(handling=handling)
    assert first.next()[1] is True  # of the last subscription, and only of that
    newer = commanded.execute(seconds=2)
    assert first.next()[0]["id"] == newer


@pytest.fixture(scope="module")
def forgetful(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with running_server(tmp_path_factory.mktemp("forgetful"), environment={"PENSTOCK_MQTT_RETAINED": "off"}) as one:
        yield one


def test_a_server_that_retains_nothing_says_so(forgetful: RunningServer, opened: list[Any]) -> None:
    org = forgetful.orgs["Acme"]
    with forgetful.client(org) as api:
        device = make_device(forgetful, api)
        report(device, 1)
        program = Program(forgetful.mqtt_port, org.api_key, V5)
        opened.append(program)
        said: list[Any] = []
        program.client.on_connect = lambda _c, _u, _f, reason, about: (said.append(about), program.told.put(("connect", reason)))
        assert program.start() == "Success"
        assert said[0].RetainAvailable == 0
        program.subscribe(f"live/{device.id}/#")
        fence(program, device)
        assert program.retained.empty()


def test_a_server_that_retains_nothing_refuses_what_is_to_be_retained(forgetful: RunningServer, opened: list[Any]) -> None:
    with forgetful.client(forgetful.orgs["Acme"]) as api:
        device = make_device(forgetful, api)
        with_will = PahoDevice(device, V5)
        with_will.client.will_set(f"d/{device.id}/s", b"{}", 1, retain=True)
        opened.append(with_will)
        assert with_will.start().value == 0x9A
        sender = PahoDevice(device, V5)
        opened.append(sender)
        assert sender.start() == "Success"
        sender.client.publish(f"d/{device.id}/t", b'{"v":1}', 1, retain=True)
        assert sender.next("disconnect").value == 0x9A
        older = PahoDevice(device, MQTTProtocolVersion.MQTTv311)  # which has no word for it
        older.client.will_set(f"d/{device.id}/s", b"{}", 1, retain=True)
        opened.append(older)
        assert older.start() == "Success"
        older.client.publish(f"d/{device.id}/t", b'{"v":2}', 1, retain=True).wait_for_publish(PATIENCE_S)
        assert device.values()[-1] == {"v": 2}
