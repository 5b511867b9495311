"""Retention over days, with the clock in hand: whole days go, shorter plans go earlier, nothing younger goes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from penstock.adapters.storage.data_dir import DataDir
from penstock.bootstrap import open_server
from penstock.bootstrap.server import Server
from penstock.core.actor import Actor
from penstock.core.audit.chain import document, verify
from penstock.core.audit.models import AuditFilter
from penstock.core.tenancy.models import KeyRequest, Organization
from penstock.settings import load_settings
from penstock.workers.retention import RetentionWorker
from tests.adapters.storage.sqlite.test_log import history
from tests.support.days import HeldClock, reading

PLANS = """
[plans.week]
retention_days = 7
audit_days = 10
[plans.month]
retention_days = 30
"""


async def put_on(server: Server, name: str, plan: str) -> Organization:
    made = await server.tenancy.bootstrap(name, f"{name}@example.org")
    return (await server.subscriptions.set_plan(name, plan)).organization if plan else made.organization


def days_left(server: Server) -> list[str]:
    return [segment.day for segment in server.files.all()]


@pytest.mark.parametrize("third_plan", ["month", "enterprise"])
async def test_days_go_as_the_plans_say(tmp_path: Path, third_plan: str) -> None:
    clock = HeldClock()
    file = tmp_path / "settings.toml"
    file.write_text(PLANS)
    config = load_settings(file, environment={})
    async with open_server(DataDir(tmp_path / "data"), config, clock, run_workers=False) as server:
        plans = ("week", "month", third_plan)
        orgs = [await put_on(server, f"Org{n}", plan) for n, plan in enumerate(plans)]
        worker = RetentionWorker(
            database=server.database, store=server.store, latest=server.latest, plans=server.plans, settled=clock, interval_s=1
        )
        for day in range(41):
            rows = [reading(clock, org=org.id, device=place, value=day) for place, org in enumerate(orgs, start=100)]
            await server.log.append(rows)
            if day < 40:
                clock.next_day()
            if day % 5 == 0:
                await worker.step()
        await server.log.flush()
        await worker.step()
        assert await worker.step() == 0
        lengths = [len(await history(server.store, place, org=org.id)) for place, org in enumerate(orgs, start=100)]
        # Whole UTC days are kept: the one that the limit falls into stays.
        assert lengths == [8, 31, 31 if third_plan == "month" else 41]
        assert len(days_left(server)) == max(lengths)
        assert len(list((tmp_path / "data" / "telemetry").glob("*.db"))) == max(lengths)
        newest = await server.store.latest(orgs[0].id, 100)
        assert newest[0] is not None
        assert newest[0].payload == b'{"n":40}'


async def test_the_audit_log_is_dropped_from_its_beginning_and_goes_on_verifying(tmp_path: Path) -> None:
    clock = HeldClock()
    file = tmp_path / "settings.toml"
    file.write_text(PLANS)
    async with open_server(DataDir(tmp_path / "data"), load_settings(file, environment={}), clock, run_workers=False) as server:
        orgs = [await put_on(server, name, plan) for name, plan in (("Week", "week"), ("Month", "month"))]
        worker = RetentionWorker(
            database=server.database, store=server.store, latest=server.latest, plans=server.plans, settled=clock, interval_s=1
        )
        for day in range(30):
            for org in orgs:
                await server.keys.create(Actor.system(org.id), KeyRequest(name=f"key {day}"))
            clock.next_day()
        await worker.step()
        week, month = [await exported(server, org) for org in orgs]
        assert [row["seq"] for row in month] == list(range(1, 33)), "the organisation, its plan and the keys"
        assert [row["seq"] for row in week] == list(range(23, 33))
        verdict = verify(week)
        assert (verdict.broken, verdict.gaps, verdict.rows) == (None, 0, 10)
        assert verdict.last_hash == (await server.parts.audit.head(Actor.system(orgs[0].id))).hash
        clock.next_day(400)
        await worker.step()
        assert len(await exported(server, orgs[0])) == 1, "the head stays, so that the chain can go on"
        await server.keys.create(Actor.system(orgs[0].id), KeyRequest(name="last"))
        assert verify(await exported(server, orgs[0])).broken is None


async def exported(server: Server, org: Organization) -> list[dict[str, Any]]:
    pages = server.parts.audit.export(Actor.system(org.id), AuditFilter())
    return [document(row) async for page in pages for row in page]
