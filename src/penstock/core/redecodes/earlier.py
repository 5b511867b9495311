"""The earlier readings that uplinks carry: which of those found by a re-decode are stored already, and storing the others.

Dedupe keys are remembered for a day or two, but uplinks of any age are decoded again. So what is stored is looked up by device
and time. An element replaces the reading that the same uplink's codec returned for that time before; if the same values are
stored for that time, whichever uplink carried them, nothing is done; otherwise it is a new reading.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Generator, Sequence
from types import coroutine
from typing import Any, TypeAlias

import msgspec

from penstock.core.redecodes.models import NewPayload
from penstock.core.telemetry.models import HistoryQuery, Reading, Source, TimeRange
from penstock.core.telemetry.store import ReadingStore
from penstock.core.uplinks.decoding import METADATA
from penstock.kit.clock import Clock
from penstock.kit.ids import DeviceId, OrgId, Seq

Append: TypeAlias = Callable[[Sequence[Reading]], Awaitable[None]]
"""Stores readings. Once awaited, they are on disk."""
PAGE = 1_000
SLICE = 128
"""Readings placed before the event loop runs other tasks: about a millisecond."""


@coroutine
def _turn() -> Generator[None, None, None]:
    """Let the event loop run other tasks."""
    yield


class Placed(msgspec.Struct, frozen=True):
    """What is to be written of an element. `number` is its position among those that were given.

    `changed` are its values, None if the same ones are stored.
    """

    number: int
    payload: NewPayload
    changed: dict[str, Any] | None


class _Stored(msgspec.Struct):
    """A reading at some time: its values, and the frame counter of the uplink that carried it, if it is an earlier one of it."""

    seq: Seq
    payload: bytes
    values: dict[str, Any]
    uplink: tuple[object] | None


class EarlierReadings:
    """Finds and stores the earlier readings of uplinks."""

    def __init__(self, store: ReadingStore, append: Append, clock: Clock) -> None:
        self._store = store
        self._append = append
        self._clock = clock

    async def place(self, org_id: OrgId, found: Sequence[NewPayload], written: Sequence[NewPayload] = ()) -> list[Placed]:
        """What is to be written of new readings. `written` is about to be written to stored readings."""
        by_device: dict[DeviceId, list[tuple[int, NewPayload]]] = defaultdict(list)
        for number, one in enumerate(found):
            by_device[one.device_id].append((number, one))
        also: dict[DeviceId, list[NewPayload]] = defaultdict(list)
        for one in written:
            also[one.device_id].append(one)
        placed: list[Placed] = []
        for device_id, numbered in by_device.items():
            stored = await self._stored(org_id, device_id, {one.time_us or 0 for _, one in numbered})
            for one in also[device_id]:
                if one.time_us in stored:
                    stored[one.time_us].append(_read(one.seq, one.payload))
            for start in range(0, len(numbered), SLICE):
                part = numbered[start : start + SLICE]
                placed += [at for number, one in part if (at := _place(number, one, stored[one.time_us or 0])) is not None]
                await _turn()
        return placed

    async def append(self, org_id: OrgId, new: Sequence[NewPayload]) -> None:
        """Store new readings. They are marked as backfill, and as not received from their devices.

        Raises:
            LogFull, DiskFull, LogFailed.
        """
        for start in range(0, len(new), PAGE):
            await self._append([self._reading(org_id, one) for one in new[start : start + PAGE]])

    def _reading(self, org_id: OrgId, one: NewPayload) -> Reading:
        return Reading(
            org_id,
            one.device_id,
            one.time_us or 0,
            self._clock.now_us(),
            one.payload,
            source=Source.REDECODE,
            backfill=True,
            dedupe=one.dedupe,
            counted=None,  # its uplink was counted
        )

    async def _stored(self, org_id: OrgId, device_id: DeviceId, times: set[int]) -> dict[int, list[_Stored]]:
        """The stored readings of a device at some times."""
        found: dict[int, list[_Stored]] = {time_us: [] for time_us in times}
        span = TimeRange(from_us=min(times), to_us=max(times) + 1)
        query = HistoryQuery(device_id=device_id, range=span, descending=False, limit=PAGE)
        while True:
            page = await self._store.history(org_id, query)
            for reading in page:
                if reading.time_us in found:
                    found[reading.time_us].append(_read(reading.seq, reading.payload))
            if len(page) < PAGE:
                return found
            query = msgspec.structs.replace(query, after=(page[-1].time_us, page[-1].seq))


def _place(number: int, one: NewPayload, stored: list[_Stored]) -> Placed | None:
    given = _read(one.seq, one.payload)
    own = next((each for each in stored if each.uplink is not None and each.uplink == given.uplink), None)
    if own is None:
        return _new(number, one, given, stored)
    own.uplink = None  # another element of the uplink, at the same time, is not this one
    changed = None if own.values == given.values else given.values
    own.values = given.values
    if own.payload == one.payload:
        return None
    return Placed(number, NewPayload(one.device_id, own.seq, one.payload), changed)


def _new(number: int, one: NewPayload, given: _Stored, stored: list[_Stored]) -> Placed | None:
    if any(each.values == given.values for each in stored):
        return None
    given.uplink = None
    stored.append(given)
    return Placed(number, one, given.values)


def _read(seq: Seq, payload: bytes) -> _Stored:
    values = msgspec.json.decode(payload)
    about = values.pop(METADATA, None)
    is_earlier = isinstance(about, dict) and about.get("history") is True
    return _Stored(seq, payload, values, (about.get("f_cnt"),) if is_earlier else None)
