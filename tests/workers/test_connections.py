"""The worker of connections: routes are written down, and old events are forgotten."""

from __future__ import annotations

from pathlib import Path

from penstock.bootstrap.server import Server
from penstock.core.actor import Actor
from penstock.core.connections.models import (
    Route,
)
from penstock.core.devices.history import DeviceEventQuery
from penstock.core.devices.models import Identifier, IdentifierKind, NewDevice
from penstock.core.uplinks.models import EventKind, Network, NetworkMessage
from penstock.kit.clock import DAY_US
from tests.core.connections.broker import broker
from tests.support.commands import open_site
from tests.support.days import HeldClock, PassingClock

EUI = "70b3d57ed0061f2a"


async def test_what_was_told_long_ago_is_forgotten(tmp_path: Path) -> None:
    clock = PassingClock()
    async with open_site(tmp_path, clock, run_workers=False) as site:
        await tell_and_forget(site.server, site.actor, clock)


async def tell_and_forget(server: Server, actor: Actor, clock: HeldClock) -> None:
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
    other = await connections.directory.get(actor.org_id, (await broker(server, actor)).connection.id)
    for told_by, kind, at in (
        (other, EventKind.ACKNOWLEDGED, ref),
        (other, EventKind.UPLINK, other),
        (ref, EventKind.STATUS, other),
    ):
        connections.activity.forget_device(device.id)
        await connections.intake.take(told_by, NetworkMessage(network=Network.CHIRPSTACK_V4, kind=kind, eui=EUI))
        await connections.worker.step()
        found = await connections.service.route(actor, device.id)
        assert found is not None
        assert found.connection_id == at.id, kind
