"""What has changed in a segment is found by reading it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from penstock.adapters.storage.sqlite.connection import connect
from penstock.adapters.storage.sqlite.soundness import check_readings, is_of_disk, opened
from tests.support.days import HeldClock, open_log, reading

CHANGES = {
    "payload": "UPDATE readings SET payload = CAST('{\"n\":8}' AS BLOB) WHERE seq = 3",
    "time": "UPDATE readings SET time_us = time_us + 1 WHERE seq = 3",
    "organisation": "UPDATE readings SET org_id = 9 WHERE seq = 3",
    "type": "UPDATE readings SET payload = 17 WHERE seq = 3",
    "lost from the index": "DELETE FROM readings_by_device WHERE seq = 3",
    "lost from the log": "DELETE FROM readings WHERE seq = 3",
    "index": "UPDATE readings_by_device SET time_us = time_us + 1 WHERE seq = 3",
    "older row": "UPDATE readings SET flags = 1, payload = CAST('{\"n\":' AS BLOB) WHERE seq = 3",
}


@pytest.fixture
async def segment(tmp_path: Path) -> Path:
    clock = HeldClock()
    with open_log(tmp_path, clock) as log:
        await log.log.append([reading(clock, value=number) for number in range(5)])
        return log.files.all()[0].path


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_found(segment: Path, change: str) -> None:
    with closing(opened(segment, in_use=False)) as connection:
        check_readings(connection)
    with closing(connect(segment)) as connection:
        connection.execute(CHANGES[change])
        with pytest.raises(ValueError, match=r"damaged: tel_\w+$|do not match"):
            check_readings(connection)


def test_a_file_that_no_one_uses_is_read_without_others_next_to_it(segment: Path) -> None:
    with closing(opened(segment, in_use=False)) as connection:
        check_readings(connection)
        assert [path.name for path in segment.parent.iterdir()] == [segment.name]


def test_a_file_that_cannot_be_opened_is_not_damaged(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.Error) as failed:
        opened(tmp_path / "missing.db", in_use=False).execute("SELECT 1")
    assert is_of_disk(failed.value)
