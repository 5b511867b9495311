"""The directory of backups. What a backup contains is told in tests/adapters/storage/sqlite/test_backup.py."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest

from penstock.adapters.storage.backup_files import BackupDirectory
from penstock.adapters.storage.sqlite.backup import BackupFailed
from penstock.core.system.models import Backup, BackupState
from penstock.kit.clock import SECOND_US

NAME = "penstock-20260401T060000Z.tar.gz"


async def test_only_files_of_such_a_name_are_backups(tmp_path: Path) -> None:
    files = BackupDirectory(tmp_path, tmp_path / "backups", None, "1.0")
    assert await files.found() == []
    (tmp_path / "backups").mkdir()
    for name in (NAME, "penstock-20260402T060000Z.tar.gz.partial", "penstock-mine.tar.gz", "vault-1.keys"):
        (tmp_path / "backups" / name).write_bytes(b"123")
    created_us = 1_775_023_200 * SECOND_US
    assert await files.found() == [Backup(name=NAME, state=BackupState.COMPLETE, created_us=created_us, size=3)]


async def test_the_room_is_that_of_the_nearest_folder_that_exists(tmp_path: Path) -> None:
    (tmp_path / "penstock.db").write_bytes(bytes(100))
    needed, free = await BackupDirectory(tmp_path, tmp_path / "a" / "b", None, "1.0").room()
    assert needed == 200 < free


async def test_a_directory_that_cannot_be_made_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BackupFailed, match="file"):
        await BackupDirectory(tmp_path, tmp_path / "file", None, "1.0").write(NAME, 0, "ada", lambda done: None)


async def test_the_thread_ends_if_the_task_is_cancelled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, cancelled, ended = threading.Event(), threading.Event(), threading.Event()

    def copy(requested: object, progress: object) -> None:
        begun.set()
        cancelled.wait(30)
        try:
            progress("penstock.db", 5)  # type: ignore[operator]
        except BackupFailed:
            ended.set()
            raise

    monkeypatch.setattr("penstock.adapters.storage.sqlite.backup.write_backup", copy)
    files = BackupDirectory(tmp_path, tmp_path / "backups", None, "1.0")
    task = asyncio.create_task(files.write(NAME, 0, "ada", lambda done: None))
    await asyncio.to_thread(begun.wait, 30)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    cancelled.set()
    assert await asyncio.to_thread(ended.wait, 30)
