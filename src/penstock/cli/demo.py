"""`penstock serve --demo`: the organisation Demo and its weather stations, which report through the front door.

The organisation is created once; its key is printed then and never again. A device of the fleet has the external identifier
`demo:<station>`. Access tokens are not stored in clear text, so the fleet gets new ones at every start. Missing devices are
created again. The day of history is loaded only when the organisation is created: a second one would double the readings.
"""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path

from penstock.adapters.frontdoor.certificate import trust_in
from penstock.bootstrap import Server
from penstock.cli.companions import Companion, announce, link, program, quoted, reachable, watched
from penstock.core.actor import Actor
from penstock.core.devices.errors import DeviceNotFound
from penstock.core.devices.models import Identifier, IdentifierKind, Location, NewDevice
from penstock.core.people.one_time_links import Purpose
from penstock.core.sensor import NewSensor, ValueType
from penstock.core.tenancy.errors import OrganizationNotFound
from penstock.core.tenancy.models import Bootstrapped
from penstock.demo import Fleet, FleetDevice, Station, load, own_client
from penstock.kit.ids import Prefix, encode
from penstock.kit.secret import Secret

ORGANIZATION = "Demo"
OWNER = "demo@penstock.example"


def demo_companion(data_dir: Path, certificate: str = "") -> Companion:
    """The task that `run_server` runs next to the server with `--demo`. `certificate` is the server's own file, if any."""
    return lambda server, address: watched("demo", _demo(server, address, data_dir, certificate))


async def _demo(server: Server, address: str, data_dir: Path, certificate: str) -> None:
    address = reachable(address)
    made = None
    try:
        organization = await server.tenancy.get_organization(ORGANIZATION)
        announce(_already_exists(data_dir))
    except OrganizationNotFound:
        made = await server.tenancy.bootstrap(ORGANIZATION, OWNER)
        organization = made.organization
        announce(_welcome(made, address))
    if server.has_console:
        announce(_invites(link(address, "welcome", server.people.links.issue(Purpose.SIGN_IN, OWNER))))
    devices = await _devices(server, Actor.system(organization.id))
    fleet = Fleet(address, devices, client_factory=partial(own_client, trust_in(certificate) if certificate else True))
    work = [watched("demo_replay", fleet.run(asyncio.Event()))]
    if made is not None:
        work.append(watched("demo_history", fleet.backfill()))
    try:
        await asyncio.wait(work)
    finally:
        for task in work:
            task.cancel()
        await asyncio.gather(*work, return_exceptions=True)


async def _devices(server: Server, actor: Actor) -> list[FleetDevice]:
    # In a thread: reading the recording takes 0.1 s, which would hold up the first requests.
    stations = await asyncio.get_running_loop().run_in_executor(None, load)
    return [await _device(server, actor, station) for station in stations]


async def _device(server: Server, actor: Actor, station: Station) -> FleetDevice:
    identifier = Identifier(kind=IdentifierKind.EXTERNAL, value=f"demo:{station.key}")
    try:
        known = await server.devices.get_by_identifier(actor, identifier)
    except DeviceNotFound:
        created = await server.devices.create(actor, _new_device(station, identifier))
    else:
        created = await server.devices.regenerate_token(actor, known.id)
    return FleetDevice(
        device_id=encode(Prefix.DEVICE, created.device.id), access_token=Secret(created.access_token), station=station
    )


def _new_device(station: Station, identifier: Identifier) -> NewDevice:
    return NewDevice(
        name=station.name,
        type=station.kind,
        description="A weather station of the VLINDER network, replayed from a recording",
        labels=station.labels | {"demo": station.key},
        location=Location(latitude=station.location.latitude, longitude=station.location.longitude),
        identifiers=[identifier],
        sensors=[
            NewSensor(key=sensor.key, name=sensor.name, unit=sensor.unit, value_type=ValueType(sensor.value_type))
            for sensor in station.sensors
        ],
    )


def _welcome(made: Bootstrapped, address: str) -> str:
    headers = '-H "X-API-Key: $KEY" -H "X-Organization-Id: $ORG"'
    return f"""
The organisation {ORGANIZATION} has been created. Its key is shown only now. Paste this into another terminal:

  export KEY={made.key.value} ORG={encode(Prefix.ORGANIZATION, made.organization.id)}

List its devices, and follow their readings live:

  curl {address}/api/v2/devices {headers}
  curl -N {address}/api/v2/streams/sse {headers}

Its project has the alias {made.project.alias}.
"""


def _invites(address: str) -> str:
    return f"Look at it in a browser on this machine; the link signs in once, until the server is stopped:\n\n  {address}\n"


def _already_exists(data_dir: Path) -> str:
    return (
        f"The organisation {ORGANIZATION} already exists; its key was shown at the first start. Create another key with: "
        f"{program()} key create --data-dir {quoted(data_dir)} --org {ORGANIZATION} --name NAME --scopes all"
    )
