"""The disk is checked without anybody asking."""

from __future__ import annotations

import asyncio

import pytest

from penstock.workers import disk
from penstock.workers.disk import DiskWatch
from tests.support.waiting import CEILING_S


class Checked:
    def __init__(self) -> None:
        self.times = 0
        self.often = asyncio.Event()

    def check(self) -> bool:
        self.times += 1
        if self.times == 3:
            self.often.set()
        return False


async def test_it_is_checked_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk, "INTERVAL_S", 0.001)
    checked = Checked()
    task = asyncio.create_task(DiskWatch(checked).run())
    await asyncio.wait_for(checked.often.wait(), CEILING_S)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
