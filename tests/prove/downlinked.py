"""Downlinks in a process that can be killed at any step: `python -m tests.prove.downlinked FOLDER STEP`.

Steps are counted in statements to the database, and before and after the moment in which the network server takes a downlink. The
server writes down what it took; what it took is acknowledged by the device. 0 lets it run to its end.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import msgspec

from penstock.core.actor import Actor, ActorKind
from penstock.core.commands.models import DefinitionFilter, ExecutionRequest, Parameter, ParameterType
from penstock.core.connections.models import ConnectionFilter, ConnectionType, NewConnection, Route
from penstock.core.connections.settings import ThingsStackDownlink, ThingsStackSettings
from penstock.core.devices.models import DeviceFilter, Identifier, IdentifierKind, NewDevice
from penstock.core.downlinks.models import OutgoingDownlink
from penstock.core.downlinks.ports import Accepted, DownlinkSettings
from penstock.core.idempotency import IdempotencyKey
from penstock.core.uplinks.models import EventKind, Network, NetworkMessage
from tests.support.commands import Site, open_site

from .commanded import NAMES, Fuse, executed, idle

EUI = "70b3d57ed0061f2a"
PARAMETERS = {"f_port": 1, "payload_hex": "07"}


class NetworkServer:
    """Implements `DownlinkSender`: a server that keeps a notebook."""

    def __init__(self, notebook: Path, fuse: Fuse) -> None:
        self._notebook = notebook
        self._fuse = fuse

    async def find_obstacle(self, settings: DownlinkSettings, downlink: OutgoingDownlink) -> None:
        """Nothing prevents it."""

    async def send(self, settings: DownlinkSettings, downlink: OutgoingDownlink) -> Accepted:
        self._fuse.step()
        with self._notebook.open("a") as notes:
            notes.write(f"1 {downlink.correlation}\n")
        self._fuse.step()
        return Accepted()


async def prepare(folder: Path) -> None:
    """Make the device, its way and its two commands, of which one can be done twice."""
    async with open_site(folder) as site:
        eui = Identifier(kind=IdentifierKind.EUI, value=EUI)
        made = await site.server.devices.create(site.actor, NewDevice(name="Meter", identifiers=(eui,)))
        device = Actor(org_id=site.actor.org_id, kind=ActorKind.DEVICE, id=made.device.id)
        downlink = ThingsStackDownlink(url="https://lns.example.org", application_id="a", webhook_id="w", api_key="k")
        wanted = NewConnection(name="tts", type=ConnectionType.THINGS_STACK, settings=ThingsStackSettings(downlink=downlink))
        connection = (await site.server.parts.connections.service.create(site.actor, wanted)).connection
        async with site.server.database.transaction(site.actor.org_id) as tx:
            await tx.connections.set_routes({device.id: Route(connection.id, "meter-1", "a")}, 1)
        port = Parameter(name="f_port", type=ParameterType.INTEGER)
        payload = Parameter(name="payload_hex", type=ParameterType.STRING)
        for name in NAMES:
            await site.define(device, name, repeatable=name == "again", parameters=(port, payload))


async def story(site: Site, folder: Path, fuse: Fuse) -> None:
    """Ask for both; what the server took, the device acknowledges. What was done before a kill is done on from there."""
    devices = await site.server.devices.list(site.actor, DeviceFilter(), 10, None)
    device = Actor(org_id=site.actor.org_id, kind=ActorKind.DEVICE, id=devices.items[0].id)
    definitions = await site.commands.definitions.list(site.actor, DefinitionFilter(), 10, None)
    connections = await site.server.parts.connections.service.list(site.actor, ConnectionFilter(), 10, None)
    downlinks, intake = site.server.parts.downlinks, site.server.parts.connections.intake
    downlinks.transport._senders = {ThingsStackDownlink: NetworkServer(folder / "executed", fuse)}
    fuse.arm()
    for one in definitions.items:
        wanted = ExecutionRequest(definition_id=one.id, parameters=PARAMETERS)
        key = IdempotencyKey(key=one.name, fingerprint=msgspec.json.encode(one.name))
        await site.commands.executions.execute(site.actor, device.id, wanted, key)
    await idle(site, device)
    while downlinks.dispatcher.backlog:
        await asyncio.sleep(0.02)
    ref = await site.server.parts.connections.directory.get(site.actor.org_id, connections.items[0].id)
    for _, name in executed(folder):
        details = {"correlation_id": name}
        said = NetworkMessage(network=Network.THINGS_STACK_V3, kind=EventKind.ACKNOWLEDGED, eui=EUI, details=details)
        await intake.take(ref, said)
    while await site.server.workers.outbox.step():
        pass


async def main(folder: Path, step: int) -> None:
    async with open_site(folder) as site:
        await story(site, folder, Fuse(step))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
