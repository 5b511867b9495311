"""The WebSocket stream against a real server, with a client library of others."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.api.live.streams.test_sse import make_device, send
from tests.fuzz.test_error_texts import OF_A_PROGRAM
from tests.support.server import Org, RunningServer
from tests.support.waiting import CEILING_S


def url(server: RunningServer, query: str = "") -> str:
    return f"{server.base_url.replace('http', 'ws')}/api/v2/streams/ws{query}"


@asynccontextmanager
async def opened(server: RunningServer, org: Org, query: str = "", **options: Any) -> AsyncIterator[ClientConnection]:
    async with connect(url(server, query), additional_headers=org.headers(), **options) as socket:
        yield socket


async def hear(socket: ClientConnection) -> dict[str, Any]:
    message: dict[str, Any] = json.loads(await asyncio.wait_for(socket.recv(), CEILING_S))
    return message


async def insist(socket: ClientConnection) -> None:
    for _ in range(10):
        await socket.send("nonsense")
        await hear(socket)


async def test_readings_come_as_messages(server: RunningServer, acme: Org, api: httpx.Client) -> None:
    device = make_device(api)
    async with opened(server, acme, f"?devices={device}") as socket:
        assert (await hear(socket))["type"] == "ready"
        seq = send(api, device, n=1)
        message = await hear(socket)
        assert (message["type"], message["cursor"], message["reading"]["data"]) == ("reading", seq, {"n": 1})


async def test_a_subscription_replaces_the_filter_and_replays(server: RunningServer, acme: Org, api: httpx.Client) -> None:
    device, second = make_device(api), make_device(api)
    first = send(api, device, n=1)
    send(api, second, n=9)
    last = send(api, device, n=2)
    async with opened(server, acme, f"?devices={second}") as socket:
        await hear(socket)
        await socket.send(json.dumps({"type": "subscribe", "devices": [device], "cursor": first - 1}))
        assert (await hear(socket)) == {"type": "ready", "cursor": first - 1}
        assert [(await hear(socket))["cursor"] for _ in range(2)] == [first, last]
        send(api, second, n=10)
        live = send(api, device, n=3)
        assert (await hear(socket))["cursor"] == live


async def test_bad_messages_are_answered_and_in_the_end_cut(server: RunningServer, acme: Org) -> None:
    async with opened(server, acme) as socket:
        await hear(socket)
        await socket.send(json.dumps({"type": "ping"}))
        assert await hear(socket) == {"type": "pong"}
        for bad in ("nonsense", "[]", '{"type":"subscribe","devices":["x"]}', '{"type":"subscribe","nope":1}', '{"a":NaN}'):
            await socket.send(bad)
            answer = await hear(socket)
            assert answer["type"] == "error"
            assert not OF_A_PROGRAM.search(json.dumps(answer)), "a program's words"
        with pytest.raises(ConnectionClosed) as closed:
            await insist(socket)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1008


async def test_a_message_too_large_closes(server: RunningServer, acme: Org) -> None:
    async with opened(server, acme) as socket:
        await hear(socket)
        await socket.send("x" * 200_000)
        with pytest.raises(ConnectionClosed) as closed:
            await hear(socket)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1009


async def test_who_may_not_is_refused_before_the_handshake(
    server: RunningServer, acme: Org, other: Org, api: httpx.Client
) -> None:
    device = make_device(api)
    cases: list[tuple[dict[str, str], str, dict[str, Any], int]] = [
        ({}, "", {}, 401),
        ({"X-API-Key": acme.api_key}, "", {}, 400),
        ({**acme.headers(), "X-Organization-Id": other.organization_id}, "", {}, 403),
        (other.headers(), f"?devices={device}", {}, 404),
        (acme.headers(), "", {"origin": "http://evil.example"}, 403),
        ({}, "?ticket=tkt_nonsense", {}, 401),
        ({}, f"?api_key={acme.api_key}", {}, 400),
    ]
    for headers, query, options, status in cases:
        with pytest.raises(InvalidStatus) as refused:
            async with connect(url(server, query), additional_headers=headers, **options):
                pass
        assert refused.value.response.status_code == status
        assert json.loads(refused.value.response.body)["status"] == status


async def test_the_own_page_may_use_a_ticket(server: RunningServer, api: httpx.Client) -> None:
    ticket = api.post("/api/v2/streams/tickets").json()["ticket"]
    async with connect(url(server, f"?ticket={ticket}"), origin=server.base_url) as socket:  # type: ignore[arg-type]
        assert (await hear(socket))["type"] == "ready"


def test_a_plain_request_is_told_to_upgrade(api: httpx.Client) -> None:
    answer = api.get("/api/v2/streams/ws")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "Upgrade")
