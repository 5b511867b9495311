"""What is kept of a deleted meter's readings: exact, without what nothing counts, once, and before they are removed."""

from __future__ import annotations

import json
from pathlib import Path

from penstock.core.customers.models import NewCustomer
from penstock.core.devices import events
from penstock.core.devices.models import NewDevice
from penstock.core.meters.archive import Archive, MeterArchivist, readings_in
from penstock.core.meters.former import FormerMeter
from penstock.core.outbox import OutboxEntry
from penstock.core.telemetry.models import HistoryQuery, NewReading, TimeRange
from penstock.kit.clock import MAX_US, MINUTE_US
from penstock.kit.ids import DeviceId, EntryId
from tests.support.commands import Site, open_site

KEPT = [(10, b'{"consumption_m3":1.5}'), (11, b'{"consumption_m3":2.25}')]


def rows(blob: bytes) -> list[tuple[int, bytes]]:
    return [row for times, payloads in readings_in(blob) for row in zip(times, payloads, strict=True)]


def test_values_are_the_text_that_was_sent() -> None:
    archive = Archive(("consumption_m3", "object.flow"))
    archive.add([7, 5], [b'{"consumption_m3":184.3270,"temperature":21}', b'{"object":{"flow":\n1e3},"x":null}'])
    archive.add([9, 10], [b'{"temperature":21}', b'{"consumption_m3":"0012","consumption":1}'])
    kept = [(7, b'{"consumption_m3":184.3270}'), (5, b'{"object":{"flow": 1e3}}'), (10, b'{"consumption_m3":"0012"}')]
    assert rows(archive.blob()) == kept
    assert rows(Archive(("a",)).blob()) == []


def test_a_long_archive_is_read_in_parts_and_its_excess_is_thinned() -> None:
    times = [1_700_000_000_000_000 + number * MINUTE_US // 4 for number in range(100_000)]
    payloads = [b'{"a":%d}' % number for number in range(100_000)]
    archive = Archive(("a",), all_up_to=60_000)
    for start in range(0, 100_000, 9_000):
        archive.add(times[start : start + 9_000], payloads[start : start + 9_000])
    blob = archive.blob()
    assert len(list(readings_in(blob))) > 1
    kept = rows(blob)
    assert kept[:60_000] == list(zip(times, payloads, strict=True))[:60_000]
    assert [time_us for time_us, _ in kept[60_000:]] == times[60_003::4]


async def placed_device(site: Site) -> DeviceId:
    parts = site.server.parts
    device = (await site.server.devices.create(site.actor, NewDevice(name="Meter"))).device
    house = NewCustomer(name="House", admin_email="a@example.org", tenant_name="house")
    customer = await parts.customers.service.create(site.actor, house)
    await parts.customers.placements.place(site.actor, device.id, customer.id, None)
    payloads = [json.dumps({"consumption_m3": value, "battery": 3.6}).encode() for value in (1.5, 2.25)]
    await site.server.telemetry.ingest([NewReading(device.ref(), payload, 10 + n) for n, payload in enumerate(payloads)])
    return device.id


async def former_of(site: Site, device_id: DeviceId) -> FormerMeter:
    async with site.server.database.snapshot(site.actor.org_id) as tx:
        return (await tx.former_meters.of([device_id]))[device_id]


async def remaining(site: Site, device_id: DeviceId) -> int:
    span = TimeRange(from_us=0, to_us=MAX_US)
    query = HistoryQuery(device_id=device_id, range=span, descending=False, limit=10)
    return len(await site.server.store.history(site.actor.org_id, query))


async def test_the_readings_of_a_deleted_meter_become_its_archive(tmp_path: Path) -> None:
    async with open_site(tmp_path, run_workers=False) as site:
        device_id = await placed_device(site)
        assert await remaining(site, device_id) == 2
        await site.server.devices.delete(site.actor, device_id)
        assert (await former_of(site, device_id)).points is None, "the readings are still stored"
        entry = OutboxEntry(id=EntryId(1), org_id=site.actor.org_id, topic=events.DELETED, subject_id=device_id, body=b"{}")
        for _ in range(2):
            await site.server.parts.telemetry.part.background[events.DELETED](entry)
            assert rows((await former_of(site, device_id)).points or b"") == KEPT
            assert await remaining(site, device_id) == 0


async def test_a_second_time_after_a_crash_changes_nothing(tmp_path: Path) -> None:
    async with open_site(tmp_path, run_workers=False) as site:
        device_id = await placed_device(site)
        archivist = MeterArchivist(site.server.database, site.server.store)
        await archivist.keep(site.actor.org_id, device_id)  # it is not deleted
        await site.server.devices.delete(site.actor, device_id)
        await archivist.keep(site.actor.org_id, device_id)
        first = await former_of(site, device_id)
        assert rows(first.points or b"") == KEPT
        await site.server.store.purge_device(site.actor.org_id, device_id)  # the process ended after it
        await archivist.keep(site.actor.org_id, device_id)
        assert await former_of(site, device_id) == first
