"""Secrets in settings: sealed for one connection, and never printed."""

from __future__ import annotations

import pytest

from penstock.bootstrap.server import Server
from penstock.core.actor import Actor
from penstock.core.connections.models import (
    CreatedConnection,
)
from penstock.core.connections.settings import ChirpStackApi, ChirpStackSettings
from tests.core.connections.broker import BROKER, broker


async def test_a_sealed_secret_opens_for_its_own_connection_alone(server: Server, actor: Actor) -> None:
    service = server.parts.connections.service
    one, two = await broker(server, actor), await broker(server, actor)
    async with server.database.transaction(actor.org_id) as tx:
        stolen = type(two.connection)(**{**_all(two), "sealed": one.connection.sealed})
        await tx.connections.update(stolen)
    with pytest.raises(ValueError, match="another owner"):
        await service.open_settings(actor.org_id, two.connection.id)


def _all(made: CreatedConnection) -> dict[str, object]:
    return {name: getattr(made.connection, name) for name in made.connection.__struct_fields__}


def test_secrets_do_not_print() -> None:
    shown = repr(BROKER) + repr(ChirpStackSettings(downlink=ChirpStackApi(url="https://x", token="t-1")))
    assert "p-1" not in shown
    assert "t-1" not in shown
