"""What unregistered devices say: kept within bounds, and handed over once, wherever the server was killed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import cast

import msgspec
import pytest

from penstock.bootstrap import DataDir, open_server
from penstock.bootstrap.server import Server
from penstock.core.actor import Actor
from penstock.core.customers.models import NewCustomer
from penstock.core.devices.models import DeviceStatus
from penstock.core.limits.errors import BackfillPaced, MonthlyLimitExceeded
from penstock.core.telemetry.models import HistoryQuery, TimeRange
from penstock.core.uplinks.errors import TooManyUnregistered
from penstock.core.uplinks.models import EventKind, Network, NetworkMessage
from penstock.kit.clock import DAY_US, SECOND_US
from penstock.settings import load_settings
from tests.support.days import HeldClock

EUI = "70b3d57ed0061f2a"
SETTINGS = "[uplinks]\nmax_unregistered_devices = 2\nmax_unregistered_readings = 3\n"


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    file = tmp_path / "settings.toml"
    file.write_text(SETTINGS)
    settings = load_settings(file, environment={})
    async with open_server(DataDir(tmp_path / "data"), settings, HeldClock(), run_workers=False) as opened:
        yield opened


@pytest.fixture
async def actor(server: Server) -> Actor:
    return Actor.system((await server.tenancy.bootstrap("Meters", "ada@example.org")).organization.id)


def uplink(server: Server, number: int, eui: str = EUI, key: str | None = "") -> NetworkMessage:
    """The `number`th uplink of a device, a second after the one before."""
    return NetworkMessage(
        network=Network.CHIRPSTACK_V4,
        kind=EventKind.UPLINK,
        eui=eui,
        time_us=server.clock.now_us() - DAY_US + number * SECOND_US,
        dedupe_key=f"{eui}-{number}" if key == "" else key,
    )


async def take(server: Server, actor: Actor, message: NetworkMessage, number: int) -> None:
    await server.parts.uplinks.take(actor, message, {"water": number})


async def stored(server: Server, actor: Actor, device_id: int) -> list[int]:
    """What the log has of a device, oldest first."""
    span = TimeRange(from_us=0, to_us=server.clock.now_us() + 1)
    rows, _ = await server.telemetry.history(actor, HistoryQuery(device_id=device_id, range=span, descending=False))
    return [msgspec.json.decode(row.payload)["water"] for row in rows]


async def test_the_newest_readings_of_so_many_devices_are_kept(server: Server, actor: Actor) -> None:
    for number in range(5):
        await take(server, actor, uplink(server, number), number)
    await take(server, actor, uplink(server, 0, "70b3d57ed0061f2b"), 0)
    with pytest.raises(TooManyUnregistered):
        await take(server, actor, uplink(server, 0, "70b3d57ed0061f2c"), 0)
    await take(server, actor, uplink(server, 5), 5)
    found = await server.parts.uplinks.list_unregistered(actor, None, 10, None)
    assert [(one.eui, one.readings) for one in found.items] == [(EUI, 3), ("70b3d57ed0061f2b", 1)]
    device = (await server.parts.customers.placements.register(actor, EUI, "Flat 12", "water_meter")).device
    await server.parts.uplinks.ingest_kept(actor.org_id, device.id)
    assert await stored(server, actor, device.id) == [3, 4, 5]


async def test_what_was_moved_and_not_yet_forgotten_is_moved_again_and_stored_once(server: Server, actor: Actor) -> None:
    for number, key in ((0, ""), (1, None), (2, None)):
        await take(server, actor, uplink(server, number, key=key), number)
    async with server.database.snapshot(actor.org_id) as tx:
        waiting, kept = await tx.unregistered.find(EUI), await tx.unregistered.readings(EUI, 10)
    assert waiting is not None
    device = (await server.parts.customers.placements.register(actor, EUI, "Flat 12", "water_meter")).device
    await server.parts.uplinks.ingest_kept(actor.org_id, device.id)
    # As if the server had been killed between the log's commit and the forgetting: the rows are there under their ids.
    async with server.database.transaction(actor.org_id) as tx:
        await tx.unregistered.keep(waiting, kept[0], 10)
    await server.parts.uplinks.ingest_kept(actor.org_id, device.id)
    await server.parts.uplinks.ingest_kept(actor.org_id, device.id)
    assert await stored(server, actor, device.id) == [0, 1, 2]
    async with server.database.snapshot(actor.org_id) as tx:
        assert await tx.unregistered.find(EUI) is None


async def test_a_paused_device_gets_what_it_said_when_it_is_resumed(server: Server, actor: Actor) -> None:
    await take(server, actor, uplink(server, 0), 0)
    device = (await server.parts.customers.placements.register(actor, EUI, "Flat 12", "water_meter")).device
    await server.devices.set_status(actor, device.id, DeviceStatus.PAUSED)
    await server.parts.uplinks.ingest_kept(actor.org_id, device.id)
    assert await stored(server, actor, device.id) == []
    await server.devices.set_status(actor, device.id, DeviceStatus.ACTIVE)
    await server.parts.uplinks.ingest_kept(actor.org_id, device.id)
    assert await stored(server, actor, device.id) == [0]


async def test_a_tenant_name_is_looked_up_in_its_own_organisation_only(server: Server, actor: Actor) -> None:
    from_other = Actor.system((await server.tenancy.bootstrap("Other", "grace@example.org")).organization.id)
    riverside = NewCustomer(name="Riverside", admin_email="ada@example.org", tenant_name="riverside")
    customer = await server.parts.customers.service.create(from_other, riverside)
    message = msgspec.structs.replace(uplink(server, 0), tenant_name="riverside")
    await take(server, actor, message, 0)
    (mine,) = (await server.parts.uplinks.list_unregistered(actor, None, 10, None)).items
    assert mine.customer_id is None
    await take(server, from_other, message, 0)
    (theirs,) = (await server.parts.uplinks.list_unregistered(from_other, customer.id, 10, None)).items
    assert theirs.customer_id == customer.id


# Uplinks with several readings.

LIMITS = """
[plans.small]
monthly_readings = 4

[limits]
backfill_per_second = 1
backfill_burst = 2
backfill_max_delay_s = 0
"""


@pytest.fixture
async def limited(tmp_path: Path) -> AsyncIterator[Server]:
    file = tmp_path / "settings.toml"
    file.write_text(LIMITS)
    settings = load_settings(file, environment={})
    async with open_server(DataDir(tmp_path / "data"), settings, HeldClock(), run_workers=False) as opened:
        yield opened


def with_history(server: Server, *ages_s: int, key: str = "k") -> NetworkMessage:
    """An uplink of now, with readings of so many seconds before."""
    now_us = server.clock.now_us()
    history = [{"ts": now_us / SECOND_US - age, "water": age} for age in ages_s]
    return msgspec.structs.replace(uplink(server, 0, key=key), time_us=now_us, values={"water": 0, "history": history})


async def take_all(server: Server, actor: Actor, message: NetworkMessage) -> None:
    divided = server.parts.uplinks.divide(message)
    assert divided is not None
    await server.parts.uplinks.take_all(actor, message, divided)


async def test_old_readings_are_paced_and_the_others_are_stored(limited: Server) -> None:
    actor = Actor.system((await limited.tenancy.bootstrap("Meters", "ada@example.org")).organization.id)
    device = (await limited.parts.customers.placements.register(actor, EUI, "Flat 12", "water_meter")).device
    await take_all(limited, actor, with_history(limited, 7200, 7100, 7000, key="first"))
    late = with_history(limited, 6900, 60, key="second")
    with pytest.raises(BackfillPaced):
        await take_all(limited, actor, late)
    assert await stored(limited, actor, device.id) == [7200, 7100, 7000, 60, 0, 0]
    cast(HeldClock, limited.clock).s += 60
    await take_all(limited, actor, late)
    assert await stored(limited, actor, device.id) == [7200, 7100, 7000, 6900, 60, 0, 0], "each of them once"


async def test_each_of_them_counts_in_the_month(limited: Server) -> None:
    actor = Actor.system((await limited.tenancy.bootstrap("Meters", "ada@example.org")).organization.id)
    await limited.subscriptions.set_plan("Meters", "small")
    device = (await limited.parts.customers.placements.register(actor, EUI, "Flat 12", "water_meter")).device
    other = msgspec.structs.replace(with_history(limited, 1, key="kept"), eui="70b3d57ed0061f2b")
    await take_all(limited, actor, other)
    await take_all(limited, actor, other)
    two = with_history(limited, 30, key="two")
    with pytest.raises(MonthlyLimitExceeded):
        await take_all(limited, actor, with_history(limited, 30, 20))
    assert await stored(limited, actor, device.id) == [], "all or none"
    await take_all(limited, actor, two)
    with pytest.raises(MonthlyLimitExceeded):
        await take_all(limited, actor, with_history(limited, 10, key="more"))
    assert await stored(limited, actor, device.id) == [30, 0]
