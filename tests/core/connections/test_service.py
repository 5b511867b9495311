"""Connections over a real database: sealed settings, secrets in time, what is counted, what is forgotten."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from penstock.bootstrap import DataDir, open_server
from penstock.bootstrap.server import Server
from penstock.core.actor import Actor
from penstock.core.connections.activity import ConnectionActivity, Counts
from penstock.core.connections.errors import ConnectionSecretInvalid
from penstock.core.connections.models import (
    ConnectionPatch,
    ConnectionRef,
    ConnectionStatus,
    ConnectionType,
    CreatedConnection,
    NewConnection,
    Route,
)
from penstock.core.connections.settings import ChirpStackApi, ChirpStackSettings, MqttSettings, Subscription
from penstock.core.devices.history import DeviceEventQuery
from penstock.core.devices.models import DeviceRef, DeviceStatus, Identifier, IdentifierKind, NewDevice
from penstock.core.uplinks.models import EventKind, Network, NetworkMessage
from penstock.kit.clock import DAY_US, HOUR_US
from penstock.settings import load_settings
from tests.support.days import HeldClock

EUI = "70b3d57ed0061f2a"
BROKER = MqttSettings(host="broker", subscriptions=[Subscription(topic="{{deviceId}}")], username="u", password="p-1")
REF = ConnectionRef(7, 1, None, ConnectionType.CHIRPSTACK, ConnectionStatus.ACTIVE)
DEVICE = DeviceRef(9, 1, 1, DeviceStatus.ACTIVE)


@pytest.fixture
def clock() -> HeldClock:
    return HeldClock()


@pytest.fixture
async def server(tmp_path: Path, clock: HeldClock) -> AsyncIterator[Server]:
    settings = load_settings(environment={})
    async with open_server(DataDir(tmp_path / "data"), settings, clock, run_workers=False) as opened:
        yield opened


@pytest.fixture
async def actor(server: Server) -> Actor:
    return Actor.system((await server.tenancy.bootstrap("Meters", "ada@example.org")).organization.id)


async def broker(server: Server, actor: Actor) -> CreatedConnection:
    wanted = NewConnection(name="broker", type=ConnectionType.MQTT, settings=BROKER)
    return await server.parts.connections.service.create(actor, wanted)


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


async def test_what_was_told_long_ago_is_forgotten(server: Server, actor: Actor, clock: HeldClock) -> None:
    connections = server.parts.connections
    device = (
        await server.devices.create(actor, NewDevice(name="d", identifiers=[Identifier(kind=IdentifierKind.EUI, value=EUI)]))
    ).device
    made = await broker(server, actor)
    ref = await connections.directory.get(actor.org_id, made.connection.id)
    for _ in range(2):
        message = NetworkMessage(network=Network.CHIRPSTACK_V4, kind=EventKind.JOIN, eui=EUI, device_name="d-1")
        await connections.intake.take(ref, message)
        await connections.worker.drop()
        clock.us += 60 * DAY_US
    assert len((await connections.events.list(actor, DeviceEventQuery(device_id=device.id), 10, None)).items) == 2
    await connections.worker.drop()
    assert len((await connections.events.list(actor, DeviceEventQuery(device_id=device.id), 10, None)).items) == 1
    nameless = NetworkMessage(network=Network.CHIRPSTACK_V4, kind=EventKind.JOIN, eui=EUI)
    for _ in range(2):
        await connections.intake.take(ref, nameless)
        await connections.worker.step()
        assert await connections.service.route(actor, device.id) == Route(made.connection.id, "d-1", None)
        connections.activity.forget_device(device.id)  # as after a restart


def test_what_could_not_be_written_down_is_held_again(clock: HeldClock) -> None:
    activity = ConnectionActivity(clock)
    activity.record_message(REF)
    activity.record_error(REF, "first")
    activity.record_route(DEVICE, Route(7, "old"))
    counts, routes = activity.drain()
    clock.us += 5
    activity.record_message(REF)
    activity.record_route(DEVICE, Route(7, "new"))
    activity.restore(counts, routes)
    again = activity.drain()
    assert again == (
        {(1, 7): Counts(2, 1, clock.us, clock.us - 5, "first")},
        {1: {9: Route(7, "new")}},
    )
    assert activity.drain() == ({}, {})
