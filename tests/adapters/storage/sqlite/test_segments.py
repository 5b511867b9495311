"""Segment files: a damaged one is an error that workers and callers expect, and the others stay readable."""

from __future__ import annotations

from pathlib import Path

import pytest

from penstock.adapters.storage.sqlite.connection import StorageUnavailable
from tests.support.days import HeldClock, open_log, reading

from .test_log import history

READINGS_PER_DAY = 50


def damage(segment: Path) -> None:
    """Overwrite everything after the header, in the file and in its write-ahead log."""
    for path in (segment, Path(f"{segment}-wal")):
        if path.exists() and path.stat().st_size > 4096:
            with path.open("r+b") as file:
                file.seek(4096)
                file.write(b"\xa5" * (path.stat().st_size - 4096))


async def test_a_damaged_segment_is_a_storage_error_and_other_days_stay_readable(tmp_path: Path) -> None:
    clock = HeldClock()
    with open_log(tmp_path / "log", clock) as opened:
        await opened.log.append([reading(clock, value=n) for n in range(READINGS_PER_DAY)])
        clock.next_day()
        await opened.log.append([reading(clock, value=READINGS_PER_DAY)])
        first, second = opened.files.all()
        damage(first.path)
        for _ in range(2):  # a connection that saw damage is not used again
            with pytest.raises(StorageUnavailable):
                await opened.log.read_after(0, 10)
            with pytest.raises(StorageUnavailable):
                await history(opened.store)
        assert [row.seq for row in await opened.log.read_after(second.base_seq, 10)] == [READINGS_PER_DAY + 1]
