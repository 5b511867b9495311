"""Connections over a real database: sealed settings, secrets in time, what is counted, what is forgotten."""

from __future__ import annotations

import pytest

from penstock.bootstrap.server import Server
from penstock.core.actor import Actor
from penstock.core.connections.errors import ConnectionSecretInvalid
from penstock.core.connections.models import (
    ConnectionPatch,
)
from penstock.core.connections.settings import MqttSettings
from penstock.kit.clock import HOUR_US
from tests.core.connections.broker import BROKER, broker
from tests.support.days import HeldClock


async def test_secrets_in_settings_are_there_for_whoever_connects(server: Server, actor: Actor) -> None:
    service, made = server.parts.connections.service, await broker(server, actor)
    assert made.connection.settings == MqttSettings(**{**fields(BROKER), "password": None})
    assert (await service.open_settings(actor.org_id, made.connection.id))[1] == BROKER
    await service.update(actor, made.connection.id, ConnectionPatch(settings={"keep_alive_s": 7}))
    opened = (await service.open_settings(actor.org_id, made.connection.id))[1]
    assert opened == MqttSettings(**{**fields(BROKER), "keep_alive_s": 7})
    await service.update(actor, made.connection.id, ConnectionPatch(settings={"password": "p-2", "host": "another"}))
    opened = (await service.open_settings(actor.org_id, made.connection.id))[1]
    assert isinstance(opened, MqttSettings)
    assert (opened.host, opened.password) == ("another", "p-2")


def fields(settings: MqttSettings) -> dict[str, object]:
    return {name: getattr(settings, name) for name in settings.__struct_fields__}


async def test_the_secret_before_is_good_for_its_overlap_and_no_longer(server: Server, actor: Actor, clock: HeldClock) -> None:
    service, directory = server.parts.connections.service, server.parts.connections.directory
    made = await broker(server, actor)
    connection_id, old = made.connection.id, made.secret.encode()
    new = (await service.rotate_secret(actor, connection_id, HOUR_US)).secret.encode()
    for secret in (old, new):
        assert (await directory.get_by_secret(connection_id, secret)).id == connection_id
    clock.us += HOUR_US
    with pytest.raises(ConnectionSecretInvalid):
        await directory.get_by_secret(connection_id, old)
    directory.drop(connection_id)
    with pytest.raises(ConnectionSecretInvalid):
        await directory.get_by_secret(connection_id, old)
    assert (await directory.get_by_secret(connection_id, new)).id == connection_id
