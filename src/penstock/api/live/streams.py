"""The streams' endpoints: Server-Sent Events, WebSocket, and tickets for browsers."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterable

import msgspec

from penstock.api.live import wire
from penstock.api.live.admission import SCOPE, StreamAdmission
from penstock.api.live.errors import GrantsChanged
from penstock.api.live.filters import StreamFilter, StreamQuery, Subscribe, from_message, from_query
from penstock.api.live.hub import Event, LiveHub
from penstock.api.live.tickets import Reader, Tickets
from penstock.api.shared.call import Call
from penstock.api.shared.routes import Routes
from penstock.core.tenancy.errors import ProjectBound
from penstock.kit.clock import format_time
from penstock.kit.decoding import decode_body
from penstock.kit.errors import InvalidInput, Kind, PenstockError
from penstock.kit.http import (
    Headers,
    Receive,
    Scope,
    Send,
    credential,
    header,
    refuse_websocket,
    send_problem,
)
from penstock.kit.ids import Seq
from penstock.kit.operation import Example, asgi_operation
from penstock.kit.request_id import request_id_of

TAG = "Streams"
COMMANDS_SCOPE = "commands:read"
CONNECTIVITY_SCOPE = "devices:read"
ALERTS_SCOPE = "alerts:read"
SMS_SCOPE = "sms:read"
RETRY_MS = 2_000
RECHECK_S = 2.0
"""How often an open stream's key is checked again, provided that pieces arrive."""
MAX_BAD_MESSAGES = 10
MAX_MESSAGE_BYTES = 65_536
# 1012 and 1013 are registered for a restart and for overload (IANA). Codes from 4000 are private: these mirror the HTTP status.
_CLOSE = {"slow_reader": 1013, "server_stopping": 1012, "credential_revoked": 4401}
_REFUSED = {Kind.UNAUTHENTICATED: 4401, Kind.FORBIDDEN: 4403, Kind.NOT_FOUND: 4404, Kind.UNAVAILABLE: 1013}
_READING = (
    '{"id":"tel_000000000001k","seq":51,"kind":"telemetry","device_id":"dev_0c2k9fq7w3m1x",'
    '"project_id":"prj_0c2k9fq7w3b7h","time":"2026-05-02T09:15:04Z","received_at":"2026-05-02T09:15:04.120Z",'
    '"channel":null,"backfill":false,"data":{"temperature":21.5}}'
)


class Ping(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="ping"):
    """A WebSocket message that requests a `pong`."""


class TicketEndpoints:
    """Tickets for browsers."""

    routes = Routes("/api/v2/streams/tickets", surface="v2", tag="Streams")

    def __init__(self, tickets: Tickets) -> None:
        self._tickets = tickets

    @routes.post(
        scope=SCOPE,
        of_project=True,
        status=201,
        example=Example(answer={"ticket": "tkt_8mQk3v", "expires_at": "2026-05-02T09:16:04.120Z"}),
    )
    async def issue_ticket(self, call: Call[None, None]) -> wire.Ticket:
        """Create a ticket for one stream.

        For browsers, which cannot set headers on streams: send it as `?ticket=…`, within a minute. From then on the same browser
        can open the same stream with it again for a day, so that an `EventSource` resumes by itself.
        """
        ticket, expires_us = await self._tickets.issue(Reader(call.actor, credential(call.scope) or b"", call.actor.address))
        return wire.Ticket(ticket, format_time(expires_us))


class Streams:
    """The raw endpoints, whose calls last as long as their readers stay connected."""

    def __init__(self, hub: LiveHub, admission: StreamAdmission) -> None:
        self.hub = hub
        self._admission = admission

    @asgi_operation(
        "GET",
        "/api/v2/streams/sse",
        surface="v2",
        tag=TAG,
        scope=SCOPE,
        of_project=True,
        query=StreamQuery,
        answer=str,
        media_type="text/event-stream",
        headers={"Last-Event-ID": "The id of the last received event; later ones are replayed."},
        example=Example(query={"keys": "temperature"}, answer=f"id: 51\nevent: reading\ndata: {_READING}\n\n"),
    )
    async def sse(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Stream readings over Server-Sent Events.

        Events: ready, reading, gap, end; a comment as heartbeat. The id of an event is the log's sequence number: reconnect with
        `Last-Event-ID` (or `cursor`), and missed readings are replayed or reported as a gap. These events are sent on request and
        never replayed: with `commands=true` (scope `commands:read`) command, for a change of an execution's state; with
        `connectivity=true` (scope `devices:read`) connectivity, when a device comes online or goes offline; with `events=true`
        (the same scope) event, a network server's report about a device; with `alerts=true` (scope `alerts:read`) alert, when an
        alert is raised, acknowledged, escalated or cleared; with `sms=true` or the kind `sms` (scope `sms:read`) sms, when a
        number or alias that you can access receives a message, or the state of one that was sent changes.
        """
        limited: Headers = []
        try:
            first, pieces = await self.open(scope, limited)
        except PenstockError as error:
            await send_problem(send, error, request_id_of(scope), limited)
            return
        headers = [
            (b"content-type", b"text/event-stream"),
            (b"cache-control", b"no-store"),
            # nginx would otherwise hold events back until its buffer is full.
            (b"x-accel-buffering", b"no"),
            (b"x-request-id", request_id_of(scope).encode()),
            *limited,
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        body = b"retry: %d\n\n" % RETRY_MS + _as_sse(first)
        await send({"type": "http.response.body", "body": body, "more_body": True})
        await _until_gone(self._write_sse(pieces, send), receive, "http.disconnect")

    async def open(self, scope: Scope, limited: Headers) -> tuple[list[Event], AsyncIterator[list[Event]]]:
        """Open the stream that a request selects. Returns its first events and those that follow.

        Headers with the caller's remaining limits are added to `limited`.

        Raises:
            PenstockError: the request is invalid or not allowed, or the organisation has too many readers.
        """
        reader, query = await self._admission.admit(scope, limited)
        requested = from_query(query).within(reader.actor)
        await self.check(reader, requested)
        pieces = self.follow(reader, requested, _last_event_id(scope, query))
        # Before anything is sent, so that an organisation with too many readers still gets an error response.
        first = await anext(pieces)
        # Last, so that a rejected call does not use up a single-use key.
        await self._admission.use(reader)
        return first, pieces

    async def _write_sse(self, pieces: AsyncIterator[list[Event]], send: Send) -> None:
        async for events in pieces:
            if events:
                body = _as_sse(events)
                events.clear()  # a reader that stalls holds what is being sent, and not a second time as events
                await send({"type": "http.response.body", "body": body, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    @asgi_operation(
        "GET",
        "/api/v2/streams/ws",
        surface="v2",
        tag=TAG,
        scope=SCOPE,
        of_project=True,
        status=101,
        query=StreamQuery,
        answer=str,
        example=Example(answer=f'{{"type":"reading","cursor":51,"reading":{_READING}}}'),
    )
    async def ws(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Stream readings over WebSocket.

        Send `{"type": "subscribe", …}` to replace the filter, `{"type": "ping"}` for a pong. Messages: ready, reading, command,
        connectivity, event, alert, sms, gap, heartbeat, error, end. Close codes: 1012 the server stops, 1013 slow reader, 1008
        too many bad messages, 4401 the key is no longer valid.
        """
        if scope["type"] == "http":
            await self._not_a_websocket(scope, send)
            return
        await receive()  # websocket.connect
        limited: Headers = []
        try:
            # Before the credential: a page of another site must not consume a ticket.
            self._admission.check_origin(scope)
            reader, query = await self._admission.admit(scope, limited)
            requested = from_query(query).within(reader.actor)
            await self.check(reader, requested)
            reader = await self._admission.use(reader)
        except PenstockError as error:
            close_code = _REFUSED.get(error.kind, 4400)
            await refuse_websocket(scope, send, error, request_id_of(scope), close_code, limited)
            return
        await send({"type": "websocket.accept", "headers": limited})
        await _Conversation(self, reader, receive, send).run(requested, query.cursor)

    async def _not_a_websocket(self, scope: Scope, send: Send) -> None:
        limited: Headers = []
        try:
            await self._admission.admit(scope, limited)
            raise InvalidInput.field("Upgrade", "this path must be opened as a WebSocket")
        except PenstockError as error:
            await send_problem(send, error, request_id_of(scope), limited)

    async def renewed(self, reader: Reader, filters: StreamFilter) -> Reader:
        """The reader with the rights that its credential has now, if they still cover a filter.

        Raises:
            PenstockError: the credential has ended, or lost a scope that the filter needs.
        """
        reader = await self._admission.renewed(reader)
        _check_scopes(reader, filters)
        if filters.reader is not None and filters.reader.granted_only != reader.actor.granted_only:
            raise GrantsChanged()
        return reader

    async def check(self, reader: Reader, filters: StreamFilter) -> None:
        """Check that a reader can access what a filter selects.

        Raises:
            ProjectBound: the filter selects messages, and the key is bound to a project.
            ScopeMissing: the filter selects commands, connectivity, events, alerts or messages, and the key does not have the
            scope.
            DeviceNotFound: one of the filter's devices is not accessible to the reader.
        """
        _check_scopes(reader, filters)
        await self.hub.check(reader.actor, filters)

    async def follow(self, reader: Reader, filters: StreamFilter, after: Seq | None) -> AsyncIterator[list[Event]]:
        """The hub's events, until the reader's key becomes invalid."""
        clock = asyncio.get_running_loop().time
        checked = clock()
        cursor = after or Seq(0)
        # Closed explicitly: otherwise the subscription would remain until the generator is collected.
        async with contextlib.aclosing(self.hub.follow(reader.actor.org_id, filters, after)) as pieces:  # type: ignore[type-var]
            async for events in pieces:
                cursor = events[-1].seq if events else cursor
                yield events
                if clock() - checked >= RECHECK_S:
                    checked = clock()
                    # Checked in the loop, because no request marks the time at which a key is revoked or expires.
                    try:
                        await self.renewed(reader, filters)
                    except PenstockError:
                        yield [Event("end", cursor, b'{"reason":"credential_revoked"}')]
                        return


def _check_scopes(reader: Reader, filters: StreamFilter) -> None:
    """Check that a reader has the scopes of a filter's events other than readings."""
    if filters.commands:
        reader.actor.require(COMMANDS_SCOPE)
    if filters.connectivity or filters.events:
        reader.actor.require(CONNECTIVITY_SCOPE)
    if filters.alerts:
        reader.actor.require(ALERTS_SCOPE)
    if filters.sms:
        reader.actor.require(SMS_SCOPE)
        if reader.actor.project_id is not None:
            raise ProjectBound()


class _Conversation:
    """One WebSocket: its incoming messages replace the filter of the outgoing events."""

    def __init__(self, streams: Streams, reader: Reader, receive: Receive, send: Send) -> None:
        self._streams = streams
        self._reader = reader
        self._receive = receive
        self._send = send
        self._writing: asyncio.Task[None] | None = None
        self._bad = 0

    async def run(self, filters: StreamFilter, cursor: Seq | None) -> None:
        """Exchange messages until one side closes."""
        self._writing = asyncio.create_task(self._write(filters, cursor))
        try:
            while True:
                message = await self._receive()
                if message["type"] == "websocket.disconnect":
                    return
                if not await self._handle(message):
                    return
        finally:
            await self._stop_writing()

    async def _stop_writing(self) -> None:
        if self._writing is not None:
            self._writing.cancel()
            await asyncio.gather(self._writing, return_exceptions=True)

    async def _handle(self, message: msgspec.Raw | object) -> bool:
        """Handle one message. Returns whether the conversation continues."""
        try:
            asked = _decode(message)
            if isinstance(asked, Ping):
                await self._send_text(b'{"type":"pong"}')
                return True
            requested = from_message(asked).within(self._reader.actor)
            self._reader = await self._streams.renewed(self._reader, requested)
            await self._streams.check(self._reader, requested)
        except PenstockError as error:
            # The connection stays open, because the previous filter still applies. The counter ends clients that only send
            # errors.
            self._bad += 1
            body = {"type": "error", "code": error.code, "detail": error.detail}
            await self._send_text(msgspec.json.encode(body))
            if self._bad >= MAX_BAD_MESSAGES:
                await self._send({"type": "websocket.close", "code": 1008, "reason": "too many bad messages"})
                return False
            return True
        # Before the new one starts: an event of the old filter must not follow the new filter's `ready`.
        await self._stop_writing()
        self._writing = asyncio.create_task(self._write(requested, asked.cursor))
        return True

    async def _write(self, filters: StreamFilter, after: Seq | None) -> None:
        reason = "server_stopping"
        try:
            async for events in self._streams.follow(self._reader, filters, after):
                for event in events:
                    await self._send_text(_as_message(event))
                    if event.name == "end":
                        reason = msgspec.json.decode(event.body)["reason"]
        except PenstockError as error:
            reason = error.code
        await self._send({"type": "websocket.close", "code": _CLOSE.get(reason, 1013), "reason": reason})

    async def _send_text(self, body: bytes) -> None:
        await self._send({"type": "websocket.send", "text": body.decode()})


def _decode(message: object) -> Subscribe | Ping:
    assert isinstance(message, dict)
    text = message.get("text")
    if not isinstance(text, str) or len(text) > MAX_MESSAGE_BYTES:
        raise InvalidInput.field("", "a message must be a JSON object in a text frame")
    found: Subscribe | Ping = decode_body(text.encode(), Subscribe | Ping)
    return found


def _last_event_id(scope: Scope, query: StreamQuery) -> Seq | None:
    # The header wins: a browser that reconnects sends it, while its URL still has the cursor of the first request.
    value = header(scope, b"last-event-id")
    if value is None:
        return query.cursor
    # Numbers of 18 digits fit into SQLite's 64-bit integers.
    if not value.isdigit() or len(value) > 18:
        raise InvalidInput.field("Last-Event-ID", "must be the id of an event of this stream")
    return Seq(int(value))


def _as_sse(events: Iterable[Event]) -> bytes:
    # Heartbeats are comments: they keep proxies from closing an idle connection, and browsers do not report them as events.
    return b"".join(b": ping\n\n" if event.name == "heartbeat" else _sse_event(event.name.encode(), event) for event in events)


def _sse_event(name: bytes, event: Event) -> bytes:
    return b"id: %d\nevent: %b\ndata: %b\n\n" % (event.seq, name, event.body)


def _as_message(event: Event) -> bytes:
    if event.name in ("reading", "command", "connectivity", "event", "alert", "sms"):
        name = event.name.encode()
        return b'{"type":"%b","cursor":%d,"%b":%b}' % (name, event.seq, name, event.body)
    return b'{"type":"%b",%b' % (event.name.encode(), event.body[1:])


async def _until_gone(work: object, receive: Receive, gone: str) -> None:
    """Run the work until it ends or the client disconnects."""

    async def watch() -> None:
        while (await receive())["type"] != gone:
            continue

    tasks = [asyncio.ensure_future(work), asyncio.create_task(watch())]  # type: ignore[call-overload]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
