"""Which connections are to be fetched from, and who is told when that changes."""

from __future__ import annotations

from penstock.bootstrap.server import Server
from penstock.core.actor import Actor
from penstock.core.connections.models import (
    ConnectionStatus,
)
from tests.core.connections.broker import broker


async def test_fetching_connections_are_told_of_unless_they_are_paused(server: Server, actor: Actor) -> None:
    service, made = server.parts.connections.service, await broker(server, actor)

    async def running() -> list[tuple[int, int]]:
        async with server.database.system_snapshot() as tx:
            return list(await tx.connections.running())

    changed: list[int] = []
    server.parts.connections.directory.subscribe(changed.append)
    assert await running() == [(actor.org_id, made.connection.id)]
    await service.set_status(actor, made.connection.id, ConnectionStatus.PAUSED)
    assert await running() == []
    assert changed == [made.connection.id]
