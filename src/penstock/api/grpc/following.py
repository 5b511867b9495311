"""The call that follows readings and other events as they happen."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from urllib.parse import urlencode

import msgspec
from google.protobuf.message import Message

from penstock.api.grpc import messages
from penstock.api.grpc.contract import FOLLOW
from penstock.api.grpc.converting import FromJson
from penstock.api.grpc.descriptors import descriptor_of, message_type
from penstock.api.grpc.exchange import Exchange
from penstock.api.grpc.shapes import Record, fields_of
from penstock.api.live.errors import CredentialRevoked, ServerStopping, SlowReader
from penstock.api.live.hub import Event
from penstock.kit.errors import PenstockError
from penstock.kit.http import Headers, Scope
from penstock.kit.ids import Seq

Open = Callable[[Scope, Headers], Awaitable[tuple[list[Event], AsyncIterator[list[Event]]]]]
"""Opens the stream that a request selects."""
MAX_RENDERED = 4_096
_FLAGS = ("commands", "connectivity", "events", "alerts", "sms")
_LISTS = ("devices", "kinds", "keys")
_ENDS: dict[str, type[PenstockError]] = {
    "slow_reader": SlowReader,
    "server_stopping": ServerStopping,
    "credential_revoked": CredentialRevoked,
}


class Following:
    """Streams of events, from the hub that all protocols share."""

    def __init__(self, open_stream: Open) -> None:
        self._open = open_stream
        self._rendered: dict[tuple[Seq, bytes], Message] = {}
        self._reading = FromJson(fields_of(Record(messages.LiveReading)), descriptor_of("LiveReading"))
        self._notice = FromJson(fields_of(Record(messages.Notice)), descriptor_of("Notice"))
        self._gap = FromJson(fields_of(Record(messages.Gap)), descriptor_of("Gap"))
        self._response = message_type(f"{FOLLOW.name}Response")

    async def follow(self, request: Any, exchange: Exchange) -> AsyncIterator[Message]:
        """Follow.

        Raises:
            PenstockError: the request is invalid or not allowed, or the stream has to end: the reader is too slow, its credential
            is no longer valid, the server stops.
        """
        scope = exchange.scope("GET", "/api/v2/streams/sse", query=_query(request))
        first, pieces = await self._open(scope, exchange.trailers)
        async with contextlib.aclosing(pieces):  # type: ignore[type-var]
            for event in first:
                yield self._message(event)
            async for events in pieces:
                for event in events:
                    if event.name == "end":
                        reason = msgspec.json.decode(event.body)["reason"]
                        raise _ENDS.get(reason, ServerStopping)()
                    yield self._message(event)
                events.clear()  # a reader that stalls holds what is being sent, and not a second time as events

    def _message(self, event: Event) -> Message:
        if event.name != "reading":
            return self._of_other(event)
        # The hub renders a reading once for all its readers, and so does this. Those who chose values get their own.
        found = self._rendered.get((event.seq, event.body))
        if found is None:
            if len(self._rendered) >= MAX_RENDERED:
                self._rendered.clear()
            reading = self._reading(msgspec.json.decode(event.body))
            found = self._rendered[event.seq, event.body] = self._response(cursor=event.seq, event={"reading": reading})
        return found

    def _of_other(self, event: Event) -> Message:
        if event.name in ("ready", "heartbeat"):
            return self._response(cursor=event.seq, event={event.name: {}})
        body = msgspec.json.decode(event.body)
        if event.name == "gap":
            return self._response(cursor=event.seq, event={"gap": self._gap(body)})
        return self._response(cursor=event.seq, event={"notice": self._notice({"name": event.name, "data": body})})


def _query(request: Any) -> str:
    """The query that selects the same over HTTP."""
    found = [(name, ",".join(getattr(request, name))) for name in _LISTS if getattr(request, name)]
    found += [(name, "true") for name in _FLAGS if getattr(request, name)]
    if request.HasField("project"):
        found.append(("project", request.project))
    if request.HasField("cursor"):
        found.append(("cursor", str(request.cursor)))
    return urlencode(found)
