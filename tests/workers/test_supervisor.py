"""A worker that fails begins again, and the others never notice."""

from __future__ import annotations

import asyncio

import pytest

from penstock.workers import supervisor
from penstock.workers.supervisor import Supervisor
from tests.support.waiting import CEILING_S


async def test_failures_and_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "RESTART_S", 0.01)
    began: dict[str, int] = {"fails": 0, "ends": 0, "runs": 0}
    again, cancelled = asyncio.Event(), []

    async def fails() -> None:
        began["fails"] += 1
        if began["fails"] == 3:
            again.set()
        raise RuntimeError("broken")

    async def ends() -> None:
        began["ends"] += 1

    async def runs() -> None:
        began["runs"] += 1
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.append("runs")

    running = Supervisor({"fails": fails, "ends": ends, "runs": runs})
    running.start()
    await asyncio.wait_for(again.wait(), CEILING_S)
    assert (began["ends"], began["runs"], cancelled) == (1, 1, [])
    await running.stop()
    failures = began["fails"]
    await asyncio.sleep(0.03)
    assert (began["fails"], cancelled) == (failures, ["runs"])
