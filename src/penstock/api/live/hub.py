"""The live hub: from each commit of the log to every reader that wants it.

Theory of operation. A reader that resumes is first fed from the log, page by page, until it has come to the log's end; in
that same step of the event loop it joins the live readers, so that nothing falls between. From then on the listener puts
each new reading on its queue, and the reader's own task drains it. Sequence numbers only grow, and what is not greater than
the last one sent is skipped, so nothing comes twice either.

Queues are bounded. When one is full its reader is cut: the queue is dropped, the reader is told `slow_reader` and can resume
from its cursor. Nothing is ever held back for a slow reader, and the listener never waits for one.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Sequence

import msgspec

from penstock.api.live.config import StreamConfig
from penstock.api.live.errors import TooManyReaders
from penstock.api.live.filters import StreamFilter
from penstock.core.devices.directory import DeviceDirectory
from penstock.core.devices.errors import DeviceNotFound
from penstock.core.telemetry.models import Reading
from penstock.core.telemetry.store import ReadingLog
from penstock.kit.clock import format_time
from penstock.kit.ids import Prefix, encode

REPLAY_ROWS = 500
MAX_RENDERED = 4_096


class Event(msgspec.Struct, frozen=True, gc=False):
    """One thing to tell a reader: `ready`, `reading`, `gap`, `heartbeat` or `end`. `seq` is the cursor after it."""

    name: str
    seq: int
    body: bytes


class _Subscription:
    """A live reader: its queue, and why it was cut."""

    def __init__(self, wanted: StreamFilter, limit: int) -> None:
        self.wanted = wanted
        self.queue: deque[Reading] = deque()
        self.wake = asyncio.Event()
        self.cut: str | None = None
        self._limit = limit

    def offer(self, reading: Reading) -> None:
        if self.cut is not None or not self.wanted.takes(reading):
            return
        if len(self.queue) >= self._limit:
            self.end("slow_reader")
            return
        self.queue.append(reading)
        self.wake.set()

    def end(self, reason: str) -> None:
        self.cut = self.cut or reason
        self.queue.clear()
        self.wake.set()


class LiveHub:
    """Readers of streams, by organisation and by device."""

    def __init__(self, log: ReadingLog, directory: DeviceDirectory, config: StreamConfig) -> None:
        self._log = log
        self._directory = directory
        self._config = config
        self._of_org: dict[int, set[_Subscription]] = defaultdict(set)
        self._of_device: dict[int, set[_Subscription]] = defaultdict(set)
        self._readers: dict[int, int] = defaultdict(int)
        self._rendered: dict[int, bytes] = {}
        self._stopping = False
        log.subscribe(self._on_commit)

    @property
    def readers(self) -> int:
        """How many streams are open."""
        return sum(self._readers.values())

    def stop(self) -> None:
        """End every stream: the server stops."""
        self._stopping = True
        for subscriptions in (*self._of_org.values(), *self._of_device.values()):
            for subscription in subscriptions:
                subscription.end("server_stopping")

    async def check(self, org_id: int, wanted: StreamFilter) -> None:
        """Whether the devices of a filter are the organisation's.

        Raises:
            DeviceNotFound: one of them is not.
        """
        for device_id in wanted.devices:
            await self._directory.get(org_id, device_id)

    async def follow(self, org_id: int, wanted: StreamFilter, after: int | None) -> AsyncIterator[list[Event]]:
        """What a reader is to be told, in pieces to be sent at once. Ends after an `end` event.

        Raises:
            TooManyReaders: at the first piece.
        """
        if self._readers[org_id] >= self._config.max_readers_per_org:
            raise TooManyReaders(limit=self._config.max_readers_per_org)
        self._readers[org_id] += 1
        try:
            cursor, first = self._begin(after)
            yield first
            while cursor < self._log.last_seq:
                target = self._log.last_seq
                rows = await self._log.read_after(cursor, REPLAY_ROWS, org_id)
                found = await self._events(org_id, wanted, [row for row in rows if wanted.takes(row)])
                cursor = rows[-1].seq if len(rows) == REPLAY_ROWS else max([target, *(row.seq for row in rows)])
                if found:
                    yield found
            async for events in self._live(org_id, wanted, cursor):
                yield events
        finally:
            self._readers[org_id] -= 1

    def _begin(self, after: int | None) -> tuple[int, list[Event]]:
        last, oldest = self._log.last_seq, self._log.first_seq - 1
        if after is None:
            return last, [_event("ready", last, {"cursor": last})]
        if after > last:
            gap = {"reason": "unknown_cursor", "requested_after": after, "resumes_after": last}
            return last, [_event("gap", last, gap), _event("ready", last, {"cursor": last})]
        if after < oldest:
            gap = {"reason": "no_longer_kept", "requested_after": after, "resumes_after": oldest}
            return oldest, [_event("gap", oldest, gap), _event("ready", oldest, {"cursor": oldest})]
        return after, [_event("ready", after, {"cursor": after})]

    async def _live(self, org_id: int, wanted: StreamFilter, cursor: int) -> AsyncIterator[list[Event]]:
        subscription = _Subscription(wanted, self._config.max_queued_events)
        homes = [self._of_device[device_id] for device_id in wanted.devices] or [self._of_org[org_id]]
        for home in homes:
            home.add(subscription)
        if self._stopping:
            subscription.end("server_stopping")
        try:
            while subscription.cut is None:
                try:
                    await asyncio.wait_for(subscription.wake.wait(), self._config.heartbeat_s)
                except TimeoutError:
                    yield [_event("heartbeat", cursor, {"cursor": cursor})]
                    continue
                subscription.wake.clear()
                rows = [row for row in subscription.queue if row.seq > cursor]
                subscription.queue.clear()
                if rows:
                    cursor = rows[-1].seq
                    found = await self._events(org_id, wanted, rows)
                    if found:
                        yield found
            yield [_event("end", cursor, {"reason": subscription.cut, "cursor": cursor})]
        finally:
            for home in homes:
                home.discard(subscription)
            self._tidy(org_id, wanted)

    def _tidy(self, org_id: int, wanted: StreamFilter) -> None:
        for device_id in wanted.devices:
            if not self._of_device.get(device_id, True):
                del self._of_device[device_id]
        if not self._of_org.get(org_id, True):
            del self._of_org[org_id]

    def _on_commit(self, readings: Sequence[Reading]) -> None:
        if not self._of_org and not self._of_device:
            return
        for reading in readings:
            for subscription in self._of_org.get(reading.org_id, ()):
                subscription.offer(reading)
            for subscription in self._of_device.get(reading.device_id, ()):
                subscription.offer(reading)

    async def _events(self, org_id: int, wanted: StreamFilter, rows: list[Reading]) -> list[Event]:
        found = []
        for row in rows:
            device = self._directory.known(org_id, row.device_id)
            if device is None:
                try:
                    device = await self._directory.get(org_id, row.device_id)
                except DeviceNotFound:
                    continue  # deleted meanwhile: its readings are gone everywhere
            if wanted.project_id is not None and device.project_id != wanted.project_id:
                continue
            if not wanted.keys:
                found.append(Event("reading", row.seq, self._render(row, device.project_id)))
                continue
            picked = wanted.pick(row.payload)
            if picked is not None:
                found.append(Event("reading", row.seq, _render(row, device.project_id, msgspec.json.encode(picked))))
        return found

    def _render(self, row: Reading, project_id: int) -> bytes:
        """The event's JSON, made once for all readers of it."""
        body = self._rendered.get(row.seq)
        if body is None:
            if len(self._rendered) >= MAX_RENDERED:
                self._rendered.clear()
            body = self._rendered[row.seq] = _render(row, project_id, row.payload)
        return body


class _ReadingBody(msgspec.Struct, gc=False):
    id: str
    seq: int
    type: str
    device_id: str
    project_id: str
    time: str
    received_at: str
    channel: str | None
    backfill: bool
    data: msgspec.Raw


def _render(row: Reading, project_id: int, data: bytes) -> bytes:
    # A payload may hold line breaks between its tokens, which would end a line of an SSE event.
    raw = msgspec.Raw(msgspec.json.format(data, indent=-1) if b"\n" in data or b"\r" in data else data)
    return msgspec.json.encode(
        _ReadingBody(
            encode(Prefix.READING, row.seq),
            row.seq,
            row.kind,
            encode(Prefix.DEVICE, row.device_id),
            encode(Prefix.PROJECT, project_id),
            format_time(row.time_us),
            format_time(row.received_us),
            row.channel,
            row.backfill,
            raw,
        )
    )


def _event(name: str, seq: int, body: dict[str, object]) -> Event:
    return Event(name, seq, msgspec.json.encode(body))
