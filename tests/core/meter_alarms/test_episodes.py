"""Each condition is one alarm, however often and in whatever order its readings are looked at."""

from __future__ import annotations

from typing import Any

import msgspec

from penstock.core.meter_alarms.episodes import compare, ended
from penstock.core.meter_alarms.models import OLD_US, Alarm, AlarmKind, EndReason, Episode
from penstock.kit.clock import DAY_US, HOUR_US, MAX_US

NOW_US = 100 * DAY_US


def us(hours: float) -> int:
    return NOW_US - 48 * HOUR_US + round(hours * HOUR_US)


def episode(since: float, last: float, until: float | None = None, **more: Any) -> Episode:
    until_us = None if until is None else us(until)
    return Episode(kind=AlarmKind.BURST, register="volume", since_us=us(since), last_us=us(last), until_us=until_us, **more)


def alarm(since: float, last: float, until: float | None = None, number: int = 1) -> Alarm:
    return Alarm(
        id=number,
        org_id=1,
        device_id=10,
        device_name="Flat 12",
        customer_id=None,
        resident_id=None,
        opened_us=us(since),
        closed_us=None if until is None else us(until),
        end_reason=None if until is None else EndReason.CONDITION,
        **msgspec.structs.asdict(episode(since, last, until)),
    )


def test_what_is_new_is_opened_and_what_is_old_only_listed() -> None:
    old_us = NOW_US - OLD_US
    old = msgspec.structs.replace(episode(0, 1, 2), since_us=old_us - 9, last_us=old_us - 5, until_us=old_us - 1)
    changes = compare([], [old, episode(0, 1, 2), episode(5, 9)], us(0), NOW_US)
    assert (changes.old, changes.opened) == ([old], [episode(0, 1, 2), episode(5, 9)])
    assert changes.updated == changes.closed == []


def test_what_is_known_goes_on_and_ends() -> None:
    known = alarm(3, 5)
    changes = compare([known], [episode(2, 9, value=7)], us(0), NOW_US)
    (updated,) = changes.updated
    assert (updated.id, updated.since_us, updated.last_us, updated.value, updated.until_us) == (1, us(2), us(9), 7, None)
    assert changes.opened == changes.closed == []
    assert compare([known], [episode(3, 5)], us(0), NOW_US).updated == [], "nothing new"
    (closed,) = compare([known], [episode(3, 6, 7)], us(0), NOW_US).closed
    assert (closed.until_us, closed.end_reason, closed.closed_us) == (us(7), EndReason.CONDITION, NOW_US)


def test_what_ended_is_another_alarm_when_it_begins_again() -> None:
    known = alarm(3, 5, 6)
    assert compare([known], [episode(3, 5, 6)], us(0), NOW_US).opened == []
    assert compare([known], [episode(8, 9)], us(0), NOW_US).opened == [episode(8, 9)]
    assert compare([known], [episode(6, 9)], us(0), NOW_US).opened == [episode(6, 9)]
    changes = compare([alarm(3, 5)], [episode(3, 5, 6), episode(8, 9)], us(0), NOW_US)
    assert ([one.until_us for one in changes.closed], changes.opened) == ([us(6)], [episode(8, 9)])
    assert changes.updated == []


def test_late_readings_can_show_that_it_never_was() -> None:
    known = alarm(3, 5)
    (closed,) = compare([known], [], us(2), NOW_US).closed
    assert (closed.until_us, closed.end_reason) == (us(5), EndReason.CONDITION)
    assert compare([known], [], us(4), NOW_US).closed == [], "its beginning was not read again"
    assert compare([known], [], MAX_US, NOW_US).closed == []


def test_an_end_is_never_before_the_beginning() -> None:
    assert ended(alarm(3, 5), us(1), EndReason.SILENT, NOW_US).until_us == us(3)


def test_what_comes_late_one_by_one_is_one_alarm() -> None:
    """A meter that sends what it had stored, after a reading that was evaluated: each is over as soon as it is seen."""
    assert compare([], [episode(3, 3, 3)], MAX_US, NOW_US).opened == [episode(3, 3, 3)]
    for known in (alarm(3, 3, 3), alarm(9, 9), alarm(6, 7, 8)):
        changes = compare([known], [episode(4, 4, 4)], MAX_US, NOW_US)
        assert [*changes.opened, *changes.closed, *changes.updated] == []
    assert compare([alarm(40, 41)], [episode(3, 3, 3)], MAX_US, NOW_US).opened == [episode(3, 3, 3)], "another condition"
