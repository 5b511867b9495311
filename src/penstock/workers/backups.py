"""Writes the backups that the operator requests, one at a time."""

from __future__ import annotations

import asyncio

import msgspec
import structlog

from penstock.core.system.errors import BackupRunning
from penstock.core.system.models import Backup, BackupState
from penstock.core.system.ports import BackupFiles
from penstock.kit.errors import PenstockError

_log = structlog.get_logger()


class BackupWorker:
    """The worker. Implements `BackupQueue`."""

    def __init__(self, files: BackupFiles) -> None:
        self._files = files
        self._requested = asyncio.Event()
        self._latest: Backup | None = None
        self._by = ""

    def latest(self) -> Backup | None:
        return self._latest

    def request(self, name: str, created_us: int, by: str) -> Backup:
        if self._latest is not None and self._latest.state is BackupState.RUNNING:
            raise BackupRunning()
        begun = self._latest = Backup(name=name, state=BackupState.RUNNING, created_us=created_us, done=0.0)
        self._by = by
        self._requested.set()
        return begun

    async def run(self) -> None:
        """Run until cancelled."""
        while True:
            await self._requested.wait()
            self._requested.clear()
            if self._latest is not None:
                await self._write(self._latest)

    async def _write(self, backup: Backup) -> None:
        failed = "the server stopped, or failed"
        try:
            await self._files.write(backup.name, backup.created_us, self._by, self._progress)
            failed = ""
        except PenstockError as error:
            failed = error.detail
            _log.error("backup_failed", file=backup.name, reason=failed)
        finally:
            state = BackupState.FAILED if failed else BackupState.COMPLETE
            self._latest = msgspec.structs.replace(backup, state=state, error=failed, done=0.0 if failed else 1.0)

    def _progress(self, done: float) -> None:
        """Called by the thread that writes."""
        latest = self._latest
        if latest is not None and latest.state is BackupState.RUNNING:
            self._latest = msgspec.structs.replace(latest, done=min(done, 1.0))
