"""The machine against models: each kind of condition in a few plain lines, over readings in any order, one by one and in batches.

The models know no state of the machine. They get the whole sequence of readings and say when the alert is raised and cleared, by
event time. A batch is readings that arrive at one moment.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from penstock.core.alerts.conditions import (
    Condition,
    ConnectivityIs,
    Expression,
    Geofence,
    NoData,
    RaisedByRule,
    RateOfChange,
    Threshold,
    ValueChange,
)
from penstock.core.alerts.machine import Cleared, Raised
from penstock.core.alerts.models import NOfM
from penstock.kit.clock import SECOND_US
from tests.core.alerts.watch import NOON_US, Watch

Values: TypeAlias = dict[str, float]
Told: TypeAlias = list[tuple[str, float]]
"""`raised` or `cleared`, and the event time of the reading."""
Held: TypeAlias = Iterator[tuple[float, bool]]
"""The readings with a result, by event time."""
NEAR = 0.0005
"""In degrees, within the fence of 100 m."""


def in_order(readings: Sequence[tuple[float, Values]]) -> list[tuple[float, Values]]:
    """Without readings older than one that came before, and without those that lack the fields."""
    kept: list[tuple[float, Values]] = []
    for time_s, values in readings:
        if "t" in values and (not kept or time_s >= kept[-1][0]):
            kept.append((time_s, values))
    return kept


def above(readings: Sequence[tuple[float, Values]]) -> Held:
    yield from ((time_s, values["t"] > 6) for time_s, values in in_order(readings))


def changed(readings: Sequence[tuple[float, Values]]) -> Held:
    kept = in_order(readings)
    yield from ((after[0], abs(after[1]["t"] - before[1]["t"]) > 2) for before, after in itertools.pairwise(kept))


def steep(readings: Sequence[tuple[float, Values]]) -> Held:
    before: tuple[float, float] | None = None
    for time_s, values in in_order(readings):
        if before is not None and time_s == before[0]:
            continue  # two readings at one time have no rate
        if before is not None:
            yield time_s, (values["t"] - before[1]) / (time_s - before[0]) > 0.5
        before = (time_s, values["t"])


def beyond(readings: Sequence[tuple[float, Values]]) -> Held:
    """Outside the fence; `t` counts steps of latitude."""
    yield from ((time_s, values["t"] > 6) for time_s, values in in_order(readings))


def entered(readings: Sequence[tuple[float, Values]]) -> Held:
    was_outside = inside_since = False
    for time_s, values in in_order(readings):
        inside = values["t"] <= 6
        inside_since = inside and (was_outside or inside_since)
        was_outside = not inside
        yield time_s, inside_since


def exited(readings: Sequence[tuple[float, Values]]) -> Held:
    turned = [(time_s, {"t": 12 - values["t"] + 0.5}) for time_s, values in in_order(readings)]
    yield from entered(turned)


def places(values: Values) -> Values:
    """A value as a place: up to 6 within the fence, above it far away."""
    return values | ({"lat": 50 + (NEAR if values["t"] <= 6 else 1), "lng": 4.0} if "t" in values else {})


def told(held: Held, window: tuple[int, int] = (1, 1), for_s: float = 0, gap_s: float = 0) -> Told:
    """When the alert is raised and cleared, by the results of its readings."""
    results: list[bool] = []
    found: Told = []
    since = last = None
    active = False
    for time_s, result in held:
        results.append(result)
        holds = sum(results[-window[1] :]) >= window[0]
        if holds and not active:
            since = time_s if since is None or (last is not None and time_s - last > gap_s) else since
            last = time_s
            if time_s - since >= for_s:
                active = True
                found.append(("raised", time_s))
        elif not holds:
            since = None
            if active:
                found.append(("cleared", time_s))
            active = False
    return found


Model: TypeAlias = Callable[[Sequence[tuple[float, Values]]], Held]
FENCE = {"center": (50.0, 4.0), "radius_m": 100.0}
MODELS: list[tuple[Condition, Model]] = [
    (Threshold("t", ">", 6), above),
    (Expression("reading.values.t > 6.0"), above),
    (ValueChange("t", 2), changed),
    (RateOfChange("t", ">", 0.5, SECOND_US), steep),
    (Geofence("outside", **FENCE), beyond),  # type: ignore[arg-type]  # the fields of the struct, by name
    (Geofence("exit", **FENCE), exited),  # type: ignore[arg-type]
    (Geofence("enter", **FENCE), entered),  # type: ignore[arg-type]
]


READINGS = st.lists(
    st.tuples(
        st.integers(1, 40).map(float),
        st.one_of(st.integers(0, 12).map(lambda value: {"t": float(value)}), st.just({"h": 1.0})),
        st.booleans(),
    ),
    max_size=30,
)
"""Event time, values, and whether the reading arrives together with the one before."""


def heard(watch: Watch) -> Told:
    """What the machine told, by event time."""
    found: Told = []
    for effect in watch.effects:
        assert isinstance(effect, Raised | Cleared)
        assert effect.time_us is not None
        found.append(("raised" if isinstance(effect, Raised) else "cleared", (effect.time_us - NOON_US) / SECOND_US))
    return found


def watched(condition: Condition, readings: Sequence[tuple[float, Values, bool]], *, batches: bool, **about: object) -> Watch:
    watch, arrives = Watch(condition, **about), 100.0  # type: ignore[arg-type]
    for time_s, values, together in readings:
        arrives += 0 if together and batches else 1
        watch.at(time_s, arrives=arrives, **places(values))
    return watch


def test_every_kind_of_condition_has_a_model() -> None:
    elsewhere = {ConnectivityIs, NoData, RaisedByRule}  # readings do not raise these
    assert {type(condition) for condition, _ in MODELS} == set(get_args(Condition)) - elsewhere


@pytest.mark.parametrize(("condition", "model"), MODELS, ids=lambda one: getattr(one, "when", type(one).__name__))
@pytest.mark.parametrize("batches", [False, True], ids=["one by one", "batches"])
@pytest.mark.parametrize("window", [(1, 1), (2, 3), (3, 3)], ids=str)
@settings(max_examples=60, deadline=None)
@given(readings=READINGS)
def test_it_is_raised_and_cleared_as_the_model_says(
    condition: Condition, model: Model, batches: bool, window: tuple[int, int], readings: list[tuple[float, Values, bool]]
) -> None:
    n_of_m = None if window == (1, 1) else NOfM(*window)
    watch = watched(condition, readings, batches=batches, n_of_m=n_of_m)
    assert heard(watch) == told(model([(time_s, values) for time_s, values, _ in readings]), window)


@pytest.mark.parametrize(("for_s", "gap_s"), [(5, 5), (12, 12)])
@settings(max_examples=100, deadline=None)
@given(readings=READINGS)
def test_holding_for_a_time_goes_by_event_time(for_s: int, gap_s: int, readings: list[tuple[float, Values, bool]]) -> None:
    watch = watched(Threshold("t", ">", 6), readings, batches=True, for_s=for_s)
    assert heard(watch) == told(above([(time_s, values) for time_s, values, _ in readings]), for_s=for_s, gap_s=gap_s)


@settings(max_examples=100, deadline=None)
@given(readings=READINGS)
def test_one_by_one_or_in_batches_the_states_are_the_same(readings: list[tuple[float, Values, bool]]) -> None:
    for condition, _ in MODELS:
        one_by_one, together = (watched(condition, readings, batches=batches).machine.state for batches in (False, True))
        arrival = {"last_seen_us", "true_us", "raised_us", "fired_us"}
        names = [name for name in one_by_one.__struct_fields__ if name not in arrival]
        assert [getattr(one_by_one, name) for name in names] == [getattr(together, name) for name in names]


@settings(max_examples=100, deadline=None)
@given(arrivals=st.lists(st.tuples(st.integers(0, 60), st.integers(0, 30), st.booleans()), max_size=12))
def test_silence_is_the_time_between_arrivals_whatever_the_device_reports(arrivals: list[tuple[int, int, bool]]) -> None:
    watch, now, expected = Watch(NoData(20 * SECOND_US)), 0, []
    last: float = -10  # when monitoring started
    for pause_s, age_s, late in arrivals:
        now += pause_s
        if last + 20 <= now:
            expected += [("raised", last + 20.0), ("cleared", float(now - age_s))]
        watch.at(now - age_s, arrives=now, late=late, t=1)
        last = now
    assert heard(watch) == expected
