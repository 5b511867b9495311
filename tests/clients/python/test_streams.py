"""Streams: what comes, and what does not get lost when the connection does."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest

import penstock_client
from penstock_client import AsyncClient, Client, Event
from penstock_client._sse import Parser
from tests.clients.python.scripted import QUICK, Scripted, said
from tests.support.agent_process import Relay
from tests.support.server import Org, RunningServer, shared_tls


@pytest.fixture
def relay(server: RunningServer) -> Iterator[Relay]:
    port = urlsplit(server.base_url).port
    assert port is not None
    found = Relay(port)
    yield found
    found.close()


@pytest.fixture
def relayed(relay: Relay, acme: Org) -> Iterator[Client]:
    with httpx.Client(verify=shared_tls(), timeout=30) as http:
        yield Client(f"http://127.0.0.1:{relay.port}", acme.api_key, retries=QUICK, http_client=http)


def _device(client: Client, name: str) -> str:
    return client.devices.create(name=name)["device"]["id"]


def _send(client: Client, device_id: str, number: int) -> None:
    client.telemetry.send_for_device(device_id, {"data": {"n": number}})


def test_a_stream_that_is_cut_loses_and_doubles_nothing(client: Client, relayed: Client, relay: Relay) -> None:
    device_id, other_id = _device(client, "Streaming"), _device(client, "Streaming too")
    start = _cursor(client)
    stream = relayed.streams.readings(devices=[device_id], cursor=start)
    seen = []
    for number in range(6):
        _send(client, device_id, number)
        _send(client, other_id, 100)
        seen.append(next(stream))
        if number % 2:
            relay.cut()  # and what is sent now has to be made up for
    assert [one.data["data"]["n"] for one in seen] == [0, 1, 2, 3, 4, 5]
    assert {one.name for one in seen} == {"reading"}
    assert stream.reconnects >= 2
    assert stream.cursor == seen[-1].cursor == seen[-1].data["seq"]
    stream.close()
    assert list(stream) == []


def _cursor(client: Client) -> int:
    """Where the log is now."""
    device_id = _device(client, "Marker")
    return client.telemetry.send([{"device_id": device_id, "data": {"n": 0}}])["seqs"][0] or 0


def test_readings_that_are_no_longer_there_are_reported(client: Client) -> None:
    with client.streams.readings(cursor=10**12) as stream:
        event = next(stream)
    assert event.name == "gap"
    assert event.data["requested_after"] == 10**12
    assert event.cursor < 10**12


def test_what_else_happens_is_reported_when_it_is_asked_for(client: Client) -> None:
    device_id = _device(client, "Appearing")
    with client.streams.readings(devices=[device_id], connectivity=True, cursor=_cursor(client)) as stream:
        _send(client, device_id, 1)
        names = {next(stream).name, next(stream).name}
    assert names == {"reading", "connectivity"}


def test_what_waiting_does_not_cure_is_raised(client: Client, server: RunningServer) -> None:
    with pytest.raises(penstock_client.NotFound):
        next(client.streams.readings(devices=["dev_0000000000000"]))
    with httpx.Client() as http, pytest.raises(penstock_client.Unauthenticated):
        next(Client(server.base_url, "psk_unknown", http_client=http).streams.readings())


def _events(*events: tuple[str, int, str]) -> bytes:
    body = "".join(f"id: {seq}\nevent: {name}\ndata: {data}\n\n" for name, seq, data in events)
    return said(200, body.encode(), content_type="text/event-stream")


def test_it_resumes_after_the_last_event_whatever_ended_it(scripted: Scripted) -> None:
    reading = '{"seq":%d}'
    scripted.answers(
        _events(("ready", 4, '{"cursor":4}')),
        said(503, {"code": "streams.unavailable"}, retry_after="0"),
        _events(("ready", 4, '{"cursor":4}'), ("reading", 5, reading % 5), ("end", 5, '{"reason":"slow_reader"}')),
        b"garbage\r\n\r\n",
        _events(("gap", 9, '{"resumes_after":9}'), ("ready", 9, '{"cursor":9}'), ("reading", 10, reading % 10)),
        said(401, {"code": "auth.invalid", "detail": "the key was revoked"}),
    )
    stream = scripted.client().streams.readings(keys=["a", "b"])
    assert [next(stream).cursor for _ in range(3)] == [5, 9, 10]
    with pytest.raises(penstock_client.Unauthenticated):
        next(stream)
    sent = [one.headers.get("last-event-id") for one in scripted.asked]
    assert sent == [None, "4", "4", "5", "5", "10"]
    assert {one.target for one in scripted.asked} == {"/api/v2/streams/sse?keys=a,b"}


def test_failures_in_a_row_can_be_bounded(scripted: Scripted) -> None:
    stream = scripted.client().streams.readings(max_failures=2)
    with pytest.raises(penstock_client.ServerError):
        next(stream)
    assert len(scripted.asked) == 3


async def test_an_event_loop_resumes_too(client: Client, relay: Relay, acme: Org) -> None:
    device_id = await asyncio.to_thread(_device, client, "Looped stream")
    start = await asyncio.to_thread(_cursor, client)
    async with httpx.AsyncClient(verify=shared_tls(), timeout=30) as http:
        looped = AsyncClient(f"http://127.0.0.1:{relay.port}", acme.api_key, retries=QUICK, http_client=http)
        async with looped.streams.readings(devices=device_id, cursor=start) as stream:
            seen: list[Event] = []
            for number in range(3):
                await asyncio.to_thread(_send, client, device_id, number)
                seen.append(await anext(stream))
                relay.cut()
    assert [one.data["data"]["n"] for one in seen] == [0, 1, 2]
    assert stream.reconnects >= 1
    assert [one async for one in stream] == []


def test_messages_are_read_as_browsers_read_them() -> None:
    parser = Parser()
    lines = [
        ": ping",
        "",
        "retry: 5",
        "",
        "id: 7",
        "event: x",
        "data: a",
        "data:b",
        "other: z",
        "",
        "data: c",
        "",
        "event: y",
        "",
    ]
    found = [(one.name, one.id, one.data) for line in lines for one in parser.take(line)]
    assert found == [("x", "7", "a\nb"), ("message", "7", "c")]
