"""The reading log and store below HTTP: days, duplicates, numbers that never repeat, and an oracle for every question."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from pathlib import Path
from typing import Any

import msgspec
import pytest

from penstock.adapters.storage.sqlite import log, segments
from penstock.adapters.storage.sqlite.connection import connect
from penstock.core.telemetry.errors import LogFailed, LogFull
from penstock.core.telemetry.models import Reading
from penstock.kit.clock import DAY_US, HOUR_US
from penstock.kit.ids import Seq
from penstock.settings import load_settings
from tests.adapters.storage.sqlite.asked import history
from tests.support.days import NOON_US, HeldClock, open_log, reading
from tests.support.waiting import CEILING_S


async def test_a_day_begins_a_segment_and_a_clock_that_goes_back_does_not(tmp_path: Path) -> None:
    clock = HeldClock()
    with open_log(tmp_path / "log", clock) as opened:
        for n in range(3):
            await opened.log.append([reading(clock, value=n)])
            clock.next_day()
        clock.next_day(-2)
        await opened.log.append([reading(clock, value=3)])
        assert [segment.day for segment in opened.files.all()] == ["2026-05-02", "2026-05-03", "2026-05-04"]
        assert [row.seq for row in await history(opened.store)] == [1, 2, 4, 3]
        assert [row.seq for row in await opened.log.read_after(1, 2)] == [2, 3]


async def test_numbers_never_repeat(tmp_path: Path) -> None:
    clock = HeldClock()
    given_out: list[int] = []

    async def put(opened: Any, device: int = 10) -> None:
        row = reading(clock, device=device)
        await opened.log.append([row])
        given_out.append(row.seq)

    with open_log(tmp_path / "log", clock) as opened:
        await put(opened)
        await put(opened, device=11)
        await opened.log.flush()
        await opened.store.purge_device(1, 11)
    with open_log(tmp_path / "log", clock) as opened:
        await put(opened)
        clock.next_day(3)
        await put(opened)
        assert await opened.store.drop_segments(clock.us) == ["2026-05-02"]
    with open_log(tmp_path / "log", clock) as opened:
        await put(opened)
        assert opened.log.first_seq == given_out[3]
    assert given_out == sorted(set(given_out))


async def test_a_duplicate_is_found_in_the_tail_in_the_index_and_across_midnight(tmp_path: Path) -> None:
    clock = HeldClock()
    with open_log(tmp_path / "log", clock) as opened:
        first = reading(clock, key="k")
        await opened.log.append([first])
        for wait_s in (0.0, 0.8):  # not indexed yet, then indexed because nothing happened
            await asyncio.sleep(wait_s)
            again = reading(clock, key="k", value=9)
            await opened.log.append([again, other := reading(clock, device=11, key="k")])
            assert (again.seq, again.duplicate) == (first.seq, True)
            assert other.seq != first.seq
        clock.next_day()
        late = reading(clock, key="k")
        await opened.log.append([late])
        assert (late.seq, late.duplicate) == (first.seq, True)
        assert len(await history(opened.store)) == 1
    for _ in range(2):  # neither the first start of a day nor a later one forgets the day before
        with open_log(tmp_path / "log", clock) as opened:
            await opened.log.append([again := reading(clock, key="k")])
            assert (again.seq, again.duplicate) == (first.seq, True)


async def test_duplicates_among_many_keys_are_found_wherever_their_first_delivery_is(tmp_path: Path) -> None:
    """Indexed, in the tail, in the same batch, and on the day before; more keys than one statement looks for."""
    clock = HeldClock()
    many = range(log.KEYS_PER_STATEMENT * 2 + 3)

    def batch(step: int) -> list[Reading]:
        return [reading(clock, device=10 + n % 7, key=f"k{n}", value=n) for n in many if n % step == 0]

    with open_log(tmp_path / "log", clock) as opened:
        before = batch(5)
        await opened.log.append(before)
        clock.next_day()
        indexed = batch(3)
        await opened.log.append(indexed)
    with open_log(tmp_path / "log", clock) as opened:  # which indexes what it finds
        tail = batch(2)
        await opened.log.append(tail)
        last = batch(1)
        twice = reading(clock, device=10, key="k0")
        await opened.log.append([*last, twice])
        first = {
            n: row.seq for step, rows in ((2, tail), (3, indexed), (5, before)) for n, row in zip(many[::step], rows, strict=True)
        }
        assert [row.duplicate for row in last] == [n in first for n in many]
        assert all(last[n].seq == seq for n, seq in first.items())
        assert (twice.duplicate, twice.seq) == (True, before[0].seq)
        assert len({row.seq for row in last}) == len(many)


async def test_a_full_queue_refuses_at_once_and_stores_nothing_of_it(tmp_path: Path) -> None:
    clock = HeldClock()
    config = msgspec.structs.replace(load_settings(environment={}).log, max_queued_readings=10)
    with open_log(tmp_path / "log", clock, config) as opened:
        waiting = [opened.log.append([reading(clock, value=n)]) for n in range(10)]
        assert opened.log.is_overloaded
        with pytest.raises(LogFull):
            opened.log.append([reading(clock, value=99)])
        await asyncio.gather(*waiting)
        assert not opened.log.is_overloaded
        assert len(await history(opened.store)) == 10


async def test_after_a_failed_fsync_nothing_is_acknowledged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither what was queued when it failed nor what comes later, although the disk seems to work again."""
    writing, failing = threading.Event(), threading.Event()

    def fail_once(stored: list[Reading], quarantined: list[Reading]) -> None:
        if failing.is_set():
            return insert(stored, quarantined)
        writing.set()
        failing.wait(CEILING_S)
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorcode = sqlite3.SQLITE_IOERR_FSYNC
        raise error

    clock = HeldClock()
    with open_log(tmp_path / "log", clock) as opened:
        insert = opened.log._writer._insert
        monkeypatch.setattr(opened.log._writer, "_insert", fail_once)
        first = opened.log.append([reading(clock, value=1)])
        assert await asyncio.to_thread(writing.wait, CEILING_S)
        queued = opened.log.append([reading(clock, value=2)])
        await asyncio.sleep(0)
        failing.set()
        for refused in (first, queued):
            with pytest.raises(LogFailed):
                await refused
        assert opened.log.failed
        with pytest.raises(LogFailed):
            await opened.log.append([reading(clock, value=3)])
        assert await opened.log.read_after(0, 10) == []


async def test_a_start_looks_at_the_tail_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes as many instructions of SQLite however much of the day is indexed."""
    steps = 0

    def step() -> None:
        nonlocal steps
        steps += 1

    def counted(*args: Any, **options: Any) -> sqlite3.Connection:
        connection = connect(*args, **options)
        connection.set_progress_handler(step, 1)
        return connection

    async def start_after(rows: int) -> int:
        nonlocal steps
        clock, folder = HeldClock(), tmp_path / f"{rows}"
        with open_log(folder, clock) as opened:
            await opened.log.append([reading(clock, device=10 + n % 5, value=n, key=f"{n}") for n in range(rows)])
        with monkeypatch.context() as patched:
            patched.setattr(log, "connect", counted)
            patched.setattr(segments, "connect", counted)
            steps = 0
            with open_log(folder, clock) as opened:
                taken = steps
                [segment] = opened.files.all()
                assert len(await history(opened.store)) == rows // 5
                assert (segment.min_time_us, segment.max_time_us) == (NOON_US, NOON_US)
        return taken

    few = await start_after(50)
    assert few > 0
    assert await start_after(5_000) <= 2 * few


async def test_a_segment_of_an_older_program_is_measured_whole_and_its_bounds_are_kept(tmp_path: Path) -> None:
    clock = HeldClock()
    with open_log(tmp_path / "log", clock) as opened:
        early = clock.us
        await opened.log.append([reading(clock, value=0)])
        clock.us += HOUR_US
        await opened.log.append([reading(clock, value=1)])
        [segment] = opened.files.all()
    with sqlite3.connect(segment.path) as connection:  # older programs wrote no bounds before the day was over
        connection.execute("UPDATE segment SET min_time_us = NULL, max_time_us = NULL")
    connection.close()
    with open_log(tmp_path / "log", clock) as opened:
        [segment] = opened.files.all()
        assert (segment.min_time_us, segment.max_time_us) == (early, early + HOUR_US)
        clock.us += HOUR_US
        await opened.log.append([reading(clock, value=2)])
    with open_log(tmp_path / "log", clock) as opened:
        [segment] = opened.files.all()
        assert (segment.min_time_us, segment.max_time_us) == (early, early + 2 * HOUR_US)
        assert len(await history(opened.store)) == 3


async def test_a_clock_that_was_far_ahead_leaves_a_day_like_any_other(tmp_path: Path) -> None:
    """Its segment is neither continued for years nor kept for years, and what is read stays in order."""
    clock = HeldClock()
    began_us = clock.us
    with open_log(tmp_path, clock) as opened:
        for value, at_us in enumerate((began_us, began_us + 4_300 * DAY_US, began_us, began_us + DAY_US, began_us + 2 * DAY_US)):
            clock.us = at_us
            await opened.log.append([reading(clock, value=value)])
        days = [segment.day for segment in opened.files.all()]
        assert days == ["2026-05-02", "2038-02-08", "2026-05-02", "2026-05-03", "2026-05-04"]
    with open_log(tmp_path, clock) as opened:
        assert [one.seq for one in await opened.log.read_after(Seq(0), 10)] == [1, 2, 3, 4, 5]
        await opened.log.append([reading(clock, value=5)])
        assert opened.log.last_seq == 6
        assert await opened.store.drop_segments(began_us + DAY_US) == ["2026-05-02", "2038-02-08", "2026-05-02"]
        assert [one.seq for one in await opened.log.read_after(Seq(0), 10)] == [4, 5, 6]


async def test_a_clock_set_back_over_midnight_continues_the_day(tmp_path: Path) -> None:
    clock = HeldClock()
    with open_log(tmp_path, clock) as opened:
        for back_us in (0, DAY_US, 0, DAY_US):
            clock.us += back_us
            await opened.log.append([reading(clock)])
            clock.us -= back_us
        assert [segment.day for segment in opened.files.all()] == ["2026-05-02", "2026-05-03"]
