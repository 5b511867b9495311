"""The live hub: passes each commit of the log to the readers whose filter matches.

Theory of operation. A reader is *behind* or *live*. A reader that is behind is served from the log, page by page. When it
reaches the end of the log, it becomes live in that same step of the event loop, so that no reading is missed: the listener puts
each new reading on its queue, and the reader's own task drains it. Sequence numbers only increase, and readings with a number up
to the last one sent are skipped, so no reading is sent twice.

Queues are bounded. A reader whose queue is full is behind again: the queue is dropped, because the log has its content. If the
reader does not catch up within `catch_up_s`, it is disconnected with the reason `slow_reader`, and can resume from its cursor.
So a slow reader never holds back unbounded memory, a burst larger than the queue disconnects no one, and the listener never
waits.

Notices about commands, connectivity, events, alerts and messages of inboxes come from the outbox and are not in the log:
subscribers receive them while the stream is open, and they are never replayed. A reader with more than a queue of unread notices
is disconnected as slow.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from typing import TypeAlias

import msgspec

from penstock.api.live.config import StreamConfig
from penstock.api.live.errors import TooManyReaders
from penstock.api.live.filters import SMS, StreamFilter
from penstock.core.actor import Actor
from penstock.core.devices.directory import DeviceDirectory
from penstock.core.devices.errors import DeviceNotFound
from penstock.core.telemetry.models import Reading
from penstock.core.telemetry.store import ReadingLog
from penstock.kit.clock import format_time
from penstock.kit.ids import DeviceId, OrgId, Prefix, ProjectId, Seq, encode

Reaches: TypeAlias = Callable[[Actor], Awaitable[bool]]
"""Whether a reader can access an address."""
REPLAY_ROWS = 200
"""A page of readings that were missed. Each reader that stalls holds one, encoded, twice: here and in its connection's buffer."""
MAX_RENDERED = 4_096
TICK_S = 2.0
"""The longest time between two checks of a stream's key, even if nothing is sent."""


class Event(msgspec.Struct, frozen=True, gc=False):
    """One event for a reader. `seq` is the cursor after it.

    Names: `ready`, `reading`, `command`, `connectivity`, `event`, `alert`, `sms`, `gap`, `heartbeat` and `end`.
    """

    name: str
    seq: Seq
    body: bytes


class _Subscription:
    """An open stream: whether it is behind, its queue, and why it was disconnected."""

    def __init__(self, filters: StreamFilter, limit: int) -> None:
        self.filters = filters
        self.queue: deque[Reading] = deque()
        self.notices: deque[tuple[str, bytes]] = deque()
        self.wake = asyncio.Event()
        self.behind = True
        self.fell_behind_at: float | None = None
        self.cut: str | None = None
        self._limit = limit

    def offer(self, reading: Reading) -> bool:
        """Queue a new reading if it matches and the reader is live. Returns whether the reader must be woken."""
        if self.behind or not self.filters.accepts(reading):
            return False
        if len(self.queue) < self._limit:
            self.queue.append(reading)
        else:
            self.behind = True
            self.fell_behind_at = asyncio.get_running_loop().time()
            self.queue.clear()
        return True

    def notify(self, name: str, notice: bytes) -> None:
        """Queue a notice, that is, an event other than a reading."""
        if len(self.notices) >= self._limit:
            self.end("slow_reader")
            return
        self.notices.append((name, notice))
        self.wake.set()

    def go_live(self) -> None:
        """Queue new readings from now on."""
        self.behind = False
        self.fell_behind_at = None

    def end(self, reason: str) -> None:
        """Disconnect the reader."""
        # The first reason is the cause; later ones follow from it.
        self.cut = self.cut or reason
        self.queue.clear()
        self.notices.clear()
        self.wake.set()

    def drain(self) -> list[Reading]:
        """Return the queued readings and empty the queue."""
        rows = list(self.queue)
        self.queue.clear()
        self.wake.clear()
        return rows

    async def wait(self, seconds: float) -> None:
        """Wait until the reader is woken, at most this long."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.wake.wait()


class LiveHub:
    """The readers of streams, by organisation and by device."""

    def __init__(self, log: ReadingLog, directory: DeviceDirectory, config: StreamConfig) -> None:
        self._log = log
        self._directory = directory
        self._config = config
        self._of_org: dict[OrgId, set[_Subscription]] = defaultdict(set)
        self._of_device: dict[DeviceId, set[_Subscription]] = defaultdict(set)
        self._of_inboxes: dict[OrgId, set[_Subscription]] = defaultdict(set)
        self._readers: dict[OrgId, int] = defaultdict(int)
        self._rendered: dict[int, bytes] = {}
        self._stopping = False
        log.subscribe(self._on_commit)

    @property
    def readers(self) -> int:
        """The number of open streams."""
        return sum(self._readers.values())

    def stop(self) -> None:
        """End all streams, because the server stops."""
        self._stopping = True
        for subscriptions in (*self._of_org.values(), *self._of_device.values()):
            for subscription in subscriptions:
                subscription.end("server_stopping")

    async def check(self, actor: Actor, filters: StreamFilter) -> None:
        """Check that the devices of a filter are accessible to a reader.

        Raises:
            DeviceNotFound: one of them is not.
        """
        for device_id in filters.devices:
            await self._directory.reach(actor, device_id)

    async def send_notice(
        self, org_id: OrgId, device_id: DeviceId, name: str, notice: bytes, project_id: ProjectId | None = None
    ) -> None:
        """Send a device's `command`, `connectivity`, `event` or `alert` notice to its subscribers.

        If the device was deleted, the notice is sent only if its `project_id` is stated.
        """
        homes = (self._of_org.get(org_id, ()), self._of_device.get(device_id, ()))
        subscribers = {one for home in homes for one in home if one.filters.includes(name)}
        if not subscribers:
            return
        try:
            project_id = (await self._directory.get(org_id, device_id)).project_id
        except DeviceNotFound:
            if project_id is None:
                return
        for subscription in subscribers:
            if subscription.filters.project_id in (None, project_id):
                subscription.notify(name, notice)

    async def send_message(self, org_id: OrgId, reaches: Reaches, build: Callable[[], Awaitable[bytes | None]]) -> None:
        """Send an `sms` notice to the subscribers who can access its address. It is built only if there are any."""
        subscribers = list(self._of_inboxes.get(org_id, ()))
        notice = await build() if subscribers else None
        if notice is None:
            return
        for subscription in subscribers:
            reader = subscription.filters.reader
            if reader is not None and await reaches(reader):
                subscription.notify(SMS, notice)

    async def follow(self, org_id: OrgId, filters: StreamFilter, after: Seq | None) -> AsyncIterator[list[Event]]:
        """The events of a reader, in pieces to be sent together. Ends after an `end` event.

        A piece can be empty: the caller regains control at least every `TICK_S`.

        Raises:
            TooManyReaders: at the first piece.
        """
        # Per organisation, so that the readers of one cannot exhaust the streams of the others.
        if self._readers[org_id] >= self._config.max_readers_per_org:
            raise TooManyReaders(limit=self._config.max_readers_per_org)
        self._readers[org_id] += 1
        try:
            cursor, first = self._begin(after)
            with self._joined(org_id, filters) as subscription:
                yield first
                async for events in self._feed(org_id, subscription, cursor):
                    yield events
        finally:
            self._readers[org_id] -= 1

    def _begin(self, after: Seq | None) -> tuple[Seq, list[Event]]:
        last, oldest = self._log.last_seq, Seq(self._log.first_seq - 1)
        if after is None:
            return last, [_event("ready", last, {"cursor": last})]
        # A cursor from the future was issued by another server, or before a restored backup.
        if after > last:
            gap = {"reason": "unknown_cursor", "requested_after": after, "resumes_after": last}
            return last, [_event("gap", last, gap), _event("ready", last, {"cursor": last})]
        if after < oldest:
            gap = {"reason": "no_longer_kept", "requested_after": after, "resumes_after": oldest}
            return oldest, [_event("gap", oldest, gap), _event("ready", oldest, {"cursor": oldest})]
        return after, [_event("ready", after, {"cursor": after})]

    async def _feed(self, org_id: OrgId, subscription: _Subscription, cursor: Seq) -> AsyncIterator[list[Event]]:
        clock = asyncio.get_running_loop().time
        sent_at = clock()
        while subscription.cut is None:
            if not subscription.behind:
                await subscription.wait(min(TICK_S, max(sent_at + self._config.heartbeat_s - clock(), 0)))
                rows = [row for row in subscription.drain() if row.seq > cursor]
                cursor = rows[-1].seq if rows else cursor
            elif cursor < self._log.last_seq:
                rows, cursor = await self._replay(org_id, subscription.filters, cursor)
                # A reader that resumes from an old cursor has never been live: its replay can take as long as it needs.
                if subscription.fell_behind_at is not None and clock() - subscription.fell_behind_at > self._config.catch_up_s:
                    subscription.end("slow_reader")
            else:
                subscription.go_live()
                continue
            events = await self._events(org_id, subscription.filters, rows)
            del rows  # a reader that stalls would hold them until it takes the events
            while subscription.notices:
                name, notice = subscription.notices.popleft()
                events.append(Event(name, cursor, notice))
            if not events and clock() - sent_at >= self._config.heartbeat_s:
                events = [_event("heartbeat", cursor, {"cursor": cursor})]
            if events:
                sent_at = clock()
            yield events
        yield [_event("end", cursor, {"reason": subscription.cut, "cursor": cursor})]

    async def _replay(self, org_id: OrgId, filters: StreamFilter, cursor: Seq) -> tuple[list[Reading], Seq]:
        """The next page of the log, and the cursor after it."""
        # Before the rows: readings that commit during the read are left to the next page.
        target = self._log.last_seq
        rows = await self._log.read_after(cursor, REPLAY_ROWS, org_id)
        # The other numbers up to `target` are not this organisation's readings, and need not be read again.
        cursor = rows[-1].seq if len(rows) == REPLAY_ROWS else max([target, *(row.seq for row in rows)])
        return [row for row in rows if filters.accepts(row)], cursor

    @contextlib.contextmanager
    def _joined(self, org_id: OrgId, filters: StreamFilter) -> Iterator[_Subscription]:
        subscription = _Subscription(filters, self._config.max_queued_events)
        homes = [self._of_device[device_id] for device_id in filters.devices] or [self._of_org[org_id]]
        if filters.sms:
            homes.append(self._of_inboxes[org_id])
        for home in homes:
            home.add(subscription)
        # `stop` has ended the streams that existed then, and this one joined later.
        if self._stopping:
            subscription.end("server_stopping")
        try:
            yield subscription
        finally:
            for home in homes:
                home.discard(subscription)
            self._prune(org_id, filters)

    def _prune(self, org_id: OrgId, filters: StreamFilter) -> None:
        for device_id in filters.devices:
            if not self._of_device.get(device_id, True):
                del self._of_device[device_id]
        for of_org in (self._of_org, self._of_inboxes):
            if not of_org.get(org_id, True):
                del of_org[org_id]

    def _on_commit(self, readings: Sequence[Reading]) -> None:
        if not self._of_org and not self._of_device:
            return
        woken: set[_Subscription] = set()
        for reading in readings:
            readers = (*self._of_org.get(reading.org_id, ()), *self._of_device.get(reading.device_id, ()))
            woken.update(one for one in readers if one.offer(reading))
        if woken:  # in the next turn, so that the writer of this commit is answered before a thousand readers
            asyncio.get_running_loop().call_soon(_wake, woken)

    async def _events(self, org_id: OrgId, filters: StreamFilter, rows: list[Reading]) -> list[Event]:
        found = []
        for row in rows:
            device = self._directory.known(org_id, row.device_id)
            if device is None:
                try:
                    device = await self._directory.get(org_id, row.device_id)
                except DeviceNotFound:
                    continue  # deleted in the meantime, so its readings must not be sent
            if filters.project_id is not None and device.project_id != filters.project_id:
                continue
            if not filters.keys:
                found.append(Event("reading", row.seq, self._render(row, device.project_id)))
                continue
            picked = filters.pick(row.payload)
            if picked is not None:
                found.append(Event("reading", row.seq, _render(row, device.project_id, msgspec.json.encode(picked))))
        return found

    def _render(self, row: Reading, project_id: ProjectId) -> bytes:
        """The event's JSON, built once for all its readers."""
        body = self._rendered.get(row.seq)
        if body is None:
            if len(self._rendered) >= MAX_RENDERED:
                # Readings are rendered right after their commit for all their readers, so older entries are rarely needed again.
                self._rendered.clear()
            body = self._rendered[row.seq] = _render(row, project_id, row.payload)
        return body


def _wake(subscriptions: set[_Subscription]) -> None:
    for subscription in subscriptions:
        subscription.wake.set()


class _ReadingBody(msgspec.Struct, gc=False):
    id: str
    seq: Seq
    kind: str
    device_id: str
    project_id: str
    time: str
    received_at: str
    channel: str | None
    backfill: bool
    data: msgspec.Raw


def _render(row: Reading, project_id: ProjectId, data: bytes) -> bytes:
    # A payload can contain line breaks between its tokens, which would end a line of an SSE event.
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


def _event(name: str, seq: Seq, body: dict[str, object]) -> Event:
    return Event(name, seq, msgspec.json.encode(body))
