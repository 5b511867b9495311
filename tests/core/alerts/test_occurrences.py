"""What people do with occurrences: taken note of and cleared once, told to whoever follows, and silenced for a while."""

from __future__ import annotations

import pytest

from penstock.core.actor import Actor
from penstock.core.alerts.errors import AlertNotFound, OccurrenceNotFound
from penstock.core.alerts.models import OccurrenceFilter
from penstock.core.alerts.occurrences import OccurrenceService
from penstock.core.audit.models import AuditFilter
from penstock.core.audit.trail import AuditTrail
from penstock.core.devices.errors import DeviceNotFound
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import AlertId, DeviceId, EventId, IdSource
from tests.adapters.storage.sqlite.test_alerts import ONE, TEN, add, occurrence
from tests.support.days import HeldClock
from tests.support.shelf import Shelf

FIRST = EventId(1)


class People:
    """The service of one organisation, and how often the engine was told."""

    def __init__(self, shelf: Shelf) -> None:
        self.clock, self.told = HeldClock(), list[int]()
        ids = IdSource(self.clock.now_us)
        self.service = OccurrenceService(
            database=shelf.database,
            trail=AuditTrail(self.clock),
            ids=ids,
            clock=self.clock,
            on_change=lambda: self.told.append(1),
        )


async def acts(shelf: Shelf) -> list[str]:
    async with shelf.own() as tx:
        return [entry.action for entry in await tx.audit.oldest(AuditFilter(), 100, 0)]


async def test_each_is_done_once_and_told_once(shelf: Shelf) -> None:
    await add(shelf, occurrence(shelf, 1))
    people, actor = People(shelf), Actor.system(shelf.acme)
    for note in ("seen", "seen again"):
        found = await people.service.acknowledge(actor, FIRST, note)
        assert found.note == "seen"
    for _ in range(2):
        assert (await people.service.clear(actor, FIRST)).cleared_us == people.clock.us
    assert len(people.told) == 2
    assert await acts(shelf) == ["alert.acknowledge", "alert.clear"]
    async with shelf.system() as tx:
        topics = [entry.topic for entry in await tx.outbox.next(100) if entry.topic.startswith("alert.")]
        assert [change.kind for change in await tx.alerts.changes(10)] == ["acknowledged", "cleared"]
    assert topics == ["alert.acknowledged", "alert.cleared"]


async def test_strangers_find_nothing(shelf: Shelf) -> None:
    await add(shelf, occurrence(shelf, 1))
    people, stranger = People(shelf), Actor.system(shelf.other)
    for call in (
        people.service.get(stranger, FIRST),
        people.service.acknowledge(stranger, FIRST, None),
        people.service.clear(stranger, FIRST),
    ):
        with pytest.raises(OccurrenceNotFound):
            await call
    for alert_id, actor in ((ONE, stranger), (AlertId(9), Actor.system(shelf.acme))):
        with pytest.raises(AlertNotFound):
            await people.service.list_by_alert(actor, alert_id, OccurrenceFilter(), 10, None)
        assert (await people.service.list(actor, OccurrenceFilter(alert_id=alert_id), 10, None)).items == []
        with pytest.raises(AlertNotFound):
            await people.service.firings(actor, alert_id, 10)
    assert (people.told, await acts(shelf)) == ([], [])


async def test_pages_go_on_where_the_one_before_ended(shelf: Shelf) -> None:
    await add(shelf, *(occurrence(shelf, number) for number in (1, 2, 3)))
    service, actor = People(shelf).service, Actor.system(shelf.acme)
    first = await service.list(actor, OccurrenceFilter(), 2, None)
    rest = await service.list(actor, OccurrenceFilter(), 2, first.next_cursor)
    assert [one.id for one in (*first.items, *rest.items)] == [3, 2, 1]


async def test_maintenance_is_over_at_its_end_or_when_somebody_ends_it(shelf: Shelf) -> None:
    await shelf.add_device(10)
    people, actor = People(shelf), Actor.system(shelf.acme)
    with pytest.raises(InvalidInput):
        await people.service.set_maintenance(actor, TEN, people.clock.us, "pipes")
    made = await people.service.set_maintenance(actor, TEN, people.clock.us + 5, "pipes")
    people.clock.us += 4
    assert await people.service.maintenance(actor, TEN) == made
    people.clock.us += 1
    assert await people.service.maintenance(actor, TEN) is None
    assert (await people.service.set_maintenance(actor, TEN, None, "for ever")).until_us is None
    for _ in range(2):
        await people.service.end_maintenance(actor, TEN)
    assert await people.service.maintenance(actor, TEN) is None
    for device_id, who in ((TEN, Actor.system(shelf.other)), (DeviceId(11), actor)):
        with pytest.raises(DeviceNotFound):
            await people.service.set_maintenance(who, device_id, None, "x")
        with pytest.raises(DeviceNotFound):
            await people.service.maintenance(who, device_id)
