"""The reading log and store: the two ports through which all readings are written and read."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple, Protocol

from penstock.core.telemetry.models import HistoryQuery, Reading, TimeRange
from penstock.kit.ids import DeviceId, OrgId, Seq


class ReadingLog(Protocol):
    """The append-only log of all readings, in arrival order."""

    def append(self, readings: Sequence[Reading]) -> Awaitable[None]:
        """Store readings. When awaited, they are on disk: each has its `seq`, and `duplicate` if it was stored before.

        All or nothing. The call itself never waits: it queues the readings and returns an awaitable.

        Raises:
            LogFull: immediately, if the queue is full.
            DiskFull, LogFailed: when awaited; none of these readings was stored.
        """

    def on_settled(self, listener: Callable[[Sequence[Reading], bool], None]) -> None:
        """Call a listener with the readings of every append, and whether they are on disk, before the caller knows.

        It is also called if the caller no longer waits.
        """

    @property
    def is_overloaded(self) -> bool:
        """Whether the queue is so long that `append` may soon reject readings."""

    @property
    def last_seq(self) -> Seq:
        """The sequence number of the latest reading on disk, 0 before the first."""

    @property
    def first_seq(self) -> Seq:
        """The lowest sequence number that the log can still contain; earlier readings have been deleted."""

    def subscribe(self, listener: Callable[[Sequence[Reading]], None]) -> Callable[[], None]:
        """Call `listener` after each commit with the new readings in it (neither duplicates nor quarantined).

        The listener runs on the event loop, must be quick and must not raise. Returns a function that unsubscribes it.
        """

    async def read_after(self, seq: Seq, limit: int, org_id: OrgId | None = None) -> list[Reading]:
        """Readings after `seq`, in order, without quarantined ones.

        Fewer than `limit` means that the end was reached. `org_id` None is for consumers that serve the whole log.
        """


class Joined(NamedTuple):
    """Some readings of a device: their event times and payloads, each joined by commas, in one order."""

    device_id: DeviceId
    rows: int
    times: bytes
    payloads: bytes


class Replacement(NamedTuple):
    """What a stored reading gets: another payload, and another event time and dedupe key if these are not None."""

    device_id: DeviceId
    seq: Seq
    payload: bytes
    time_us: int | None = None
    dedupe: bytes | None = None


class ReadingStore(Protocol):
    """The log's readings, found by device and event time. Quarantined readings are excluded."""

    async def latest(self, org_id: OrgId, device_id: DeviceId) -> tuple[Reading | None, Reading | None]:
        """A device's latest reading by event time and by arrival."""

    async def history(self, org_id: OrgId, query: HistoryQuery) -> list[Reading]:
        """Readings of one device by event time; readings with the same time are in arrival order (or its reverse)."""

    async def arrived(self, org_id: OrgId, span: TimeRange, after_seq: Seq, limit: int) -> list[Reading]:
        """Readings of all devices whose event times are in a range, in the order in which they arrived, after `after_seq`."""

    async def scan(
        self, org_id: OrgId, device_id: DeviceId, span: TimeRange, use: Callable[[list[int], list[bytes]], None]
    ) -> None:
        """Call `use` with (event times ascending, payloads), chunk by chunk; chunks may overlap in time.

        `use` runs in a worker thread, one chunk at a time.
        """

    async def scan_joined(
        self, org_id: OrgId, device_ids: Sequence[DeviceId], span: TimeRange, use: Callable[[Sequence[Joined]], None]
    ) -> None:
        """Call `use` with the readings of many devices, joined, chunk by chunk, in no order. The fastest for very many.

        `use` runs in worker threads, one chunk at a time.
        """

    async def scan_uplinks(
        self,
        org_id: OrgId,
        device_ids: Sequence[DeviceId],
        span: TimeRange,
        until_seq: Seq,
        use: Callable[[list[Seq], list[bytes]], None],
    ) -> None:
        """Call `use` with (sequence numbers, payloads) of the uplinks of devices up to `until_seq`, chunk by chunk, in no order.

        `use` runs in a worker thread, one chunk at a time.
        """

    async def find(self, org_id: OrgId, seqs: Sequence[Seq]) -> list[Reading]:
        """Readings by sequence number, in any order; those that no longer exist, or are damaged, are left out."""

    async def replace_payloads(self, org_id: OrgId, payloads: Sequence[Replacement]) -> int:
        """Replace the payloads, and perhaps the times and keys, of readings where they are stored; nothing else of them changes.
        Returns how many there were.

        When awaited, they are on disk. A reading that no longer exists is left out. Idempotent, and only for a payload that says
        the same about the same message, such as one that was decoded again: followers of the log are not notified.
        """

    async def reporting(self, org_id: OrgId, device_ids: Sequence[DeviceId], span: TimeRange) -> set[DeviceId]:
        """Those of many devices that have a reading in a range."""

    async def quarantined(self, org_id: OrgId, device_id: DeviceId | None, limit: int, after_seq: Seq) -> list[Reading]:
        """Quarantined readings, in arrival order."""

    async def purge_device(self, org_id: OrgId, device_id: DeviceId) -> int:
        """Delete every reading of a device from every segment. Returns their number. Idempotent."""

    async def purge_before(self, org_id: OrgId, before_us: int) -> int:
        """Delete an organisation's readings of whole days before a time. Returns their number."""

    async def drop_segments(self, before_us: int) -> list[str]:
        """Unlink the segments of whole days before a time. Returns their days."""

    async def shrink(self) -> None:
        """Return the room of removed readings in the segments of past days to the disk."""


class HasCursors(Protocol):
    """A transaction across organisations with the cursors of all that follow a log."""

    async def find_cursor(self, consumer: str) -> int | None:
        """The stored position of a consumer; None if it has not stored one yet."""

    async def cursor(self, consumer: str) -> int:
        """The position of a consumer: what it processed last, 0 at first.

        It is a number of whatever the consumer follows: a `Seq` of the reading log, a connectivity change, or an audit log's
        entry. The consumer knows which.
        """

    async def set_cursor(self, consumer: str, position: int) -> None:
        """Store the position of a consumer, in the same transaction as the work it did."""
