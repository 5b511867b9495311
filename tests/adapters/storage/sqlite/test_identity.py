"""A data directory knows its own secret and its own segments."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from penstock.adapters.storage.data_dir import DataDir, DataDirUnusable
from penstock.adapters.storage.sqlite.identity import check_beginning, identify
from penstock.adapters.storage.sqlite.migrations import migrate
from penstock.kit.secret import Pepper


def opened(path: Path) -> DataDir:
    data_dir = DataDir(path)
    data_dir.pepper()
    migrate(path, "now")
    return data_dir


def test_each_directory_has_a_number_that_stays(tmp_path: Path) -> None:
    numbers = []
    for name in ("a", "a", "b"):
        data_dir = opened(tmp_path / name)
        numbers.append(identify(data_dir.path, data_dir.pepper()))
    assert numbers[0] == numbers[1] != numbers[2]
    assert all(0 < number < 2**31 for number in numbers)


def test_the_secret_of_another_directory_is_refused(tmp_path: Path) -> None:
    data_dir = opened(tmp_path / "a")
    identify(data_dir.path, data_dir.pepper())
    with pytest.raises(DataDirUnusable, match=r"secret\.key is not the one of this penstock\.db"):
        identify(data_dir.path, Pepper(bytes(32)))


@pytest.mark.parametrize("content", [None, b""])
def test_no_new_database_is_made_next_to_readings(tmp_path: Path, content: bytes | None) -> None:
    (tmp_path / "telemetry").mkdir()
    check_beginning(tmp_path)
    with closing(sqlite3.connect(tmp_path / "telemetry" / "2026-05-02.db")) as segment:
        segment.execute("CREATE TABLE readings (seq)")
    if content is not None:
        (tmp_path / "penstock.db").write_bytes(content)
    with pytest.raises(DataDirUnusable, match="holds readings"):
        check_beginning(tmp_path)
