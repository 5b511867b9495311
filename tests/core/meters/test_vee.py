"""What a meter can have counted: each kind of fault a meter, a network or a person makes, and what is right."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from penstock.core.meters.models import EventKind
from penstock.core.meters.units import in_unit, ratio
from penstock.core.meters.values import EditKind, Status
from penstock.core.meters.vee import show_in
from penstock.core.registers.models import NANO, Quantity, RegisterKind
from penstock.kit.clock import DAY_US, HOUR_US
from tests.core.meters.series_of import START, chain, edit, held, hourly, register, total

RISING = [100 + n / 10 for n in range(12)]
WET = [round(100 + n * 1.67 / 24, 3) for n in range(25)]


@pytest.mark.parametrize(
    ("values", "every_us", "wanted", "out"),
    [
        ([40470.0, 40482.83, 0.0, 40482.83, 40490.0], HOUR_US, 20.0, [(0.0, "zero")]),
        ([100, 110, 109, 111, 120], DAY_US, 20, []),
        ([100, 110, 109], DAY_US, 9, []),
        ([*WET[:12], 9999999, *WET[12:]], HOUR_US, 1.67, [(9999999.0, "spike")]),
        ([100, 150, 109, 160], DAY_US, 60, [(109.0, "fall")]),
        ([9999999, 100, 101, 102], DAY_US, 2, [(9999999.0, "spike")]),
        ([65535, 100, 101, 102], DAY_US, 2, [(65535.0, "spike")]),
        (
            [5.5, None, True, "106.5", "n/a", -3, 107],
            HOUR_US,
            101.5,
            [(None, "not_a_number"), (None, "negative"), (None, "not_a_number")],
        ),
        ([99990, 0.0, 99990.5], HOUR_US, 0.5, [(0.0, "zero")]),
        ([100, 100, 100, 0, 0, 0, 0, 0, 0, 100, 100.5], HOUR_US, 0.5, [(0.0, "zero")] * 6),
        ([99990, 99995, 3.0, 4.0], HOUR_US, 14, []),
        ([0, 0, 0, 0], HOUR_US, 0, []),
        ([7], HOUR_US, 0, []),
        ([], HOUR_US, 0, []),
    ],
)
def test_faults_are_held_out_and_the_rest_adds_up(
    values: Sequence[object], every_us: int, wanted: float, out: Sequence[object]
) -> None:
    found = chain(hourly(values, every_us))
    assert (round(total(found), 9), sorted(map(str, held(found)))) == (wanted, sorted(map(str, out)))


@pytest.mark.parametrize("last", [100.0, 99.999])
def test_an_idle_meter_whose_last_digit_moves_consumes_nothing(last: float) -> None:
    found = chain(hourly([*([100.0, 99.999] * 84), last]))
    assert (total(found), found.events, held(found)) == (0, [], [])
    assert set(found.counters.tolist()) == {100 * NANO}


def test_the_flow_that_the_meter_can_measure_decides() -> None:
    found = chain(hourly([100, 105, 105.5, 106]), register(flow="3"))
    assert (total(found), held(found)) == (6, [(105.0, "spike")])
    assert total(chain(hourly([100, 105, 105.5, 106]), register(flow="5"))) == 6


def test_three_values_confirm_a_restart_and_two_do_not() -> None:
    before = [500 + n / 100 for n in range(5)]
    found = chain(hourly([*before, 0.0, 0.1]))
    assert (round(total(found), 6), held(found), found.events) == (0.04, [(0.0, "zero"), (0.1, "fall")], [])
    found = chain(hourly([*before, 0.0, 0.1, 0.2, 0.3]))
    assert (round(total(found), 6), held(found)) == (0.34, [])
    (event,) = found.events
    assert (event.kind, event.before, event.after) == (EventKind.RESET, round(500.04 * NANO), 0)


def test_a_rise_that_no_flow_explains_and_that_stays_is_a_restart() -> None:
    found = chain(hourly([*RISING, 5000, 5000.1, 5000.2]))
    assert (round(total(found), 6), [event.kind for event in found.events]) == (1.3, [EventKind.RESET])


def test_a_counter_that_reached_its_maximum() -> None:
    found = chain(hourly([99990, 3.0]), register(top="100000"))
    assert (total(found), [(one.kind, one.detected) for one in found.events]) == (13, [(EventKind.ROLLOVER, False)])
    found = chain(hourly([9995, 9998, 3, 4]), register(kind=RegisterKind.ENERGY, unit="Wh", top="10000"))
    assert total(found) == 0.009


def test_one_of_several_values_of_a_time_counts() -> None:
    rows = [*hourly(RISING), (START + 5 * HOUR_US, 104.0), (START + 5 * HOUR_US, RISING[5])]
    found = chain(rows)
    assert (round(total(found), 6), held(found)) == (1.1, [(104.0, "duplicate_time")])


def test_two_meters_with_one_name_are_one_chain() -> None:
    found = chain(hourly([value for n in range(20) for value in (100 + n / 10, 5000 + n / 10)]))
    assert (round(total(found), 6), len(found.held), found.events) == (1.9, 20, [])


def test_a_clock_that_was_never_set_tells_no_time() -> None:
    found = chain([(0, 90), *hourly(RISING)])
    assert (round(total(found), 6), held(found)) == (1.1, [(None, "clock")])


def test_pulses_have_no_most_flow() -> None:
    pulses = register(kind=RegisterKind.COUNT, unit="1")
    assert total(chain(hourly([0, 10**6, 10**6 + 5]), pulses)) == 10**6 + 5
    assert total(chain(hourly([50, 60, 59, 61]), pulses)) == 11


SPIKED = [*RISING[:5], 130, *RISING[6:]]
SPIKE_US = START + 5 * HOUR_US


def test_what_a_person_decides_counts() -> None:
    flow = register(flow="3")
    assert held(chain(hourly(SPIKED), flow)) == [(130.0, "spike")]
    void = chain(hourly(SPIKED), flow, [edit(EditKind.VOID, SPIKE_US)])
    assert (round(total(void), 6), [(one.status, one.original) for one in void.held]) == (1.1, [(Status.VOID, 130.0)])
    corrected = chain(hourly(SPIKED), flow, [edit(EditKind.CORRECT, SPIKE_US, 100.5)])
    assert (round(total(corrected), 6), corrected.held) == (1.1, [])
    (value,) = corrected.values(SPIKE_US, SPIKE_US + 1)
    assert (value.status, value.counter, value.original) == (Status.EDITED, round(100.5 * NANO), 130.0)
    added = chain(hourly(RISING), flow, [edit(EditKind.ADD, START + 11 * HOUR_US + 1, 101.2)])
    assert round(total(added), 6) == 1.2
    jump = [*RISING, 160]
    assert held(chain(hourly(jump), flow)) == [(160.0, "spike")]
    confirmed = chain(hourly(jump), flow, [edit(EditKind.CONFIRM, START + 12 * HOUR_US)])
    assert (round(total(confirmed), 6), confirmed.held, confirmed.events) == (60, [], [])


def test_a_confirmed_fall_is_a_restart_at_once() -> None:
    found = chain(hourly([*RISING, 2.0]), None, [edit(EditKind.CONFIRM, START + 12 * HOUR_US)])
    assert (round(total(found), 6), [one.kind for one in found.events], found.held) == (1.1, [EventKind.RESET], [])


def test_the_last_decision_about_a_time_holds() -> None:
    edits = [
        edit(EditKind.CORRECT, SPIKE_US, 100.45, 1),
        edit(EditKind.CORRECT, SPIKE_US, 100.5, 2),
        edit(EditKind.CONFIRM, SPIKE_US, None, 3),
    ]
    assert [one.counter for one in chain(hourly(SPIKED), None, edits).values(SPIKE_US, SPIKE_US + 1)] == [round(100.5 * NANO)]
    found = chain(hourly(SPIKED), None, [*edits, edit(EditKind.VOID, SPIKE_US, None, 4)])
    assert [one.status for one in found.values(SPIKE_US, SPIKE_US + 1)] == [Status.VOID]


def test_a_version_ends_and_begins_with_what_was_read_at_the_meter() -> None:
    change_us = START + 12 * HOUR_US
    old = register(span=(0, change_us), ends=(None, "101.5"))
    new = register(span=(change_us, None), ends=("7", None))
    values = [*hourly(RISING), *hourly([7.25, 7.5], start_us=change_us + HOUR_US)]
    assert (round(total(chain(values, old)), 6), round(total(chain(values, new)), 6)) == (1.5, 0.5)
    unread = register(span=(0, change_us)), register(span=(change_us, None))
    assert [round(total(chain(values, one)), 6) for one in unread] == [1.1, 0.25]


def test_every_value_is_listed_once_with_its_status() -> None:
    found = chain(hourly([*SPIKED, "x"]), register(flow="3"), [edit(EditKind.CORRECT, START, 99.9)])
    values = found.values(START, START + 13 * HOUR_US)
    assert [one.status.value for one in values] == ["edited", *["valid"] * 4, "suspect", *["valid"] * 6, "suspect"]
    assert [one.original for one in values][5:7] == [130.0, RISING[6]]
    assert values[-1].original == "x"


def test_copies_of_a_value_are_listed_once() -> None:
    found = chain([*hourly(RISING), *hourly(RISING)])
    assert (len(found.values(START, START + DAY_US)), found.held, round(total(found), 6)) == (12, [], 1.1)


def test_nothing_beyond_six_values_that_agree_changes_a_series() -> None:
    found = chain(hourly(RISING))
    assert (found.settled_from_us, found.settled_to_us) == (START + 3 * HOUR_US, START + 9 * HOUR_US), (
        "the dead band was left, too"
    )
    assert chain(hourly(RISING[:5])).settled_from_us is None
    assert chain(hourly([0] * 50)).settled_from_us is None, "a counter that is stuck at zero"
    flat = chain(hourly([80] * 25, DAY_US))
    assert (flat.settled_from_us, flat.settled_to_us) == (START + 21 * DAY_US, START + 24 * DAY_US), "the dead band forgot"
    faulty = chain(hourly([*RISING, 0, 50, *[102 + n / 10 for n in range(12)]]))
    assert (faulty.settled_from_us, faulty.settled_to_us) == (START + 3 * HOUR_US, START + 23 * HOUR_US)


def test_the_dead_band_forgets_what_was_not_reached_again() -> None:
    flat = [100.0, 100.006, *[100.0] * 20]
    found = chain(hourly(flat, DAY_US))
    assert (total(found), found.events, held(found)) == (0, [], [])
    assert found.amounts.tolist()[1:14] == [6 * NANO // 1000, *[0] * 10, -6 * NANO // 1000, 0]
    assert total(chain(hourly([*flat, 100.5], DAY_US))) == 0.5
    seldom = chain(hourly([100.001, 100.0, 100.001] * 4, 30 * DAY_US))
    assert set(seldom.amounts.tolist()) == {0}, "eight values are remembered, however old"


def test_of_two_values_of_a_time_the_confirmed_one_counts() -> None:
    rows = [*hourly(RISING), (START + 11 * HOUR_US, 130.0)]
    found = chain(rows, None, [edit(EditKind.CONFIRM, START + 11 * HOUR_US, 130.0)])
    assert (round(total(found), 6), found.held) == (30, [])
    (value,) = found.values(START + 11 * HOUR_US, START + 12 * HOUR_US)
    assert (value.status, value.original) == (Status.EDITED, 130.0)


def test_a_counter_in_another_unit_moves_by_what_is_shown_of_it() -> None:
    series = [*(f"{9990 + n / 7:.4f}" for n in range(8)), "3", "3.5", "4.25", "100.7", "101", "102"]
    found = chain(hourly(series, DAY_US), register(flow="1"))
    exact, gallon = found.amounts.tolist(), ratio("gal", Quantity.VOLUME)
    show_in(found, gallon)
    assert {event.kind for event in found.events} == {EventKind.ROLLOVER, EventKind.RESET}
    assert [abs(one - other) <= 4 for one, other in zip(exact, found.amounts.tolist(), strict=True)] == [True] * len(exact)
    shown = [in_unit(amount, gallon) for amount in found.amounts.tolist()]
    assert sum(shown) == in_unit(sum(found.amounts.tolist()), gallon)
    again = found.counters.tolist()
    show_in(found, gallon)
    assert found.counters.tolist() == again
