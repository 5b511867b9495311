"""Conditions judged one value at a time: bounds with slack, what cannot be compared, and fences on the ground."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.core.alerts.conditions import (
    EARTH_RADIUS_M,
    Bound,
    Condition,
    Geofence,
    NoData,
    Operator,
    Threshold,
    distance_m,
    fields_of,
    inside,
    over,
    position,
)
from penstock.core.telemetry.fields import Scalar

NUMBERS = st.floats(-1e6, 1e6)


@pytest.mark.parametrize(
    ("operator", "bound", "over_it", "not_over"),
    [
        (">", 6, [6.1, 7], [6, 5.9]),
        (">=", 6, [6, 7], [5.9]),
        ("<", 6, [5.9], [6, 7]),
        ("<=", 6, [6, 5.9], [6.1]),
        ("==", 6, [6, 6.0], [7]),
        ("!=", 6, [7], [6]),
        ("==", "open", ["open"], ["shut"]),
        ("!=", True, [False], [True]),
        ("between", (2, 4), [2, 3, 4], [1.9, 4.1]),
        ("outside", (2, 4), [1.9, 4.1], [2, 3, 4]),
    ],
)
def test_values_over_and_not_over_a_bound(
    operator: Operator, bound: Bound, over_it: list[Scalar], not_over: list[Scalar]
) -> None:
    assert [over(operator, bound, value) for value in over_it] == [True] * len(over_it)
    assert [over(operator, bound, value) for value in not_over] == [False] * len(not_over)


@pytest.mark.parametrize(
    ("operator", "bound", "value"),
    [
        (">", 6, "7"),
        (">", 6, True),
        ("<=", True, 1),
        ("between", (0, 1), True),
        ("==", 1, True),
        ("!=", "1", 1),
        ("==", False, ""),
    ],
)
def test_what_cannot_be_compared_tells_nothing(operator: Operator, bound: Bound, value: Scalar) -> None:
    assert over(operator, bound, value) is None


@pytest.mark.parametrize(
    ("operator", "bound", "value"),
    [
        (">", 6, 5.5),
        (">=", 6, 5),
        ("<", 6, 6.5),
        ("<=", 6, 7),
        ("between", (2, 4), 1),
        ("between", (2, 4), 5),
        ("outside", (2, 4), 3),
    ],
)
def test_slack_makes_it_easier_to_stay_over(operator: Operator, bound: Bound, value: float) -> None:
    assert not over(operator, bound, value)
    assert over(operator, bound, value, slack=1.5)


@given(NUMBERS, NUMBERS, st.floats(0, 100), st.sampled_from([">", ">=", "<", "<="]))
def test_slack_never_takes_away(bound: float, value: float, slack: float, operator: Operator) -> None:
    assert over(operator, bound, value, slack) or not over(operator, bound, value)


@pytest.mark.parametrize(
    ("condition", "fields"),
    [
        (Threshold("t", ">", 1), ("t",)),
        (Geofence(when="exit", latitude_field="y", longitude_field="x"), ("y", "x")),
        (NoData(5), ()),
    ],
)
def test_the_fields_that_are_looked_at(condition: Condition, fields: tuple[str, ...]) -> None:
    assert fields_of(condition) == fields


@pytest.mark.parametrize(
    ("payload", "place"),
    [
        ({"lat": 47, "lng": 8.5}, (47.0, 8.5)),
        ({"lat": -90, "lng": 180}, (-90.0, 180.0)),
        ({"lat": 90.1, "lng": 0}, None),
        ({"lat": 0, "lng": -180.1}, None),
        ({"lat": "47", "lng": 8}, None),
        ({"lat": True, "lng": 8}, None),
        ({"lat": 47}, None),
    ],
)
def test_where_a_reading_says_that_a_device_is(payload: dict[str, object], place: tuple[float, float] | None) -> None:
    assert position(Geofence(when="enter"), payload) == place


def test_distances_on_the_ground() -> None:
    degree_m = math.pi * EARTH_RADIUS_M / 180
    assert distance_m((0, 0), (1, 0)) == pytest.approx(degree_m)
    assert distance_m((60, 0), (60, 1)) == pytest.approx(degree_m / 2, rel=1e-3)
    assert distance_m((0, 179.5), (0, -179.5)) == pytest.approx(degree_m), "across the date line"
    assert distance_m((90, 0), (-90, 77)) == pytest.approx(math.pi * EARTH_RADIUS_M)
    assert distance_m((47.3769, 8.5417), (52.52, 13.405)) == pytest.approx(671_000, rel=5e-3), "Zurich to Berlin"


def test_a_circle_and_its_slack() -> None:
    fence = Geofence(when="outside", center=(47.0, 8.0), radius_m=1000)
    degree_m = math.pi * EARTH_RADIUS_M / 180
    near, far = (47.0 + 990 / degree_m, 8.0), (47.0 + 1010 / degree_m, 8.0)
    assert (inside(fence, near), inside(fence, far), inside(fence, far, slack_m=20)) == (True, False, True)


def test_a_polygon_with_a_bay() -> None:
    bay = ((0.0, 0.0), (0.0, 10.0), (10.0, 10.0), (10.0, 6.0), (3.0, 5.0), (10.0, 4.0), (10.0, 0.0))
    for corners in (bay, tuple(reversed(bay))):
        fence = Geofence(when="enter", polygon=corners)
        assert all(inside(fence, place) for place in ((1, 5), (9, 1), (9, 9), (2.9, 5)))
        assert not any(inside(fence, place) for place in ((9, 5), (4, 5), (-1, 5), (5, 11), (5, -1), (11, 2)))
