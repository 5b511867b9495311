"""What was called and refused is written down once, whatever fails meanwhile; daily limits go on after a restart."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from penstock.adapters.storage.sqlite.connection import StorageUnavailable
from penstock.bootstrap import DataDir, open_server
from penstock.bootstrap.server import Server
from penstock.core.actor import Actor, ActorKind
from penstock.core.limits.errors import LimitExceeded
from penstock.core.limits.models import RefusalFilter
from penstock.core.usage.models import CallHour, UsageBy
from penstock.kit.clock import DAY_US, HOUR_US
from penstock.settings import Settings, load_settings
from penstock.workers.usage import UsageWorker
from tests.support.days import HeldClock

KEPT_DAYS = 40


def settings_in(folder: Path) -> Settings:
    file = folder / "settings.toml"
    file.write_text(f"[plans.daily]\ncalls_per_day = 5\n[usage]\nhours_kept_days = {KEPT_DAYS}\n")
    return load_settings(file, environment={})


class FullDisk:
    """A database whose writes fail at their end, as long as it is told so."""

    def __init__(self, database: Any) -> None:
        self._database = database
        self.full = False

    @asynccontextmanager
    async def system(self) -> AsyncIterator[Any]:
        async with self._database.system() as tx:
            yield tx
            if self.full:
                raise StorageUnavailable(reason="disk full")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._database, name)


def worker_of(server: Server, database: Any = None) -> UsageWorker:
    return UsageWorker(
        database=database or server.database,
        counter=server.calls,
        ledger=server.ledger,
        limiter=server.limiter,
        clock=server.clock,
        settled=server.settled,
        hours_kept_days=KEPT_DAYS,
    )


async def caller(server: Server) -> Actor:
    """A key of an organisation with five calls a day."""
    made = await server.tenancy.bootstrap("Acme", "a@example.org")
    await server.subscriptions.set_plan("Acme", "daily")
    return Actor(org_id=made.organization.id, kind=ActorKind.KEY, id=made.key.key.id)


async def call(server: Server, actor: Actor) -> bool:
    """One call, as the border counts it; whether it was let in."""
    try:
        await server.limits.take(actor, "v2", "usage:read")
    except LimitExceeded:
        return False
    server.calls.count(actor, 10)
    return True


async def written(server: Server, actor: Actor) -> tuple[int, int, int]:
    """Calls, refused calls, and what the ledger says of them."""
    now_us = server.clock.now_us()
    rows = await server.parts.usage.query(actor, UsageBy.KEY, now_us - DAY_US, now_us + 1, DAY_US, 10, None)
    lines = await server.parts.usage.refusals(actor, RefusalFilter(from_us=now_us - DAY_US, to_us=now_us + 1), 10, None)
    return (
        sum(row.calls for row in rows.items),
        sum(row.refused for row in rows.items),
        sum(line.count for line in lines.items),
    )


async def test_what_cannot_be_written_now_is_written_once_later(tmp_path: Path) -> None:
    async with open_server(DataDir(tmp_path / "data"), settings_in(tmp_path), HeldClock(), run_workers=False) as server:
        actor, disk = await caller(server), FullDisk(server.database)
        worker = worker_of(server, disk)
        for _ in range(7):
            await call(server, actor)
        disk.full = True
        with pytest.raises(StorageUnavailable):
            await worker.step()
        assert await written(server, actor) == (0, 0, 0)
        await call(server, actor)
        disk.full = False
        await worker.step()
        await worker.step()
        assert await written(server, actor) == (5, 3, 3)


async def test_a_daily_limit_goes_on_after_a_restart_and_ends_with_the_day(tmp_path: Path) -> None:
    clock = HeldClock()
    async with open_server(DataDir(tmp_path / "data"), settings_in(tmp_path), clock, run_workers=False) as server:
        actor = await caller(server)
        assert [await call(server, actor) for _ in range(3)] == [True] * 3
        await worker_of(server).step()
    async with open_server(DataDir(tmp_path / "data"), settings_in(tmp_path), clock, run_workers=False) as server:
        assert await call(server, actor), "a call that comes before the counts are read"
        worker = worker_of(server)
        await worker.restore()
        await worker.restore()
        assert [await call(server, actor) for _ in range(3)] == [True, False, False]
        await worker.step()
    clock.next_day()
    async with open_server(DataDir(tmp_path / "data"), settings_in(tmp_path), clock, run_workers=False) as server:
        await worker_of(server).restore()
        assert [await call(server, actor) for _ in range(6)] == [True] * 5 + [False]


async def test_hours_go_after_their_time_and_days_stay(tmp_path: Path) -> None:
    clock = HeldClock()
    async with open_server(DataDir(tmp_path / "data"), settings_in(tmp_path), clock, run_workers=False) as server:
        actor = await caller(server)
        old_us, young_us = [(clock.us - days * DAY_US) // HOUR_US * HOUR_US for days in (KEPT_DAYS + 1, KEPT_DAYS - 1)]
        async with server.database.transaction(actor.org_id) as tx:
            hours = [CallHour(key_id=actor.id, hour_us=hour_us, calls=1) for hour_us in (old_us, young_us)]
            await tx.usage.add_calls(hours)
        worker = worker_of(server)
        assert [await worker.prune(), await worker.prune()] == [1, 0]
        for bucket_us, left in ((HOUR_US, 1), (DAY_US, 2)):
            page = await server.parts.usage.query(actor, UsageBy.KEY, 0, clock.us, bucket_us, 10, None)
            assert len(page.items) == left
