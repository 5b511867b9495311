"""The live hub: from each commit of the log to every reader that wants it.

Theory of operation. A reader is *behind* or *live*. One that is behind is fed from the log, page by page. When it has come
to the log's end it is live from that same step of the event loop on, so that nothing falls between: the listener puts each
new reading on its queue, and the reader's own task drains it. Sequence numbers only grow, and what is not greater than the
last one sent is skipped, so nothing comes twice either.

Queues are bounded. A reader whose queue is full is behind again: the queue is dropped, and the log has what was in it. If it
does not come back within `catch_up_s` it is cut, is told `slow_reader`, and can resume from its cursor. So nothing is held
back for a slow reader without bound, a burst larger than the queue cuts nobody, and the listener never waits.

What becomes of commands, connectivity and alerts comes from the outbox and is no part of the log: whoever asked for it is told
while the stream is open, and nothing of it is replayed. A reader that leaves more than a queue of it is cut as slow.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Iterator, Sequence

import msgspec

from penstock.api.live.config import StreamConfig
from penstock.api.live.errors import TooManyReaders
from penstock.api.live.filters import StreamFilter
from penstock.core.actor import Actor
from penstock.core.devices.directory import DeviceDirectory
from penstock.core.devices.errors import DeviceNotFound
from penstock.core.telemetry.models import Reading
from penstock.core.telemetry.store import ReadingLog
from penstock.kit.clock import format_time
from penstock.kit.ids import DeviceId, OrgId, Prefix, ProjectId, Seq, encode

REPLAY_ROWS = 500
MAX_RENDERED = 4_096
TICK_S = 2.0
"""A stream's key is looked at again after this time at the latest, even while nothing happens."""


class Event(msgspec.Struct, frozen=True, gc=False):
    """One thing to tell a reader. `seq` is the cursor after it.

    Names: `ready`, `reading`, `command`, `connectivity`, `event`, `alert`, `gap`, `heartbeat` and `end`.
    """

    name: str
    seq: int
    body: bytes


class _Subscription:
    """An open stream: whether it is behind, its queue, and why it was cut."""

    def __init__(self, wanted: StreamFilter, limit: int) -> None:
        self.wanted = wanted
        self.queue: deque[Reading] = deque()
        self.notices: deque[tuple[str, bytes]] = deque()
        self.wake = asyncio.Event()
        self.behind = True
        self.fell_behind_at: float | None = None
        self.cut: str | None = None
        self._limit = limit

    def offer(self, reading: Reading) -> bool:
        """Queue a new reading, if it is wanted and the reader is live; whether there was something to wake it for."""
        if self.behind or not self.wanted.takes(reading):
            return False
        if len(self.queue) < self._limit:
            self.queue.append(reading)
        else:
            self.behind = True
            self.fell_behind_at = asyncio.get_running_loop().time()
            self.queue.clear()
        return True

    def tell(self, name: str, notice: bytes) -> None:
        """Queue something that is no reading."""
        if len(self.notices) >= self._limit:
            self.end("slow_reader")
            return
        self.notices.append((name, notice))
        self.wake.set()

    def go_live(self) -> None:
        """From now on new readings are queued."""
        self.behind = False
        self.fell_behind_at = None

    def end(self, reason: str) -> None:
        """Cut the reader."""
        self.cut = self.cut or reason
        self.queue.clear()
        self.notices.clear()
        self.wake.set()

    def take(self) -> list[Reading]:
        """What is queued, which is not queued any more."""
        rows = list(self.queue)
        self.queue.clear()
        self.wake.clear()
        return rows

    async def wait(self, seconds: float) -> None:
        """Until something happens, at most so long."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.wake.wait()


class LiveHub:
    """Readers of streams, by organisation and by device."""

    def __init__(self, log: ReadingLog, directory: DeviceDirectory, config: StreamConfig) -> None:
        self._log = log
        self._directory = directory
        self._config = config
        self._of_org: dict[OrgId, set[_Subscription]] = defaultdict(set)
        self._of_device: dict[DeviceId, set[_Subscription]] = defaultdict(set)
        self._readers: dict[OrgId, int] = defaultdict(int)
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

    async def check(self, actor: Actor, wanted: StreamFilter) -> None:
        """Whether the devices of a filter are within a reader's bounds.

        Raises:
            DeviceNotFound: one of them is not.
        """
        for device_id in wanted.devices:
            await self._directory.reach(actor, device_id)

    async def tell(self, org_id: OrgId, device_id: DeviceId, name: str, notice: bytes) -> None:
        """Tell those who asked for it of a device's `command`, `connectivity`, `event` or `alert`.

        One that is deleted is not told of.
        """
        homes = (self._of_org.get(org_id, ()), self._of_device.get(device_id, ()))
        asked = {one for home in homes for one in home if one.wanted.wants(name)}
        if not asked:
            return
        try:
            device = await self._directory.get(org_id, device_id)
        except DeviceNotFound:
            return
        for subscription in asked:
            if subscription.wanted.project_id in (None, device.project_id):
                subscription.tell(name, notice)

    async def follow(self, org_id: OrgId, wanted: StreamFilter, after: int | None) -> AsyncIterator[list[Event]]:
        """What a reader is to be told, in pieces to be sent at once. Ends after an `end` event.

        A piece may be empty: at least every `TICK_S` the caller gets its turn.

        Raises:
            TooManyReaders: at the first piece.
        """
        if self._readers[org_id] >= self._config.max_readers_per_org:
            raise TooManyReaders(limit=self._config.max_readers_per_org)
        self._readers[org_id] += 1
        try:
            cursor, first = self._begin(after)
            with self._joined(org_id, wanted) as subscription:
                yield first
                async for events in self._feed(org_id, subscription, cursor):
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

    async def _feed(self, org_id: OrgId, subscription: _Subscription, cursor: int) -> AsyncIterator[list[Event]]:
        clock = asyncio.get_running_loop().time
        said_at = clock()
        while subscription.cut is None:
            if not subscription.behind:
                await subscription.wait(min(TICK_S, max(said_at + self._config.heartbeat_s - clock(), 0)))
                rows = [row for row in subscription.take() if row.seq > cursor]
                cursor = rows[-1].seq if rows else cursor
            elif cursor < self._log.last_seq:
                rows, cursor = await self._replay(org_id, subscription.wanted, cursor)
                if subscription.fell_behind_at is not None and clock() - subscription.fell_behind_at > self._config.catch_up_s:
                    subscription.end("slow_reader")
            else:
                subscription.go_live()
                continue
            events = await self._events(org_id, subscription.wanted, rows)
            while subscription.notices:
                name, notice = subscription.notices.popleft()
                events.append(Event(name, cursor, notice))
            if not events and clock() - said_at >= self._config.heartbeat_s:
                events = [_event("heartbeat", cursor, {"cursor": cursor})]
            if events:
                said_at = clock()
            yield events
        yield [_event("end", cursor, {"reason": subscription.cut, "cursor": cursor})]

    async def _replay(self, org_id: OrgId, wanted: StreamFilter, cursor: int) -> tuple[list[Reading], int]:
        """The next page of the log, and the cursor after it."""
        target = self._log.last_seq
        rows = await self._log.read_after(Seq(cursor), REPLAY_ROWS, org_id)
        cursor = rows[-1].seq if len(rows) == REPLAY_ROWS else max([target, *(row.seq for row in rows)])
        return [row for row in rows if wanted.takes(row)], cursor

    @contextlib.contextmanager
    def _joined(self, org_id: OrgId, wanted: StreamFilter) -> Iterator[_Subscription]:
        subscription = _Subscription(wanted, self._config.max_queued_events)
        homes = [self._of_device[device_id] for device_id in wanted.devices] or [self._of_org[org_id]]
        for home in homes:
            home.add(subscription)
        if self._stopping:
            subscription.end("server_stopping")
        try:
            yield subscription
        finally:
            for home in homes:
                home.discard(subscription)
            self._tidy(org_id, wanted)

    def _tidy(self, org_id: OrgId, wanted: StreamFilter) -> None:
        for device_id in wanted.devices:
            if not self._of_device.get(device_id, True):
                del self._of_device[device_id]
        if not self._of_org.get(org_id, True):
            del self._of_org[org_id]

    def _on_commit(self, readings: Sequence[Reading]) -> None:
        if not self._of_org and not self._of_device:
            return
        woken: set[_Subscription] = set()
        for reading in readings:
            readers = (*self._of_org.get(reading.org_id, ()), *self._of_device.get(reading.device_id, ()))
            woken.update(one for one in readers if one.offer(reading))
        if woken:  # in the next turn, so that whoever waits for this commit is answered before a thousand readers are served
            asyncio.get_running_loop().call_soon(_wake, woken)

    async def _events(self, org_id: OrgId, wanted: StreamFilter, rows: list[Reading]) -> list[Event]:
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

    def _render(self, row: Reading, project_id: ProjectId) -> bytes:
        """The event's JSON, made once for all readers of it."""
        body = self._rendered.get(row.seq)
        if body is None:
            if len(self._rendered) >= MAX_RENDERED:
                self._rendered.clear()
            body = self._rendered[row.seq] = _render(row, project_id, row.payload)
        return body


def _wake(subscriptions: set[_Subscription]) -> None:
    for subscription in subscriptions:
        subscription.wake.set()


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


def _render(row: Reading, project_id: ProjectId, data: bytes) -> bytes:
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
