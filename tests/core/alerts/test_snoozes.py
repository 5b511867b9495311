"""Snoozes: nothing is notified while they last, and what is still raised once at their end."""

from __future__ import annotations

import msgspec
import pytest

from penstock.core.actor import Actor
from penstock.core.alerts.actions import EmailAction
from penstock.core.alerts.errors import AlertNotFound, OccurrenceNotFound
from penstock.core.alerts.events import is_snoozed
from penstock.core.alerts.keeping import AlertNotes
from penstock.core.alerts.machine import Cleared, Raised
from penstock.core.alerts.models import Alert, ClearReason, Snooze
from penstock.core.alerts.occurrences import OccurrenceService
from penstock.core.alerts.snoozes import MAX_US, SnoozeRequest, Snoozes, SnoozeService
from penstock.core.audit.models import AuditFilter
from penstock.core.audit.trail import AuditTrail
from penstock.core.devices.errors import DeviceNotFound
from penstock.kit.clock import HOUR_US
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import AlertId, DeviceId, EventId, IdSource
from tests.core.alerts.watch import a_device, an_alert, us
from tests.support.days import HeldClock
from tests.support.shelf import Shelf

ALERT, TEN, TWENTY = AlertId(1), DeviceId(10), DeviceId(20)
HOUR = SnoozeRequest(for_us=HOUR_US, note="repair")


class Watch:
    """One alert on two devices, and the services around it."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf, self.clock = shelf, HeldClock()
        ids = IdSource(self.clock.now_us)
        trail = AuditTrail(self.clock)
        self.actor = Actor.system(shelf.acme)
        self.service = SnoozeService(database=shelf.database, trail=trail, ids=ids, clock=self.clock)
        self.people = OccurrenceService(database=shelf.database, trail=trail, ids=ids, clock=self.clock, on_change=lambda: None)
        self.notes = AlertNotes(ids)
        mails = (EmailAction(to=("a@b.example",)), EmailAction(to=("c@d.example",), on_clear=True))
        self.alert: Alert = msgspec.structs.replace(an_alert(actions=mails, revision=5), id=ALERT, org_id=shelf.acme)

    async def raise_on(self, device_id: DeviceId, number: int) -> None:
        device = a_device(device_id, org_id=self.shelf.acme)
        async with self.shelf.own() as tx:
            now_us = self.clock.us
            await self.notes.write(tx, Raised(self.alert, device, EventId(number), now_us, now_us, 7, 3, 2))

    async def clear_on(self, device_id: DeviceId, number: int) -> None:
        device = a_device(device_id, org_id=self.shelf.acme)
        async with self.shelf.own() as tx:
            await self.notes.write(tx, Cleared(self.alert, device, EventId(number), self.clock.us, ClearReason.CONDITION, 1, 4))

    async def jobs(self) -> int:
        async with self.shelf.system() as tx:
            return len(await tx.alerts.due_jobs(us(10**9) + self.clock.us, 100))

    async def events(self) -> list[tuple[str, bool]]:
        """The events of the alert, and whether they are silent."""
        async with self.shelf.system() as tx:
            found = await tx.outbox.next(100)
        return [(one.topic, is_snoozed(one.topic, one.body)) for one in found if one.topic.startswith("alert.")]


@pytest.fixture
async def watch(shelf: Shelf) -> Watch:
    here = Watch(shelf)
    await shelf.add_device(TEN)
    await shelf.add_device(TWENTY)
    async with shelf.own() as tx:
        await tx.alerts.create(here.alert)
    return here


async def test_what_is_raised_meanwhile_is_notified_at_the_end(watch: Watch) -> None:
    made = await watch.service.snooze(watch.actor, ALERT, None, HOUR)
    await watch.raise_on(TEN, 1)
    assert await watch.events() == [("alert.snoozed", False), ("alert.raised", True)]
    assert await watch.jobs() == 0
    await watch.service.end_due(watch.shelf.acme, made, made.until_us - 1)
    assert await watch.jobs() == 0, "it is not over"
    for _ in range(2):
        await watch.service.end_due(watch.shelf.acme, made, made.until_us)
        assert await watch.jobs() == 2, "once"
    assert (await watch.events())[2:] == [("alert.raised", False)]


async def test_what_was_raised_before_is_notified_again(watch: Watch) -> None:
    await watch.raise_on(TEN, 1)
    watch.clock.us += 1
    made = await watch.service.snooze(watch.actor, ALERT, None, HOUR)
    await watch.service.end_due(watch.shelf.acme, made, made.until_us)
    assert [topic for topic, _ in await watch.events()] == ["alert.raised", "alert.snoozed", "alert.repeated"]
    assert await watch.jobs() == 4


async def test_what_is_cleared_or_acknowledged_is_not(watch: Watch) -> None:
    made = await watch.service.snooze(watch.actor, ALERT, None, HOUR)
    await watch.raise_on(TEN, 1)
    await watch.clear_on(TEN, 1)
    await watch.raise_on(TWENTY, 2)
    await watch.people.acknowledge(watch.actor, EventId(2), None)
    await watch.service.end_due(watch.shelf.acme, made, made.until_us)
    assert await watch.jobs() == 0
    assert {silent for topic, silent in await watch.events() if topic != "alert.snoozed"} == {True}


async def test_one_device_is_snoozed_and_another_is_not(watch: Watch) -> None:
    await watch.service.snooze(watch.actor, ALERT, TEN, HOUR)
    await watch.raise_on(TEN, 1)
    assert await watch.jobs() == 0
    await watch.raise_on(TWENTY, 2)
    assert await watch.jobs() == 2
    await watch.service.snooze(watch.actor, ALERT, None, HOUR)
    await watch.service.end(watch.actor, ALERT, TEN)
    assert await watch.jobs() == 2, "the other one still holds"
    await watch.service.end(watch.actor, ALERT, None)
    assert await watch.jobs() == 6


async def test_a_snooze_is_prolonged(watch: Watch) -> None:
    first = await watch.service.snooze(watch.actor, ALERT, None, HOUR)
    await watch.raise_on(TEN, 1)
    watch.clock.us += HOUR_US // 2
    second = await watch.service.snooze(watch.actor, ALERT, None, SnoozeRequest(until_us=watch.clock.us + HOUR_US))
    await watch.service.end_due(watch.shelf.acme, first, first.until_us)
    assert await watch.jobs() == 0
    await watch.service.end_due(watch.shelf.acme, second, second.until_us)
    assert (await watch.events())[-1] == ("alert.raised", False), "no one was told of it before"


async def test_an_event_is_snoozed_on_its_device(watch: Watch) -> None:
    await watch.raise_on(TEN, 1)
    made = await watch.service.snooze_event(watch.actor, EventId(1), HOUR)
    assert (made.alert_id, made.device_id, made.note) == (ALERT, TEN, "repair")
    with pytest.raises(OccurrenceNotFound):
        await watch.service.snooze_event(Actor.system(watch.shelf.other), EventId(1), HOUR)


async def test_an_end_is_one_time_in_the_future(watch: Watch) -> None:
    now_us = watch.clock.us
    for request, field in (
        (SnoozeRequest(), "until"),
        (SnoozeRequest(until_us=now_us), "until"),
        (SnoozeRequest(until_us=now_us + MAX_US + 1), "until"),
        (SnoozeRequest(until_us=now_us + 1, for_us=1), "for_s"),
    ):
        with pytest.raises(InvalidInput) as refused:
            await watch.service.snooze(watch.actor, ALERT, None, request)
        assert refused.value.errors[0].field == field


async def test_strangers_snooze_nothing(watch: Watch) -> None:
    stranger = Actor.system(watch.shelf.other)
    with pytest.raises(AlertNotFound):
        await watch.service.snooze(stranger, ALERT, None, HOUR)
    with pytest.raises(AlertNotFound):
        await watch.service.end(stranger, ALERT, None)
    with pytest.raises(DeviceNotFound):
        await watch.service.snooze(watch.actor, ALERT, DeviceId(99), HOUR)


async def test_it_is_in_the_audit_log(watch: Watch) -> None:
    await watch.service.snooze(watch.actor, ALERT, TEN, HOUR)
    for _ in range(2):
        await watch.service.end(watch.actor, ALERT, TEN)
    async with watch.shelf.own() as tx:
        acts = [entry.action for entry in await tx.audit.oldest(AuditFilter(), 100, 0)]
    assert acts == ["alert.snooze", "alert.snooze_end"]


def test_of_two_the_one_that_ends_last_counts() -> None:
    whole = Snooze(alert_id=ALERT, device_id=None, until_us=5, note="", created_by="", created_us=1)
    short, long = (msgspec.structs.replace(whole, device_id=TEN, until_us=us_) for us_ in (4, 6))
    assert Snoozes([whole, short]).of_device(ALERT, TEN) == whole
    assert Snoozes([whole, long]).of_device(ALERT, TEN) == long
    assert Snoozes([long]).of_device(ALERT, TWENTY) is None
    assert Snoozes([long]).of_alert(ALERT) is None
