"""The backups that the server writes itself, in a directory of their own."""

from __future__ import annotations

import asyncio
import datetime
import re
import shutil
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from penstock.adapters.storage.sqlite.audit import append_for_all
from penstock.adapters.storage.sqlite.migrations import CONTROL_FILE
from penstock.core.system.models import Backup, BackupState
from penstock.kit.clock import SECOND_US, format_seconds

_NAME = re.compile(r"penstock-(\d{8}T\d{6}Z)\.tar\.gz")


class BackupDirectory:
    """Implements `BackupFiles`. `directory` is created by the first backup."""

    def __init__(self, data_dir: Path, directory: Path, settings_file: Path | None, program_version: str) -> None:
        self._data_dir = data_dir
        self._directory = directory
        self._settings_file = settings_file
        self._program_version = program_version

    async def found(self) -> Sequence[Backup]:
        return await asyncio.to_thread(self._found)

    async def room(self) -> tuple[int, int]:
        return await asyncio.to_thread(self._room)

    async def write(self, name: str, created_us: int, by: str, progress: Callable[[float], None]) -> None:
        stopped = threading.Event()
        try:
            await asyncio.to_thread(self._write, name, created_us, by, progress, stopped)
        finally:
            stopped.set()  # if this task was cancelled, the thread still runs

    def _found(self) -> list[Backup]:
        paths = [path for path in self._directory.glob("penstock-*.tar.gz") if _NAME.fullmatch(path.name)]
        return [_backup(path) for path in sorted(paths, reverse=True)]

    def _room(self) -> tuple[int, int]:
        existing = next(path for path in (self._directory, *self._directory.parents) if path.exists())
        from penstock.adapters.storage.sqlite.backup import expected_bytes  # here, because a start needs no archives

        # Each database is copied before it is compressed, so its copy and the archive are there at once.
        return expected_bytes(self._data_dir), shutil.disk_usage(existing).free

    def _write(self, name: str, created_us: int, by: str, progress: Callable[[float], None], stopped: threading.Event) -> None:
        from penstock.adapters.storage.sqlite.backup import Backup as Requested
        from penstock.adapters.storage.sqlite.backup import BackupFailed, expected_bytes, write_backup

        total, done = max(1, expected_bytes(self._data_dir)), 0

        def advanced(file: str, size: int) -> None:
            nonlocal done
            if stopped.is_set():
                raise BackupFailed(reason="the server stops")
            done += size
            progress(done / total)

        try:
            self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise BackupFailed(reason=f"{self._directory}: {error.strerror}") from error
        write_backup(
            Requested(
                data_dir=self._data_dir,
                file=self._directory / name,
                settings_file=self._settings_file,
                program_version=self._program_version,
                created_us=created_us,
                created_at=format_seconds(created_us),
            ),
            advanced,
        )
        details = {"file": name, "program_version": self._program_version, "by": by}
        append_for_all(self._data_dir / CONTROL_FILE, "server.backup", created_us, details)


def _backup(path: Path) -> Backup:
    found = _NAME.fullmatch(path.name)
    assert found is not None
    created = datetime.datetime.strptime(found[1], "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.UTC)
    return Backup(
        name=path.name,
        state=BackupState.COMPLETE,
        created_us=int(created.timestamp()) * SECOND_US,
        size=path.stat().st_size,
    )
