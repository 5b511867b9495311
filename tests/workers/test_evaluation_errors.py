"""Counts of failed evaluations are stored, also when the disk was full meanwhile, and are there after a restart."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from penstock.adapters.storage.sqlite.connection import StorageUnavailable
from penstock.core.expressions.error_counts import NONE, EvaluationErrors, Use
from penstock.workers.evaluation_errors import EvaluationErrorsWorker
from tests.support.days import HeldClock
from tests.support.shelf import Shelf


class FullDisk:
    """A database that takes nothing, as long as it is full."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf, self.full = shelf, True

    @asynccontextmanager
    async def system(self) -> AsyncIterator[Any]:
        async with self._shelf.system() as tx:
            yield tx
            if self.full:
                raise StorageUnavailable(reason="disk full")

    system_snapshot = system


async def test_counts_outlive_a_full_disk_and_a_restart(shelf: Shelf) -> None:
    disk, errors = FullDisk(shelf), EvaluationErrors(HeldClock())
    disk.full = False
    worker = EvaluationErrorsWorker(disk, errors)  # type: ignore[arg-type]
    await worker.step()
    errors.record(shelf.acme, Use.ALERT, 7, "a reason")
    disk.full = True
    with pytest.raises(StorageUnavailable):
        await worker.step()
    disk.full = False
    await worker.step()
    later = EvaluationErrors(HeldClock())
    await EvaluationErrorsWorker(disk, later).step()  # type: ignore[arg-type]
    assert later.of(shelf.acme, Use.ALERT, 7) == errors.of(shelf.acme, Use.ALERT, 7) != NONE
