"""Readings of a month: counted on from what is stored, refused whole, and free again when the next month begins."""

from __future__ import annotations

import pytest

from penstock.core.limits.errors import MonthlyLimitExceeded
from penstock.core.limits.ledger import Ledger
from penstock.core.limits.periods import month_of
from penstock.core.tenancy.models import Plan
from penstock.core.tenancy.plans import PlanCatalogue
from penstock.core.usage.models import DeviceHour
from penstock.core.usage.monthly import MonthlyReadings
from penstock.kit.ids import DeviceId, OrgId
from tests.support.days import HeldClock
from tests.support.shelf import Shelf


def monthly(shelf: Shelf, allowed: int | None, clock: HeldClock) -> tuple[MonthlyReadings, PlanCatalogue]:
    plans = PlanCatalogue(shelf.database, {"enterprise": Plan(monthly_readings=allowed)})
    return MonthlyReadings(shelf.database, plans, Ledger(clock), clock), plans


async def stored(shelf: Shelf, hour_us: int, count: int) -> None:
    device_id = await shelf.add_device(10)
    async with shelf.own() as tx:
        hour = DeviceHour(device_id=DeviceId(device_id), hour_us=hour_us, readings=count, data_points=1, size_bytes=1)
        await tx.usage.add_devices([hour])


async def left(readings: MonthlyReadings, shelf: Shelf) -> int:
    state = await readings.peek(shelf.acme)
    assert state is not None
    return state.remaining


async def test_it_goes_on_from_what_is_stored_of_the_month(shelf: Shelf) -> None:
    clock = HeldClock()
    await stored(shelf, month_of(clock.us)[0], 7)
    readings, _ = monthly(shelf, 10, clock)
    assert await left(readings, shelf) == 3
    await readings.take(shelf.acme, 2)
    with pytest.raises(MonthlyLimitExceeded):
        await readings.take(shelf.acme, 2)
    await readings.take(shelf.acme, 1)
    assert await left(readings, shelf) == 0
    other = await readings.peek(shelf.other)
    assert other is not None
    assert other.remaining == 10


async def test_a_new_month_begins_at_nothing(shelf: Shelf) -> None:
    clock = HeldClock()
    readings, _ = monthly(shelf, 10, clock)
    await readings.take(shelf.acme, 10)
    state = await readings.peek(shelf.acme)
    assert state is not None
    clock.us += round(state.reset_s * 1_000_000) - 1
    assert await left(readings, shelf) == 0
    clock.us += 1
    assert await left(readings, shelf) == 10


@pytest.mark.parametrize(("allowed", "unlimited"), [(None, True), (10, False)])
async def test_whether_there_is_a_limit_is_known_once_the_plan_is(allowed: int | None, unlimited: bool, shelf: Shelf) -> None:
    readings, plans = monthly(shelf, allowed, HeldClock())
    assert readings.unlimited(shelf.acme) is False, "the plan is not known yet"
    await plans.of(shelf.acme)
    assert readings.unlimited(shelf.acme) is unlimited
    await readings.take(shelf.acme, 10)
    assert (await readings.peek(shelf.acme) is None) is unlimited


class OnTheWay:
    """A reading on its way to the disk."""

    def __init__(self, org_id: OrgId, *, counted: bool | None = True, duplicate: bool = False, quarantined: bool = False) -> None:
        self.org_id, self.counted, self.duplicate, self.quarantined = org_id, counted, duplicate, quarantined


async def test_what_an_append_did_not_store_is_given_back_once(shelf: Shelf) -> None:
    readings, _ = monthly(shelf, 10, HeldClock())
    await readings.take(shelf.acme, 4)
    some = [OnTheWay(shelf.acme), OnTheWay(shelf.acme, duplicate=True), OnTheWay(shelf.acme)]
    readings.settle(some, True)
    assert await left(readings, shelf) == 7
    refused = [OnTheWay(shelf.acme)]
    for _ in range(2):
        readings.settle(refused, False)
        assert await left(readings, shelf) == 8
    readings.settle(refused, True)
    assert await left(readings, shelf) == 7, "it was appended again, and stored"


async def test_what_came_uncounted_is_counted_when_it_is_stored(shelf: Shelf) -> None:
    readings, _ = monthly(shelf, 10, HeldClock())
    assert await left(readings, shelf) == 10
    found = [
        OnTheWay(shelf.acme, counted=False),
        OnTheWay(shelf.acme, counted=False, quarantined=True),
        OnTheWay(shelf.acme, counted=None),
        OnTheWay(shelf.other, counted=False),
    ]
    readings.settle(found, True)
    assert await left(readings, shelf) == 9
