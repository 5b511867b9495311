"""When an alert would have been raised: the same machine over stored history, without doing anything."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import pytest

from penstock.core.actor import Actor
from penstock.core.alerts import previews
from penstock.core.alerts.conditions import Condition, ConnectivityIs, Expression, NoData, Threshold
from penstock.core.alerts.models import NewAlert, Target
from penstock.core.alerts.previews import Preview, PreviewService
from penstock.core.devices.connectivity import ConnectivityChange, Reason
from penstock.core.devices.connectivity_service import ConnectivityService
from penstock.core.devices.errors import DeviceNotFound
from penstock.core.devices.models import Connectivity
from penstock.core.telemetry.models import EffectiveRange, HistoryQuery, Reading, TimeRange
from penstock.kit.clock import SECOND_US
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import ChangeId, DeviceId
from tests.support.days import HeldClock
from tests.support.shelf import Shelf

from .watch import NOON_US, us

ROOM = DeviceId(7)
HOUR = TimeRange(from_us=us(0), to_us=us(3600))


class History:
    """Readings (seconds, temperature), in pages as the store returns them."""

    def __init__(self, *readings: tuple[float, Any], kind: str = "telemetry") -> None:
        self.rows = [
            Reading(
                device_id=ROOM,
                org_id=1,
                payload=msgspec.json.encode({"t": value}),
                time_us=us(at),
                received_us=us(at),
                seq=number,
                kind=kind,
            )
            for number, (at, value) in enumerate(readings)
        ]

    async def effective(self, actor: Actor, span: TimeRange) -> EffectiveRange:
        return EffectiveRange(requested=span, effective=span, retention_days=None)

    async def history(self, actor: Actor, query: HistoryQuery) -> tuple[Sequence[Reading], None]:
        first = 0 if query.after is None else query.after[1] + 1
        return self.rows[first : first + query.limit], None


async def previewed(shelf: Shelf, condition: Condition, *readings: tuple[float, Any], **about: Any) -> Preview:
    await shelf.add_device(ROOM)
    clock = HeldClock()
    clock.us = us(3600)
    service = PreviewService(
        database=shelf.database,
        telemetry=History(*readings),  # type: ignore[arg-type]
        connectivity=ConnectivityService(shelf.database),
        clock=clock,
    )
    new = NewAlert(name="", target=Target(devices=(ROOM,)), condition=condition, **about)
    return await service.preview(Actor.system(shelf.acme), new, ROOM, HOUR)


def told(found: Preview) -> list[tuple[float, Any, float | None]]:
    def seconds(time_us: int | None) -> float | None:
        return None if time_us is None else (time_us - NOON_US) / SECOND_US

    return [(seconds(one.raised_us) or 0, one.value, seconds(one.cleared_us)) for one in found.times]


async def test_a_threshold_with_its_hysteresis_and_time(shelf: Shelf) -> None:
    readings = [(0, 5), (60, 7), (120, 7), (180, 5.8), (240, 5), (300, 9)]
    found = await previewed(shelf, Threshold("t", ">", 6), *readings, for_us=60 * SECOND_US, hysteresis=0.5)
    assert told(found) == [(120, 7, 240)]
    assert (found.raised, found.readings, found.evaluated_to_us) == (1, 6, us(3600))


async def test_what_still_holds_has_no_end(shelf: Shelf) -> None:
    found = await previewed(shelf, Threshold("t", ">", 6), (10, 7), (20, 8))
    assert told(found) == [(10, 7, None)]


async def test_a_cooldown_holds_back(shelf: Shelf) -> None:
    readings = [(0, 7), (10, 1), (20, 7), (30, 1), (40, 7), (50, 1)]
    found = await previewed(shelf, Threshold("t", ">", 6), *readings, cooldown_us=300 * SECOND_US)
    assert (found.raised, found.suppressed) == (1, 2)


async def test_silence_is_found_by_its_timer_up_to_the_end(shelf: Shelf) -> None:
    found = await previewed(shelf, NoData(600 * SECOND_US), (0, 1), (300, 1), (1200, 1))
    assert [(raised, cleared) for raised, _, cleared in told(found)] == [(900, 1200), (1800, None)]


async def test_connectivity_comes_from_its_own_history(shelf: Shelf) -> None:
    await shelf.add_device(8)
    states = ((60, Connectivity.OFFLINE), (120, Connectivity.ONLINE), (180, Connectivity.OFFLINE))
    async with shelf.own() as tx:
        changes = [
            ConnectivityChange(ChangeId(number), DeviceId(8), state, Reason.READING, us(at))
            for number, (at, state) in enumerate(states, 1)
        ]
        await tx.connectivity.add(changes)
    clock = HeldClock()
    clock.us = us(3600)
    telemetry: Any = History()
    service = PreviewService(
        database=shelf.database, telemetry=telemetry, connectivity=ConnectivityService(shelf.database), clock=clock
    )
    new = NewAlert(name="", target=Target(all=True), condition=ConnectivityIs("offline"))
    found = await service.preview(Actor.system(shelf.acme), new, DeviceId(8), HOUR)
    assert [(raised, cleared) for raised, _, cleared in told(found)] == [(60, 120), (180, None)]
    assert found.readings == 3


async def test_expressions_that_fail_are_counted_and_nowhere_else(shelf: Shelf) -> None:
    found = await previewed(shelf, Expression("reading.values.t > 6"), (0, "warm"), (10, 7))
    assert (found.raised, found.errors.count) == (1, 1)


async def test_a_long_history_ends_early_and_says_so(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(previews, "SLICE_ROWS", 2)
    monkeypatch.setattr(previews, "MAX_READINGS", 4)
    found = await previewed(shelf, Threshold("t", ">", 6), *[(at, 1) for at in range(9)])
    assert (found.readings, found.evaluated_to_us) == (4, us(3))


async def test_many_times_are_counted_and_the_first_returned(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(previews, "MAX_TIMES", 2)
    found = await previewed(shelf, Threshold("t", ">", 6), *[(at, 9 if at % 2 else 1) for at in range(8)])
    assert (found.raised, told(found)) == (4, [(1, 9, 2), (3, 9, 4)])


async def test_bad_definitions_and_devices_of_others_are_refused(shelf: Shelf) -> None:
    with pytest.raises(InvalidInput):
        await previewed(shelf, Threshold("t", "between", 6))
    clock = HeldClock()
    telemetry: Any = History()
    service = PreviewService(
        database=shelf.database, telemetry=telemetry, connectivity=ConnectivityService(shelf.database), clock=clock
    )
    new = NewAlert(name="", target=Target(all=True), condition=Threshold("t", ">", 6))
    with pytest.raises(DeviceNotFound):
        await service.preview(Actor.system(shelf.other), new, ROOM, HOUR)
