"""The store of readings: every question is answered as a plain list would, and what is purged is gone from everywhere."""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from penstock.adapters.storage.sqlite import log
from penstock.adapters.storage.sqlite.readings import JOINED_ROWS, _chunks
from penstock.core.telemetry.models import Reading, TimeRange
from penstock.core.telemetry.store import Joined
from penstock.kit.clock import DAY_US, HOUR_US
from tests.adapters.storage.sqlite.asked import EVER, history
from tests.support.days import NOON_US, HeldClock, open_log, reading


async def test_latest_by_event_and_by_arrival_over_days(tmp_path: Path) -> None:
    clock = HeldClock()
    with open_log(tmp_path / "log", clock) as opened:
        await opened.log.append([newest := reading(clock, value=1)])
        clock.next_day()
        await opened.log.append([late := reading(clock, value=2, time_us=clock.us - 3 * DAY_US)])
        by_event, by_arrival = await opened.store.latest(1, 10)
        assert by_event is not None
        assert by_arrival is not None
        assert (by_event.seq, by_arrival.seq) == (newest.seq, late.seq)
        assert await opened.store.latest(2, 10) == (None, None)


ROW = st.tuples(
    st.sampled_from([(1, 10), (1, 11), (2, 20)]),
    st.integers(-4 * 24, 0),
    st.none() | st.sampled_from(["a", "b", "c"]),
    st.booleans(),
)

STEPS = st.lists(
    st.one_of(
        st.lists(ROW, min_size=1, max_size=6).map(lambda rows: ("append", rows)),
        st.sampled_from([("day", None), ("reopen", None), ("idle", None)]),
    ),
    max_size=14,
)


@given(steps=STEPS, page=st.integers(1, 5))
@settings(max_examples=40)
def test_every_question_is_answered_as_a_plain_list_would(steps: list[Any], page: int) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(log, "IDLE_S", 0.01)
        asyncio.run(_against_a_list(Path(folder) / "log", steps, page))


async def _against_a_list(folder: Path, steps: list[Any], page: int) -> None:
    clock = HeldClock(NOON_US)
    kept: list[Reading] = []
    first_of: dict[tuple[int, str], int] = {}
    days = 0
    opening = open_log(folder, clock)
    opened = opening.__enter__()
    try:
        for what, rows in steps:
            if what == "append":
                made = [_made(clock, *row) for row in rows]
                await opened.log.append([row for row, _ in made])
                for row, key in made:
                    _remember(row, key, kept, first_of)
            elif what == "day" and days < 3:
                days += 1
                clock.next_day()
                first_of = {place: seq for place, seq in first_of.items() if days < 2}  # promised for the day and the one before
            elif what == "idle":
                await opened.log.flush()
                await asyncio.sleep(0.03)
            elif what == "reopen":
                opening.__exit__(None, None, None)
                opening = open_log(folder, clock)
                opened = opening.__enter__()
        await _compare(opened, kept, page)
    finally:
        opening.__exit__(None, None, None)


def _made(clock: HeldClock, place: tuple[int, int], hours: int, key: str | None, quarantined: bool) -> tuple[Reading, str | None]:
    row = reading(clock, org=place[0], device=place[1], time_us=clock.us + hours * HOUR_US, key=key)
    row.quarantined = quarantined and key is None
    return row, key


def _remember(row: Reading, key: str | None, kept: list[Reading], first_of: dict[tuple[int, str], int]) -> None:
    if key is not None and (row.device_id, key) in first_of:
        assert (row.duplicate, row.seq) == (True, first_of[row.device_id, key])
    if row.duplicate:
        assert key is not None
        return
    if key is not None:
        first_of[row.device_id, key] = row.seq
    kept.append(row)


async def _compare(opened: Any, kept: list[Reading], page: int) -> None:
    stored = [row for row in kept if not row.quarantined]
    assert [row.seq for row in kept] == sorted({row.seq for row in kept})
    assert [row.seq for row in await opened.log.read_after(0, 1000)] == [row.seq for row in stored]
    for org, device in ((1, 10), (1, 11), (2, 20), (2, 10)):
        own = [row for row in stored if (row.org_id, row.device_id) == (org, device)]
        ordered = sorted(own, key=lambda row: (row.time_us, row.seq))
        for descending in (False, True):
            found = await history(opened.store, device, org=org, descending=descending, page=page)
            assert [row.seq for row in found] == [row.seq for row in (ordered[::-1] if descending else ordered)]
        by_event, by_arrival = await opened.store.latest(org, device)
        assert (by_event and by_event.seq) == (ordered[-1].seq if ordered else None)
        assert (by_arrival and by_arrival.seq) == (own[-1].seq if own else None)
        scanned: list[int] = []
        await opened.store.scan(org, device, EVER, lambda times, rows, into=scanned: into.extend(times))
        assert sorted(scanned) == [row.time_us for row in ordered]
        many: list[tuple[int, int]] = []
        wanted = {10, 11, 20} - ({11} if device == 10 else set())
        await opened.store.scan_joined(org, sorted(wanted), EVER, lambda chunk, into=many: into.extend(_separate(chunk)))
        told = [(row.device_id, row.time_us) for row in stored if row.org_id == org and row.device_id in wanted]
        assert sorted(many) == sorted(told)
        assert await opened.store.reporting(org, sorted(wanted), EVER) == {device_id for device_id, _ in told}
        aside = [row.seq for row in kept if row.quarantined and (row.org_id, row.device_id) == (org, device)]
        assert [row.seq for row in await opened.store.quarantined(org, device, 1000, 0)] == aside


def _separate(chunk: Sequence[Joined]) -> list[tuple[int, int]]:
    """Devices and times of readings that were joined, of which each has its payload."""
    rows = []
    for one in chunk:
        times, payloads = (msgspec.json.decode(b"[" + text + b"]") for text in (one.times, one.payloads))
        assert len(times) == len(payloads) == one.rows
        rows += [(one.device_id, time_us) for time_us in times]
    return rows


async def test_many_readings_of_a_device_are_joined_in_chunks(tmp_path: Path) -> None:
    clock = HeldClock()
    with open_log(tmp_path / "log", clock) as opened:
        for device, count in ((10, 2 * JOINED_ROWS + 1), (11, 3)):
            await opened.log.append([reading(clock, device=device, time_us=clock.us + n // 3, value=n) for n in range(count)])
        await opened.log.flush()
        found: list[tuple[int, int]] = []
        await opened.store.scan_joined(1, [11, 10, 12], EVER, lambda chunk: found.extend(_separate(chunk)))
        wanted = [(10, clock.us + n // 3) for n in range(2 * JOINED_ROWS + 1)] + [(11, clock.us)] * 3
        assert sorted(found) == wanted


async def test_what_arrived_is_read_by_number_within_a_range_of_time(tmp_path: Path) -> None:
    clock = HeldClock()
    with open_log(tmp_path / "log", clock) as opened:
        for org in (1, 2, 1):
            await opened.log.append([reading(clock, org=org, value=org)])
            clock.next_day()
        whole, noon = TimeRange(from_us=0, to_us=clock.us), TimeRange(from_us=NOON_US, to_us=NOON_US + 1)
        assert [row.seq for row in await opened.store.arrived(1, whole, 0, 10)] == [1, 3]
        assert [row.seq for row in await opened.store.arrived(1, whole, 1, 10)] == [3]
        assert [row.seq for row in await opened.store.arrived(1, whole, 0, 1)] == [1]
        assert [row.seq for row in await opened.store.arrived(1, noon, 0, 10)] == [1]
        assert await opened.store.arrived(2, noon, 0, 10) == []


async def test_a_purged_device_is_gone_and_its_neighbours_stay(tmp_path: Path) -> None:
    clock = HeldClock()
    with open_log(tmp_path / "log", clock) as opened:
        for _ in range(2):
            await opened.log.append([reading(clock), reading(clock, device=11), reading(clock, org=2)])
            clock.next_day()
        aside = reading(clock)
        aside.quarantined = True
        await opened.log.append([aside])
        await opened.log.flush()
        assert [await opened.store.purge_device(1, 10) for _ in range(2)] == [3, 0]
        assert await history(opened.store) == await opened.store.quarantined(1, None, 10, 0) == []
        assert await opened.store.latest(1, 10) == (None, None)
        assert len(await history(opened.store, 11)) == len(await history(opened.store, org=2)) == 2


async def test_whole_days_of_an_organisation_go_and_the_file_with_the_last_of_them(tmp_path: Path) -> None:
    clock = HeldClock()
    with open_log(tmp_path / "log", clock) as opened:
        for rows in ([1, 2], [1], [1]):
            await opened.log.append([reading(clock, org=org) for org in rows])
            clock.next_day()
        assert await opened.store.purge_before(1, NOON_US + DAY_US) == 1, "the day of the border itself stays"
        assert [segment.day for segment in opened.files.all()] == ["2026-05-02", "2026-05-03", "2026-05-04"]
        assert await opened.store.purge_before(2, clock.us) == 1
        assert await opened.store.purge_before(1, clock.us) == 1
        assert [segment.day for segment in opened.files.all()] == ["2026-05-04"], "the newest file stays"
        assert len(await history(opened.store)) == 1


async def test_segments_are_dropped_by_day_whoever_has_readings_there(tmp_path: Path) -> None:
    clock = HeldClock()
    with open_log(tmp_path / "log", clock) as opened:
        for org in (1, 2, 1):
            await opened.log.append([reading(clock, org=org)])
            clock.next_day()
        assert await opened.store.drop_segments(NOON_US) == []
        assert await opened.store.drop_segments(clock.us) == ["2026-05-02", "2026-05-03"]
        assert [row.seq for row in await history(opened.store)] == [3]
        assert await history(opened.store, org=2) == []


async def test_a_purge_leaves_no_byte_and_returns_the_room(tmp_path: Path) -> None:
    """The readings of one device of two, in a sealed segment and in the hot one."""
    clock = HeldClock()
    with open_log(tmp_path, clock) as opened:
        for _ in range(2):
            for device in (10, 11):
                rows = [reading(clock, device=device, value=number) for number in range(3_000)]
                for one in rows:
                    one.payload = b'{"text":"of device %d, %s"}' % (device, b"x" * 100)
                await opened.log.append(rows)
            await opened.log.flush()
            clock.next_day()
        sealed, hot = opened.files.all()
        before = sealed.path.stat().st_size
        assert await opened.store.purge_device(1, 10) == 6_000
        for path in tmp_path.iterdir():
            assert b"of device 10" not in path.read_bytes(), path.name
        assert sealed.path.stat().st_size < 0.6 * before
        assert len(await history(opened.store, 11)) == 6_000
        assert await history(opened.store, 10) == []
        await opened.log.append([reading(clock, device=11)])
        before = hot.path.stat().st_size
        await opened.store.shrink()
        assert hot.path.stat().st_size < 0.6 * before, "of a past day by now"
        assert len(await history(opened.store, 11)) == 6_001
    assert sum(b"of device 11" in path.read_bytes() for path in (sealed.path, hot.path)) == 2


@pytest.mark.parametrize(("size_bytes", "rows", "chunks"), [(10, 45_000, [20_000, 20_000, 5_000]), (65_536, 1_500, [1_000, 500])])
def test_a_scan_is_in_chunks_of_bounded_size(size_bytes: int, rows: int, chunks: list[int]) -> None:
    connection = sqlite3.connect(":memory:")
    try:
        numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
        cursor = connection.execute(f"{numbers} SELECT i, zeroblob(?) FROM n", (rows, size_bytes))
        assert [len(chunk) for chunk in _chunks(cursor)] == chunks
    finally:
        connection.close()
