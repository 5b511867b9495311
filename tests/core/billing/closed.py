"""A server with meters whose months end, with the clock in hand."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import msgspec

from penstock.bootstrap import DataDir, open_server
from penstock.bootstrap.server import Server
from penstock.core.actor import Actor
from penstock.core.billing.models import Statement
from penstock.core.devices.models import Identifier, IdentifierKind, NewDevice
from penstock.core.telemetry.models import NewReading
from penstock.core.tenancy.models import Plan, Price
from penstock.settings import Settings, load_settings
from penstock.workers.statements import StatementsWorker
from tests.support.days import HeldClock


def us(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1_000_000


def settings() -> Settings:
    price = Price(tier="starter", base_cost=Decimal("49.00"), device_cost=Decimal("0.59"), included_devices=25)
    found = load_settings(environment={})
    return msgspec.structs.replace(found, plans=found.plans | {"priced": Plan(price=price)})


@asynccontextmanager
async def opened(folder: Path, clock: HeldClock) -> AsyncIterator[tuple[Server, Actor]]:
    async with open_server(DataDir(folder / "data"), settings(), clock, run_workers=False) as server:
        async with server.database.system_snapshot() as tx:
            known = await tx.organizations.find_by_name("Acme")
        if known is None:
            known = (await server.tenancy.bootstrap("Acme", "a@example.org")).organization
            await server.subscriptions.set_plan("Acme", "priced")
        yield server, Actor.system(known.id)


async def reporting(server: Server, actor: Actor, name: str = "meter", eui: str | None = None) -> int:
    """A device that has just reported and was counted."""
    identifiers = [Identifier(kind=IdentifierKind.EUI, value=eui)] if eui else []
    device_id = (await server.devices.create(actor, NewDevice(name=name, identifiers=identifiers))).device.id
    await report(server, actor, device_id)
    return device_id


async def report(server: Server, actor: Actor, device_id: int) -> None:
    ref = await server.directory.get(actor.org_id, device_id)
    await server.telemetry.ingest([NewReading(ref, b'{"consumption_m3":1}')])
    await server.workers.observer.step()


def worker_of(server: Server) -> StatementsWorker:
    return StatementsWorker(
        closer=server.parts.billing.closer, database=server.database, log=server.log, clock=server.clock, interval_s=60
    )


async def statements(server: Server, actor: Actor) -> list[Statement]:
    return (await server.parts.billing.service.list(actor, 100, None)).items


def months(found: list[Statement]) -> list[tuple[str, int]]:
    return [(datetime.fromtimestamp(one.bill.begin_us // 10**6, UTC).strftime("%Y-%m"), one.bill.active_devices) for one in found]
