"""One element of a batch that is not a reading leaves the others stored, whichever way the batch came in."""

from __future__ import annotations

import typing
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from penstock.ingress.mqtt.protocol import packets as m
from tests.ingress.mqtt.raw import RawClient
from tests.security.table import operations
from tests.support.agents import RawAgent, pair
from tests.support.bad_rows import OF_AN_AGENT, ROWS
from tests.support.cases import check_all
from tests.support.server import RunningServer
from tests.support.waiting import awaited

Mqtt = Callable[[int], RawClient]
GOOD = (b'{"v": 1}', b'{"v": 2}')
BATCHES = ("POST /api/v2/telemetry", "POST /api/v2/devices/{device_id}/telemetry")
"""The operations that are called below with a bad row among good ones."""


@dataclass
class Fleet:
    """A device with its credentials, and what the API shows of it."""

    server: RunningServer
    api: httpx.Client
    id: str
    token: str

    @property
    def path(self) -> str:
        return f"/api/v2/devices/{self.id}"

    def get(self, path: str = "", **params: Any) -> Any:
        return self.api.get(self.path + path, params=params).raise_for_status().json()

    def stored(self) -> list[object]:
        rows = self.get("/telemetry", **{"from": "1970-01-01T00:00:00Z", "limit": 1000})["data"]
        return [row["data"]["v"] for row in sorted(rows, key=lambda row: int(row["seq"])) if "v" in row["data"]]

    def quarantined(self) -> int:
        return len(self.get("/telemetry/quarantined")["data"])

    def malformed(self) -> int:
        shown = self.get()["malformed"]
        return int(shown["messages"]) if shown else 0


@pytest.fixture
def device(server: RunningServer, api: httpx.Client) -> Fleet:
    made = api.post("/api/v2/devices", json={"name": "Pump"}).raise_for_status().json()
    return Fleet(server, api, made["device"]["id"], made["access_token"])


@pytest.fixture
def mqtt(device: Fleet) -> Iterator[Mqtt]:
    """Connect the device, in a version of MQTT."""
    with ExitStack() as opened:

        def connect(version: int) -> RawClient:
            client = opened.enter_context(closing(RawClient(device.server.mqtt_port, version)))
            client.connect(device.id, device.token)
            return client

        yield connect


def takes_rows(body: object) -> bool:
    return typing.get_origin(body) is list


def test_every_operation_that_takes_an_array_of_rows_is_called_here() -> None:
    found = {f"{one.method} {one.path}" for one in operations() if takes_rows(one.body)}
    assert found <= set(BATCHES), f"call these with a bad row: {sorted(found - set(BATCHES))}"
    assert found, "the table has no operation with an array"


@pytest.mark.parametrize("operation", BATCHES)
@pytest.mark.parametrize("lines", [False, True], ids=["array", "lines"])
def test_over_http_the_bad_row_is_told_and_the_others_are_stored(device: Fleet, operation: str, *, lines: bool) -> None:
    path = operation.removeprefix("POST ").format(device_id=device.id)
    named = b"" if "{device_id}" in operation else b'"device_id": "%s", ' % device.id.encode()
    media_type = "application/x-ndjson" if lines else "application/json"

    def check(row: bytes) -> None:
        rows = [b'{%s"data": %s}' % (named, one) for one in (GOOD[0], row, GOOD[1])]
        body = b"\n".join(rows) if lines else b"[" + b",".join(rows) + b"]"
        before = device.stored()
        answer = device.api.post(path, content=body, headers={"Content-Type": media_type})
        assert answer.status_code == 207, answer.text
        told = answer.json()
        assert (told["accepted"], told["rejected"], [error["row"] for error in told["errors"]]) == (2, 1, [1])
        assert device.stored() == [*before, 1, 2]

    check_all(ROWS, lambda name: check(ROWS[name]))


def test_so_is_the_bad_element_of_an_array_as_data(device: Fleet, mqtt: Mqtt) -> None:
    client = mqtt(m.V5)
    counted = 0

    def check(row: bytes) -> None:
        nonlocal counted
        counted += 1
        body = b'{"data": [%s]}' % b", ".join((GOOD[0], row, GOOD[1]))
        before = device.stored()
        answer = device.api.post(f"{device.path}/telemetry", content=body, headers={"Content-Type": "application/json"})
        assert answer.status_code == 207, answer.text
        told = answer.json()
        assert [(error["row"], error["field"][:7]) for error in told["errors"]] == [(1, "data[1]")]
        client.send(m.Publish(f"d/{device.id}/t", body, 1, counted))
        acknowledged(client, m.V5, 1, counted, "data")
        assert device.stored() == [*before, 1, 2, 1, 2]
        assert device.quarantined() == counted

    # The decoder cannot skip half of a surrogate pair to find where the array ends, so this one costs the whole message.
    check_all((name for name in ROWS if "surrogate" not in name), lambda name: check(ROWS[name]))
    body = b'{"data": [%s, %s]}' % (GOOD[0], ROWS["half of a surrogate pair"])
    refused = device.api.post(f"{device.path}/telemetry", content=body, headers={"Content-Type": "application/json"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "data[1].v")


@pytest.mark.parametrize("version", [m.V311, m.V5], ids=["3.1.1", "5"])
@pytest.mark.parametrize("qos", [0, 1, 2])
def test_over_mqtt_the_bad_element_is_quarantined_and_the_others_stored(
    device: Fleet, mqtt: Mqtt, version: int, qos: int
) -> None:
    client = mqtt(version)
    counted = 0

    def check(row: bytes) -> None:
        nonlocal counted
        counted += 1
        before = device.stored()
        payload = b"[" + b", ".join((GOOD[0], row, GOOD[1])) + b"]"
        client.send(m.Publish(f"d/{device.id}/t", payload, qos, counted if qos else 0))
        if qos:
            acknowledged(client, version, qos, counted)
        wanted = [*before, 1, 2]
        assert awaited(lambda: device.stored() == wanted, what="the good elements")
        assert awaited(lambda: device.quarantined() == counted, what="the quarantined element")

    check_all(ROWS, lambda name: check(ROWS[name]))
    assert awaited(lambda: device.malformed() == len(ROWS), what="the count of the device")


def acknowledged(client: RawClient, version: int, qos: int, number: int, name: str = "") -> None:
    """A success, after which no client sends the message again; in MQTT 5 it says what is missing."""
    answer = client.receive()
    assert isinstance(answer, m.Ack)
    assert (answer.kind, answer.packet_id) == (m.Kind.PUBACK if qos == 1 else m.Kind.PUBREC, number)
    assert answer.reason == m.Reason.SUCCESS
    if version == m.V5:
        assert answer.properties[m.Property.REASON_STRING].startswith(f"1 of 3 readings were quarantined: {name}[1]: ")
    if qos == 2:
        client.send(m.Ack(m.Kind.PUBREL, number))
        assert client.receive() == m.Ack(m.Kind.PUBCOMP, number)


def test_an_array_without_a_good_element_is_a_malformed_message(device: Fleet, mqtt: Mqtt) -> None:
    client = mqtt(m.V5)
    client.send(m.Publish(f"d/{device.id}/t", b'[7, {"v": 1e999}]', 1, 1))
    answer = client.receive()
    assert isinstance(answer, m.Ack)
    assert answer.reason == m.Reason.PAYLOAD_FORMAT_INVALID
    assert awaited(lambda: device.malformed() == 1)
    assert (device.stored(), device.quarantined()) == ([], 1)


def test_over_mqtt_a_reading_of_the_future_is_quarantined_and_the_answer_says_so(device: Fleet, mqtt: Mqtt) -> None:
    client = mqtt(m.V5)
    client.send(m.Publish(f"d/{device.id}/t", b'[{"v": 1}, {"v": 2, "ts": "2099-01-01T00:00:00Z"}]', 1, 1))
    answer = client.receive()
    assert isinstance(answer, m.Ack)
    assert answer.reason == m.Reason.SUCCESS
    text = "1 of 2 readings were quarantined: the time is in the future"
    assert answer.properties[m.Property.REASON_STRING] == text
    assert awaited(lambda: device.malformed() == 1)
    assert (device.stored(), device.quarantined()) == ([1], 1)


def test_of_an_agent_the_bad_row_is_refused_and_the_others_are_stored(device: Fleet) -> None:
    first = 1

    def check(agent: RawAgent, row: bytes) -> None:
        nonlocal first
        before = device.stored()
        rows = [b'{"seq": %d, "payload": %s}' % (first + n, one) for n, one in enumerate((GOOD[0], row, GOOD[1]))]
        agent.send((b'{"data": [' + b",".join(rows) + b"]}").decode())
        done = agent.acknowledged()
        assert (done["seq"], [one["seq"] for one in done["refused"]]) == (first + 2, [first + 1])
        assert device.stored() == [*before, 1, 2]
        first += 3

    with closing(RawAgent(device.server, token=pair(device.server, device.api, device.id).token)) as agent:
        agent.greet()
        check_all(OF_AN_AGENT, lambda name: check(agent, OF_AN_AGENT[name]))
    assert device.quarantined() == len(OF_AN_AGENT)
    assert awaited(lambda: device.malformed() == len(OF_AN_AGENT), what="the count of the device")
