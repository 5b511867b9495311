"""The state is the same whether readings come one by one or all at once, and after restarts in between."""

from __future__ import annotations

import itertools
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from penstock.core.alerts.actions import EscalationStep
from penstock.core.alerts.conditions import Condition, Geofence, NoData, RateOfChange, Threshold, ValueChange
from penstock.core.alerts.engine import Engine
from penstock.core.alerts.machine import Effect, State
from penstock.core.alerts.models import Alert, NOfM, WatchedDevice
from penstock.core.alerts.store import SavedState
from penstock.core.expressions.error_counts import EvaluationErrors
from penstock.core.telemetry.models import Reading
from penstock.kit.clock import SECOND_US
from tests.core.alerts.watch import a_device, an_alert, us
from tests.support.days import HeldClock

DEVICES = [a_device(7, expected_interval_us=20 * SECOND_US), a_device(8)]
END_S = 500

conditions: st.SearchStrategy[Condition] = st.sampled_from(
    [
        Threshold("t", ">", 6),
        Threshold("t", "outside", (2, 6)),
        ValueChange("t", 1),
        RateOfChange("t", ">", 2),
        NoData(30 * SECOND_US),
        Geofence(when="enter", center=(0.0, 0.0), radius_m=500_000, latitude_field="t", longitude_field="t"),
    ]
)
alerts = st.builds(
    lambda condition, hysteresis, for_s, **about: an_alert(
        condition,
        hysteresis=hysteresis if isinstance(condition, Threshold) else 0.0,
        for_s=0 if isinstance(condition, NoData) else for_s,
        **about,
    ),
    condition=conditions,
    hysteresis=st.sampled_from([0.0, 1.0]),
    for_s=st.sampled_from([0, 0, 15]),
    n_of_m=st.sampled_from([None, None, NOfM(2, 3)]),
    cooldown_s=st.sampled_from([0, 40]),
    auto_clear_us=st.sampled_from([None, 25 * SECOND_US]),
    escalation=st.sampled_from([(), (EscalationStep(10 * SECOND_US, ()), EscalationStep(30 * SECOND_US, ()))]),
    backfill=st.booleans(),
)
steps = st.tuples(
    st.integers(0, 30),  # seconds since the arrival before
    st.integers(-5, 30),  # how old it is then
    st.sampled_from(DEVICES),
    st.integers(0, 9),
    st.booleans(),
)


def log_of(drawn: list[tuple[int, int, WatchedDevice, int, bool]]) -> list[Reading]:
    readings, arrived = [], 0
    for seq, (pause, age, device, value, backfill) in enumerate(drawn, 1):
        arrived += pause
        body = msgspec.json.encode({"t": value})
        readings.append(Reading(1, device.id, us(arrived - age), us(arrived), body, backfill=backfill, seq=seq))
    return readings


def begun(wanted: list[Alert], saved: list[SavedState], ids: Any) -> Engine:
    engine = Engine(ids, EvaluationErrors(HeldClock()))
    for device in DEVICES:
        engine.put_device(device, 0)
    for alert in wanted:
        engine.put_alert(alert)
    for state in saved:
        engine.put_state(state, 0)
    return engine


def ended(engine: Engine) -> tuple[list[Effect], dict[tuple[int, int], State]]:
    engine.advance(us(END_S))
    return engine.effects, {(one.alert_id, one.device_id): one.state for one in engine.states()}


@pytest.mark.parametrize("examples", [40, pytest.param(2_000, marks=pytest.mark.prove)])
def test_one_by_one_or_at_once(examples: int) -> None:
    drawn = given(st.lists(alerts, min_size=1, max_size=3), st.lists(steps, max_size=25), st.sets(st.integers(0, 25)), st.data())(
        one_by_one_or_at_once
    )
    settings(max_examples=examples, deadline=None)(drawn)()


def one_by_one_or_at_once(
    drawn: list[Alert], log: list[tuple[int, int, WatchedDevice, int, bool]], stops: set[int], data: st.DataObject
) -> None:
    wanted = [msgspec.structs.replace(one, id=number) for number, one in enumerate(drawn, 1)]
    readings = log_of(log)
    at_once = begun(wanted, [], itertools.count(1).__next__)
    for reading in readings:
        at_once.read(reading)

    ids = itertools.count(1).__next__
    engine, effects, states = begun(wanted, [], ids), [], {}
    for number, reading in enumerate(readings):
        engine.read(reading)
        if number + 1 < len(readings):  # time goes on between two readings, as it does for a server that waits
            engine.advance(
                data.draw(st.integers(reading.received_us, max(reading.received_us, readings[number + 1].received_us)))
            )
        if number in stops:
            effects += engine.effects
            stored = [msgspec.msgpack.decode(msgspec.msgpack.encode(one), type=SavedState) for one in engine.states()]
            states |= {(one.alert_id, one.device_id): one for one in stored}
            engine = begun(wanted, list(states.values()), ids)
    one_by_one, last = ended(engine)
    known = {key: saved.state for key, saved in states.items()} | last
    expected, at_end = ended(at_once)
    assert [*effects, *one_by_one] == expected
    assert known | at_end == known, "no state differs"


def test_each_occurrence_begins_and_ends_in_turn() -> None:
    """A planted check: two raisings without a clearing between them would be seen."""
    engine = begun([an_alert(Threshold("t", ">", 6))], [], itertools.count(1).__next__)
    for reading in log_of([(1, 0, DEVICES[0], value, False) for value in (7, 8, 5, 7, 5)]):
        engine.read(reading)
    assert [type(one).__name__ for one in engine.effects] == ["Raised", "Cleared", "Raised", "Cleared"]
    assert [one.event_id for one in engine.effects] == [1, 1, 2, 2]
