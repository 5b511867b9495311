"""Live streams over Server-Sent Events that resume: nothing is missed and nothing comes twice, or a `gap` says so."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncGenerator, Generator, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any

import httpx

from ._request import Request, Retries, failure_of, joined
from ._resource import AsyncResource, Resource
from ._sse import Message, Parser
from ._transport import AsyncTransport, Transport, log
from .errors import ApiError, ConnectionFailed, RateLimited, ServerError

PATH = "/api/v2/streams/sse"
SILENT_S = 45.0
"""Three heartbeats of the server: a connection that is silent for so long is dead."""


@dataclass(frozen=True)
class Event:
    """What a stream reports.

    `name` is `reading`, or what else was asked for: `command`, `connectivity`, `event`, `alert`, `sms`; or `gap`: the
    readings between `data["requested_after"]` and `data["resumes_after"]` are no longer kept for streams, and can be read
    from the history. `cursor` is the place in the log, from which another stream can resume.
    """

    name: str
    cursor: int
    data: dict[str, Any]


class _State:
    """Where a stream is: what it asks for, and after which event."""

    def __init__(self, query: dict[str, Any], cursor: int | None, retries: Retries, patience: int | None) -> None:
        self.query = query
        self.cursor = cursor
        self.reconnects = 0
        self._retries = retries
        self._patience = patience
        self._failed = 0

    def request(self) -> Request:
        headers = {"accept": "text/event-stream", "cache-control": "no-store"}
        if self.cursor is not None:
            headers["last-event-id"] = str(self.cursor)
        return Request("GET", PATH, query=self.query, headers=headers, timeout_s=SILENT_S)

    def event(self, message: Message) -> Event | None:
        """The event of a message; None if it is of no interest to the caller."""
        if message.name == "end":
            return None
        self._failed = 0
        cursor = int(message.id or 0)
        self.cursor = max(self.cursor or 0, cursor)
        return None if message.name == "ready" else Event(message.name, cursor, json.loads(message.data))

    def pause(self, error: Exception | None) -> float:
        """Seconds until the next connection, after one that ended or failed.

        Raises:
            PenstockError: it is of no use to try again, or has been tried often enough.
        """
        self._failed += 1
        self.reconnects += 1
        lasting = isinstance(error, ApiError) and not isinstance(error, (RateLimited, ServerError))
        if error is not None and (lasting or (self._patience is not None and self._failed > self._patience)):
            raise error
        wait = self._retries.backoff(self._failed - 1)
        if isinstance(error, ApiError) and error.retry_after:
            wait = max(wait, error.retry_after)
        log.info("the stream ended (%s); it resumes in %.1f s", type(error).__name__ if error else "by the server", wait)
        return wait


class EventStream:
    """An iterator over events that connects again and resumes when the connection ends. `cursor` is the last event's place.

    It ends when it is closed. Errors that waiting does not cure are raised: a key that was revoked, a device that is not there.
    """

    def __init__(self, transport: Transport, state: _State) -> None:
        self._transport = transport.without_retries()
        self._state = state
        self._closed = False
        self._events = self._follow()

    @property
    def cursor(self) -> int | None:
        """After which event the stream resumes; None before the first connection."""
        return self._state.cursor

    @property
    def reconnects(self) -> int:
        """How often it connected again."""
        return self._state.reconnects

    def __iter__(self) -> EventStream:
        return self

    def __next__(self) -> Event:
        return next(self._events)

    def close(self) -> None:
        """End the stream. If another thread waits for an event, it waits until the next one or a heartbeat (15 s)."""
        self._closed = True
        with contextlib.suppress(ValueError):  # another thread iterates
            self._events.close()

    def __enter__(self) -> EventStream:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _follow(self) -> Generator[Event, None, None]:
        while not self._closed:
            failure: Exception | None = None
            try:
                yield from self._connected()
            except (httpx.TransportError, httpx.StreamError) as error:
                failure = ConnectionFailed(str(error)) if isinstance(error, httpx.StreamError) else failure_of(error)
            except (ApiError, ConnectionFailed) as error:
                failure = error
            if not self._closed:
                time.sleep(self._state.pause(failure))

    def _connected(self) -> Generator[Event, None, None]:
        parser = Parser()
        response = self._transport.send(self._state.request(), stream=True)
        try:
            for line in response.iter_lines():
                if self._closed:
                    return
                for message in parser.take(line):
                    event = self._state.event(message)
                    if event is not None:
                        yield event
        finally:
            response.close()


class AsyncEventStream:
    """As `EventStream`, with `async for`."""

    def __init__(self, transport: AsyncTransport, state: _State) -> None:
        self._transport = transport.without_retries()
        self._state = state
        self._closed = False
        self._events = self._follow()

    @property
    def cursor(self) -> int | None:
        """After which event the stream resumes; None before the first connection."""
        return self._state.cursor

    @property
    def reconnects(self) -> int:
        """How often it connected again."""
        return self._state.reconnects

    def __aiter__(self) -> AsyncEventStream:
        return self

    async def __anext__(self) -> Event:
        return await self._events.__anext__()

    async def close(self) -> None:
        """End the stream. If another task waits for an event, it waits until the next one or a heartbeat; cancel it instead."""
        self._closed = True
        with contextlib.suppress(RuntimeError):  # another task iterates
            await self._events.aclose()

    async def __aenter__(self) -> AsyncEventStream:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.close()

    async def _follow(self) -> AsyncGenerator[Event, None]:
        while not self._closed:
            failure: Exception | None = None
            try:
                async for event in self._connected():
                    yield event
            except (httpx.TransportError, httpx.StreamError) as error:
                failure = ConnectionFailed(str(error)) if isinstance(error, httpx.StreamError) else failure_of(error)
            except (ApiError, ConnectionFailed) as error:
                failure = error
            if not self._closed:
                await asyncio.sleep(self._state.pause(failure))

    async def _connected(self) -> AsyncGenerator[Event, None]:
        parser = Parser()
        response = await self._transport.send(self._state.request(), stream=True)
        try:
            async for line in response.aiter_lines():
                if self._closed:
                    return
                for message in parser.take(line):
                    event = self._state.event(message)
                    if event is not None:
                        yield event
        finally:
            await response.aclose()


def _query(
    devices: str | Sequence[str] | None, project: str | None, kinds: str | Sequence[str] | None, keys: str | Sequence[str] | None
) -> dict[str, Any]:
    return {"devices": joined(devices), "project": project, "kinds": joined(kinds), "keys": joined(keys)}


def _asked(**wanted: bool) -> dict[str, bool]:
    return {name: True for name, value in wanted.items() if value}


class StreamMethods(Resource):
    """Streams that resume."""

    def readings(
        self,
        *,
        devices: str | Sequence[str] | None = None,
        project: str | None = None,
        kinds: str | Sequence[str] | None = None,
        keys: str | Sequence[str] | None = None,
        commands: bool = False,
        connectivity: bool = False,
        events: bool = False,
        alerts: bool = False,
        sms: bool = False,
        cursor: int | None = None,
        max_failures: int | None = None,
    ) -> EventStream:
        """Follow readings as they are stored, and what else is asked for.

        `devices` are ids; by default all. With `keys`, only readings that contain one of these sensors. `commands`,
        `connectivity`, `events`, `alerts` and `sms` add what happens with these devices; those are not repeated after an
        interruption. `cursor` resumes an earlier stream. `max_failures` are failed connections in a row after which the
        error is raised; by default it tries forever.
        """
        more = _asked(commands=commands, connectivity=connectivity, events=events, alerts=alerts, sms=sms)
        query = {**_query(devices, project, kinds, keys), **more}
        return EventStream(self._transport, _State(query, cursor, self._transport.retries, max_failures))


class AsyncStreamMethods(AsyncResource):
    """Streams that resume, for an event loop."""

    def readings(
        self,
        *,
        devices: str | Sequence[str] | None = None,
        project: str | None = None,
        kinds: str | Sequence[str] | None = None,
        keys: str | Sequence[str] | None = None,
        commands: bool = False,
        connectivity: bool = False,
        events: bool = False,
        alerts: bool = False,
        sms: bool = False,
        cursor: int | None = None,
        max_failures: int | None = None,
    ) -> AsyncEventStream:
        """As `Streams.readings`."""
        more = _asked(commands=commands, connectivity=connectivity, events=events, alerts=alerts, sms=sms)
        query = {**_query(devices, project, kinds, keys), **more}
        return AsyncEventStream(self._transport, _State(query, cursor, self._transport.retries, max_failures))
