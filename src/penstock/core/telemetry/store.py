"""The reading log and store: the two ports that everything about readings goes through."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from penstock.core.telemetry.models import HistoryQuery, Reading, TimeRange
from penstock.kit.ids import DeviceId, OrgId, Seq


class ReadingLog(Protocol):
    """The append-only log of all readings, in arrival order."""

    def append(self, readings: Sequence[Reading]) -> Awaitable[None]:
        """Store readings. Done means on disk: each has its `seq`, and `duplicate` where it was there before.

        All or nothing. The call itself never waits: it queues, and what it returns is awaited.

        Raises:
            LogFull: at once, when too much is queued already.
            DiskFull, LogFailed: when awaited; nothing of these readings was stored.
        """

    @property
    def crowded(self) -> bool:
        """Whether so much is queued that `append` may soon refuse."""

    @property
    def last_seq(self) -> Seq:
        """The sequence number of the latest reading on disk, 0 before the first."""

    @property
    def first_seq(self) -> Seq:
        """The lowest sequence number that the log can still hold; what came before is gone."""

    def subscribe(self, listener: Callable[[Sequence[Reading]], None]) -> Callable[[], None]:
        """Call `listener` after each commit with what was new in it (neither duplicates nor quarantined).

        The listener runs on the event loop, must be quick and must not raise. Returns the way to unsubscribe.
        """

    async def read_after(self, seq: Seq, limit: int, org_id: OrgId | None = None) -> list[Reading]:
        """Readings that follow `seq`, in order; quarantined ones are left out.

        Fewer than `limit` means that the end was reached. `org_id` None is for consumers that serve the whole log.
        """


class ReadingStore(Protocol):
    """The log's readings, looked up by device and event time. Quarantined ones are never among them."""

    async def latest(self, org_id: OrgId, device_id: DeviceId) -> tuple[Reading | None, Reading | None]:
        """A device's latest reading by event time and by arrival."""

    async def history(self, org_id: OrgId, query: HistoryQuery) -> list[Reading]:
        """Readings of one device by event time; readings of one time stand in arrival order (or its reverse)."""

    async def arrived(self, org_id: OrgId, span: TimeRange, after_seq: Seq, limit: int) -> list[Reading]:
        """Readings of all devices whose event times lie in a range, in the order in which they arrived, after `after_seq`."""

    async def scan(
        self, org_id: OrgId, device_id: DeviceId, span: TimeRange, use: Callable[[list[int], list[bytes]], None]
    ) -> None:
        """Feed `use` with (event times ascending, payloads), chunk by chunk; chunks may overlap in time.

        `use` runs in a worker thread, one chunk at a time.
        """

    async def scan_many(
        self,
        org_id: OrgId,
        device_ids: Sequence[DeviceId],
        span: TimeRange,
        use: Callable[[list[DeviceId], list[int], list[bytes]], None],
    ) -> None:
        """Feed `use` with (devices, event times, payloads) of many devices, chunk by chunk, in no order.

        `use` runs in a worker thread, one chunk at a time.
        """

    async def quarantined(self, org_id: OrgId, device_id: DeviceId | None, limit: int, after_seq: Seq) -> list[Reading]:
        """Readings set aside for an event time in the future, in arrival order."""

    async def purge_device(self, org_id: OrgId, device_id: DeviceId) -> int:
        """Remove every reading of a device from every segment; how many there were. Idempotent."""

    async def purge_before(self, org_id: OrgId, before_us: int) -> int:
        """Remove an organisation's readings of whole days before a moment; how many there were."""

    async def drop_segments(self, before_us: int) -> list[str]:
        """Unlink the segments of whole days before a moment; their days."""


class HasCursors(Protocol):
    """A transaction across organisations in which consumers of the reading log remember their place."""

    async def cursor(self, consumer: str) -> int:
        """How far a consumer of the reading log has come: the last sequence number it dealt with, 0 at first."""

    async def set_cursor(self, consumer: str, seq: int) -> None:
        """Remember how far a consumer has come, together with what it did."""
