"""Files that are written while they are sent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import structlog

from penstock.api.console.shared.calling import ApiFailed
from penstock.api.console.shared.downloads import Download
from penstock.kit.http import Message, RouteNotFound, Scope


def scope(method: str = "GET") -> Scope:
    return {"type": "http", "method": method, "headers": [], "penstock.request_id": "req_1"}


async def sent_by(download: Download, method: str = "GET", *, gone_after: int = 99) -> list[Message]:
    sent: list[Message] = []
    gone = asyncio.Event()

    async def receive() -> Message:
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)
        if len(sent) == gone_after:
            gone.set()
        await asyncio.sleep(0)

    await download(scope(method), receive, send)
    return sent


async def parts(*found: bytes, error: Exception | None = None) -> AsyncIterator[bytes]:
    for part in found:
        yield part
        await asyncio.sleep(0)
    if error is not None:
        raise error


async def test_all_parts_are_sent() -> None:
    start, *bodies = await sent_by(Download("devices.csv", "text/csv", parts(b"a", b"b")))
    headers = dict(start["headers"])
    assert headers[b"content-disposition"] == b'attachment; filename="devices.csv"'
    assert (headers[b"cache-control"], headers[b"x-content-type-options"]) == (b"no-store", b"nosniff")
    assert b"content-length" not in headers
    assert b"".join(body["body"] for body in bodies) == b"ab"
    assert [body.get("more_body", False) for body in bodies] == [True, True, False]


@pytest.mark.parametrize("error", [ApiFailed(500, {"code": "server.internal"}), RouteNotFound()])
async def test_what_cannot_be_read_whole_is_not_ended(error: Exception) -> None:
    with structlog.testing.capture_logs() as lines:
        sent = await sent_by(Download("devices.csv", "text/csv", parts(b"a", error=error)))
    assert [body.get("more_body", False) for body in sent[1:]] == [True]
    assert [line["event"] for line in lines] == ["download_cut"]


async def test_nothing_is_read_for_somebody_who_left() -> None:
    sent = await sent_by(Download("devices.csv", "text/csv", parts(*[b"a"] * 50)), gone_after=3)
    assert len(sent) < 10


async def test_a_head_has_no_body() -> None:
    _, *bodies = await sent_by(Download("devices.csv", "text/csv", parts(b"a")), "HEAD")
    assert [body["body"] for body in bodies] == [b""]
