"""The conditions of alerts, and whether a reading fulfils one. Pure.

A result is True, False, or None if the reading does not contain the fields of the condition; the alert then ignores it.
"""

from __future__ import annotations

import math
from typing import Literal, TypeAlias

import msgspec

from penstock.core.telemetry.fields import Scalar, pick
from penstock.kit.clock import SECOND_US
from penstock.kit.ids import RuleId

Operator: TypeAlias = Literal[">", ">=", "<", "<=", "==", "!=", "between", "outside"]
Point: TypeAlias = tuple[float, float]
"""Latitude and longitude in degrees (WGS 84)."""
EARTH_RADIUS_M = 6_371_008.8


class Threshold(msgspec.Struct, frozen=True, tag="threshold", tag_field="type"):
    """A value compared with a bound. `between` and `outside` have two bounds, which count as inside."""

    field: str
    operator: Operator
    value: float | int | bool | str | tuple[float | int, float | int]


class ValueChange(msgspec.Struct, frozen=True, tag="change", tag_field="type"):
    """A value that differs from the previous one; a number must differ by more than `by`."""

    field: str
    by: float | int = 0


class RateOfChange(msgspec.Struct, frozen=True, tag="rate", tag_field="type"):
    """The rate at which a number changes between consecutive readings, per `per_us`."""

    field: str
    operator: Literal[">", ">=", "<", "<=", "between", "outside"]
    value: float | int | tuple[float | int, float | int]
    per_us: int = 60 * SECOND_US


class NoData(msgspec.Struct, frozen=True, tag="no_data", tag_field="type"):
    """The device has sent nothing for `after_us`."""

    after_us: int


class ConnectivityIs(msgspec.Struct, frozen=True, tag="connectivity", tag_field="type"):
    """The device came online or went offline."""

    state: Literal["online", "offline"]


class Geofence(msgspec.Struct, frozen=True, tag="geofence", tag_field="type"):
    """The device's position relative to a circle or a polygon (corners in order, not crossing the date line).

    `enter` and `exit` require that the device was on the other side before; `outside` does not.
    """

    when: Literal["enter", "exit", "outside"]
    center: Point | None = None
    radius_m: float | None = None
    polygon: tuple[Point, ...] = ()
    latitude_field: str = "lat"
    longitude_field: str = "lng"


class Expression(msgspec.Struct, frozen=True, tag="expression", tag_field="type"):
    """A CEL expression over `reading` and `device` that evaluates to true or false."""

    expression: str


class RaisedByRule(msgspec.Struct, frozen=True, tag="rule", tag_field="type"):
    """Not monitored: a rule raises the alert under this name, and clears it."""

    rule_id: RuleId
    name: str


Condition: TypeAlias = Threshold | ValueChange | RateOfChange | NoData | ConnectivityIs | Geofence | Expression | RaisedByRule


def fields_of(condition: Condition) -> tuple[str, ...]:
    """The fields of readings that a condition uses; empty if it can use any field, or no reading."""
    match condition:
        case Threshold(field=field) | ValueChange(field=field) | RateOfChange(field=field):
            return (field,)
        case Geofence():
            return (condition.latitude_field, condition.longitude_field)
        case _:
            return ()


Bound: TypeAlias = "float | int | bool | str | tuple[float | int, float | int]"


def over(operator: Operator, bound: Bound, value: Scalar, slack: float = 0.0) -> bool | None:
    """Whether a value exceeds the bound. `slack` relaxes the bound for a value that exceeded it before.

    None if the value cannot be compared with the bound.
    """
    if operator in ("==", "!="):
        # In Python True equals 1, but a switch that is on is not the number 1.
        if isinstance(value, bool) != isinstance(bound, bool) or isinstance(value, str) != isinstance(bound, str):
            return None
        return (value == bound) == (operator == "==")
    if isinstance(value, bool | str) or isinstance(bound, bool | str):
        return None
    if isinstance(bound, tuple):
        low, high = bound
        inside = low - slack <= value <= high + slack if operator == "between" else low + slack <= value <= high - slack
        return inside == (operator == "between")
    match operator:
        case ">":
            return value > bound - slack
        case ">=":
            return value >= bound - slack
        case "<":
            return value < bound + slack
        case _:
            return value <= bound + slack


def position(condition: Geofence, payload: dict[str, object]) -> Point | None:
    """The position of the device in a reading, or None."""
    latitude, longitude = pick(payload, condition.latitude_field), pick(payload, condition.longitude_field)
    if isinstance(latitude, bool | str | None) or isinstance(longitude, bool | str | None):
        return None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        return None
    return float(latitude), float(longitude)


def distance_m(one: Point, other: Point) -> float:
    """Metres between two points on the ground, along a great circle."""
    a, b = math.radians(one[0]), math.radians(other[0])
    half_lat, half_lng = (b - a) / 2, math.radians(other[1] - one[1]) / 2
    chord = math.sin(half_lat) ** 2 + math.cos(a) * math.cos(b) * math.sin(half_lng) ** 2
    # Rounding can exceed 1 for opposite points, and `asin` is not defined there.
    return 2 * EARTH_RADIUS_M * math.asin(math.sqrt(min(1.0, chord)))


def inside(condition: Geofence, place: Point, slack_m: float = 0.0) -> bool:
    """Whether a place is within the fence. `slack_m` enlarges a circle by that distance."""
    if condition.center is not None:
        return distance_m(condition.center, place) <= (condition.radius_m or 0.0) + slack_m
    latitude, longitude = place
    within = False
    corners = condition.polygon
    for (lat_a, lng_a), (lat_b, lng_b) in zip(corners, (*corners[1:], corners[0]), strict=True):
        # Of an edge's two ends one counts and one does not, so a line through a corner crosses once, not twice.
        if (lat_a > latitude) != (lat_b > latitude):
            crossing = (lng_b - lng_a) * (latitude - lat_a) / (lat_b - lat_a) + lng_a
            within ^= longitude < crossing
    return within
