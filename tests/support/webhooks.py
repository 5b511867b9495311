"""A server in this process with webhooks, whose clock and steps the test holds in its hands."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec

from penstock.adapters.storage.data_dir import DataDir
from penstock.bootstrap import open_server
from penstock.bootstrap.server import Server
from penstock.core.actor import Actor
from penstock.core.devices.models import NewDevice
from penstock.core.telemetry.models import NewReading
from penstock.core.webhooks.models import CreatedEndpoint, Message, MessageFilter, NewEndpoint
from penstock.kit.clock import Clock
from penstock.settings import load_settings

ENVIRONMENT = {
    "PENSTOCK_LOG_DANGEROUS_DURABILITY": "relaxed",
    "PENSTOCK_OUTBOUND_ALLOWED_TARGETS": "127.0.0.0/8",
    "PENSTOCK_OUTBOUND_TIMEOUT_S": "20",
}


class HookSite:
    """One organisation of a server, and the shortest way to what webhooks are told of."""

    def __init__(self, server: Server, org_id: int) -> None:
        self.server = server
        self.hooks = server.parts.webhooks
        self.actor = Actor.system(org_id)

    async def subscribe(self, url: str, *topics: str, **about: Any) -> CreatedEndpoint:
        return await self.hooks.endpoints.create(self.actor, NewEndpoint(url=url, topics=topics or ("*",), **about))

    async def add_device(self, name: str = "Pump", **about: Any) -> int:
        return (await self.server.devices.create(self.actor, NewDevice(name=name, **about))).device.id

    async def report(self, device_id: int, *values: object, **about: Any) -> None:
        """Readings of a device, on disk."""
        ref = await self.server.directory.get(self.actor.org_id, device_id)
        new = [NewReading(ref, msgspec.json.encode({"v": value}), **about) for value in values]
        await self.server.telemetry.append(self.server.telemetry.receive(new))

    async def match(self) -> None:
        """Queue what happened."""
        while await self.server.workers.outbox.step():
            pass
        while await self.server.workers.outbox.step_apart():
            pass
        while await self.hooks.sources.step():
            pass

    async def deliver(self) -> int:
        """Try everything that is due now; how many attempts it took."""
        tried, more = 0, True
        while more:
            more = False
            for entry in self.hooks.delivery._registry.all():
                done = await self.hooks.delivery.step(entry.endpoint.id)
                tried, more = tried + done, more or bool(done)
        return tried

    async def messages(self, **wanted: Any) -> list[Message]:
        """Messages, oldest first."""
        page = await self.hooks.messages.list(self.actor, MessageFilter(**wanted), 1_000, None)
        return page.items[::-1]


@asynccontextmanager
async def open_hooks(
    folder: Path, clock: Clock | None = None, *, run_workers: bool = False, **settings: str
) -> AsyncIterator[HookSite]:
    """A server over a folder with one organisation, made when it is opened first."""
    config = load_settings(environment=ENVIRONMENT | settings)
    async with open_server(DataDir(folder / "data"), config, clock, run_workers=run_workers) as server:
        async with server.database.system_snapshot() as tx:
            found = await tx.organizations.find_by_name("Acme")
        if found is None:
            found = (await server.tenancy.bootstrap("Acme", "a@example.org")).organization
        yield HookSite(server, found.id)
