"""Whatever makes the server close or reject a device's connection is on the device's page, with its count, reason and time."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from penstock.ingress.mqtt.protocol import packets as m
from tests.house.tree import parsed, python_files
from tests.ingress.mqtt.conftest import Device, make_device, until
from tests.ingress.mqtt.raw import RawClient
from tests.support.agents import RawAgent, pair
from tests.support.cases import check_all
from tests.support.server import RunningServer, running_server

FOREIGN = "d/dev_0000000000001/t"
LIMITS = {"PENSTOCK_MQTT_MAX_PACKET_BYTES": "2048", "PENSTOCK_MQTT_MAX_CONNECTIONS_PER_DEVICE": "2"}


_open: list[RawClient] = []


@pytest.fixture(autouse=True)
def closed_at_the_end() -> Iterator[None]:
    yield
    while _open:
        _open.pop().close()


def socket_to(device: Device, version: int = m.V311) -> RawClient:
    _open.append(RawClient(device.port, version))
    return _open[-1]


def opened(device: Device, version: int = m.V311, **options: Any) -> RawClient:
    client = socket_to(device, version)
    assert client.connect(device.id, device.token, **options).code == 0
    return client


def foreign_topic(device: Device) -> None:
    client = opened(device)
    client.send(m.Publish(FOREIGN, b'{"v":1}', 1, 1))
    assert client.is_closed()


def foreign_topic_without_answer(device: Device) -> None:
    client = opened(device, m.V5)
    client.send(m.Publish(FOREIGN, b'{"v":1}', 0))
    assert client.is_closed()


def sent(data: bytes, version: int = m.V311) -> Callable[[Device], None]:
    def send(device: Device) -> None:
        client = opened(device, version)
        client.socket.sendall(data)
        assert client.is_closed()

    return send


def foreign_will(device: Device) -> None:
    client = socket_to(device)
    assert client.connect(device.id, device.token, will=m.Will(FOREIGN, b"gone")).code != 0


def paused(device: Device) -> None:
    assert device.api.post(f"{device.path}/pause").is_success
    assert socket_to(device).connect(device.id, device.token).code != 0


def paused_while_connected(device: Device) -> None:
    client = opened(device)
    assert device.api.post(f"{device.path}/pause").is_success
    assert client.is_closed()


def silent(device: Device) -> None:
    assert opened(device, keep_alive_s=1).is_closed()


def taken_over(device: Device) -> None:
    first = opened(device)
    second = opened(device)
    assert first.is_closed()
    second.close()


def too_many(device: Device) -> None:
    clients = [opened(device, client_id=name) for name in ("one", "two", "three")]
    assert clients[0].is_closed()


CASES: dict[str, tuple[Callable[[Device], None], str]] = {
    "a foreign topic": (foreign_topic, FOREIGN),
    "a foreign topic at QoS 0": (foreign_topic_without_answer, FOREIGN),
    "a packet that is too large": (sent(b"\x32\xff\x7f"), "at most 2048 bytes"),
    "bytes that are no packet": (sent(b"\x00\x00"), ""),
    "QoS 3": (sent(b"\x36\x06\x00\x01a\x00\x01x"), ""),
    "a second CONNECT": (sent(b"\x10\x0c\x00\x04MQTT\x04\x02\x00\x3c\x00\x00"), ""),
    "a topic with a wildcard": (sent(b"\x30\x04\x00\x02d#"), ""),
    "a topic that is not UTF-8": (sent(b"\x30\x03\x00\x01\xff"), ""),
    "a subscription without a filter": (sent(b"\x82\x02\x00\x01"), ""),
    "an unknown topic alias": (sent(b"\x30\x07\x00\x00\x03\x23\x00\x09x", m.V5), ""),
    "a foreign will": (foreign_will, "will topic"),
    "a paused device": (paused, "paused"),
    "a device that is paused while connected": (paused_while_connected, "paused"),
    "a keep alive that ran out": (silent, "keep alive"),
    "the same client again": (taken_over, "new connection"),
    "too many connections": (too_many, "at most 2 connections"),
}


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with running_server(tmp_path_factory.mktemp("cuts") / "data", environment=LIMITS) as server:
        yield server


def test_every_reason_is_on_the_device(limited: RunningServer) -> None:
    with limited.client(limited.orgs["Acme"]) as api:

        def check(name: str) -> None:
            act, said = CASES[name]
            device = make_device(limited, api)
            assert device.shown()["cuts"] is None
            act(device)
            cuts = until(lambda: device.shown()["cuts"], "the reason")
            assert cuts["connections"] == 1
            assert cuts["last_reason"]
            assert said in cuts["last_reason"]
            assert cuts["last_at"]

        check_all(CASES, check)


def test_a_client_that_says_goodbye_is_not_cut(device: Device) -> None:
    client = opened(device)
    client.send(m.Disconnect())
    assert client.is_closed()
    again = opened(device)
    again.close()
    until(lambda: device.shown()["connectivity"] == "offline")
    assert device.shown()["cuts"] is None


def test_a_foreign_topic_can_be_ignored(tmp_path_factory: pytest.TempPathFactory) -> None:
    environment = {"PENSTOCK_MQTT_FOREIGN_TOPIC": "ignore"}
    data_dir = tmp_path_factory.mktemp("ignore") / "data"
    with running_server(data_dir, environment=environment) as server, server.client(server.orgs["Acme"]) as api:
        device = make_device(server, api)
        client = opened(device)
        for number in (1, 2):
            client.send(m.Publish(FOREIGN, b'{"v":1}', 1, number), m.Publish(f"d/{device.id}/t", b'{"v":2}', 1, number + 10))
            answers = [client.receive() for _ in range(2)]
            assert [one.packet_id for one in answers if isinstance(one, m.Ack)] == [number, number + 10]
        assert device.values() == [{"v": 2}] * 2
        until(lambda: (device.shown()["malformed"] or {}).get("messages") == 2)
        assert FOREIGN in device.shown()["malformed"]["last_reason"]
        assert device.shown()["cuts"] is None
        for number, version in enumerate((m.V311, m.V5), 3):
            # A will is a message too: it must not keep the client out. It is published as the socket closes.
            opened(device, version, client_id=f"willing-{version}", will=m.Will(FOREIGN, b"gone")).close()
            until(lambda: device.shown()["malformed"]["messages"] == number)  # noqa: B023
            assert device.shown()["cuts"] is None


def test_an_agent_that_breaks_the_protocol_finds_it_on_its_device(server: RunningServer, device: Device) -> None:
    paired = pair(server, device.api, device.id)
    agent = RawAgent(server, token=paired.token)
    agent.greet()
    agent.send("nonsense")
    agent.closed()
    cuts = until(lambda: device.shown()["cuts"])
    assert (cuts["connections"], cuts["last_reason"]) == (1, "not JSON")


def test_only_one_place_ends_a_device_s_connection() -> None:
    """What closes a connection in another place than `_end` would be missing on the device."""
    found = {
        node.name
        for path in python_files("src/penstock/ingress/mqtt")
        if path.name == "connection.py" and path.parent.name == "mqtt"
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and "self._close(" in ast.unparse(node)
    }
    assert found == {"_end", "reject"}, "a rejected client has no uplink: the gatekeeper counts it"
