"""One backup at a time, in the background; what failed says why."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

import pytest

from penstock.core.system.errors import BackupRunning
from penstock.core.system.models import Backup, BackupState
from penstock.core.vault.errors import NameNotRepeated
from penstock.workers.backups import BackupWorker


class Files:
    """Writes as soon as it may, or fails."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.failure = failure
        self.begun, self.go, self.written = asyncio.Event(), asyncio.Event(), list[tuple[str, str]]()

    async def found(self) -> Sequence[Backup]:
        return []

    async def room(self) -> tuple[int, int]:
        return 0, 1

    async def write(self, name: str, created_us: int, by: str, progress: Callable[[float], None]) -> None:
        progress(0.25)
        self.begun.set()
        await self.go.wait()
        if self.failure:
            raise self.failure
        self.written.append((name, by))


async def until_done(worker: BackupWorker) -> Backup:
    while (latest := worker.latest()) is None or latest.state is BackupState.RUNNING:
        await asyncio.sleep(0)
    return latest


async def test_a_backup_is_written_and_there_is_one_at_a_time() -> None:
    files = Files()
    worker = BackupWorker(files)
    task = asyncio.create_task(worker.run())
    assert worker.latest() is None
    worker.request("a", 5, "ada")
    with pytest.raises(BackupRunning):
        worker.request("b", 6, "ada")
    await files.begun.wait()
    running = worker.latest()
    assert running is not None
    assert (running.state, running.done) == (BackupState.RUNNING, 0.25)
    files.go.set()
    assert await until_done(worker) == Backup(name="a", state=BackupState.COMPLETE, created_us=5)
    worker.request("b", 6, "grace")
    await until_done(worker)
    assert files.written == [("a", "ada"), ("b", "grace")]
    task.cancel()


async def test_one_that_fails_says_why_and_the_next_can_begin() -> None:
    files = Files(NameNotRepeated())
    files.go.set()
    worker = BackupWorker(files)
    task = asyncio.create_task(worker.run())
    worker.request("a", 5, "ada")
    failed = await until_done(worker)
    assert (failed.state, failed.error) == (BackupState.FAILED, NameNotRepeated().detail)
    files.failure = None
    worker.request("b", 6, "ada")
    assert (await until_done(worker)).state is BackupState.COMPLETE
    task.cancel()


async def test_one_that_the_end_of_the_server_interrupts_has_failed() -> None:
    files = Files()
    worker = BackupWorker(files)
    task = asyncio.create_task(worker.run())
    worker.request("a", 5, "ada")
    await files.begun.wait()
    task.cancel()
    assert (await until_done(worker)).state is BackupState.FAILED
