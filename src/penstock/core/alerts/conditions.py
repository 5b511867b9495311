"""What an alert looks for, and whether a reading shows it. Pure.

A judgement is True, False, or None where the reading tells nothing of it: then the reading is none of the alert's business.
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
    """A value on one side of a bound. `between` and `outside` have two bounds, which belong to the inside."""

    field: str
    operator: Operator
    value: float | int | bool | str | tuple[float | int, float | int]


class ValueChange(msgspec.Struct, frozen=True, tag="change", tag_field="type"):
    """A value that differs from the one before; a number by more than `by`."""

    field: str
    by: float | int = 0


class RateOfChange(msgspec.Struct, frozen=True, tag="rate", tag_field="type"):
    """How fast a number changes from one reading to the next, counted per `per_us`."""

    field: str
    operator: Literal[">", ">=", "<", "<=", "between", "outside"]
    value: float | int | tuple[float | int, float | int]
    per_us: int = 60 * SECOND_US


class NoData(msgspec.Struct, frozen=True, tag="no_data", tag_field="type"):
    """Nothing was heard of the device for so long."""

    after_us: int


class ConnectivityIs(msgspec.Struct, frozen=True, tag="connectivity", tag_field="type"):
    """The device came online or went offline."""

    state: Literal["online", "offline"]


class Geofence(msgspec.Struct, frozen=True, tag="geofence", tag_field="type"):
    """Where the device is, against a circle or a polygon (corners in order, not crossing the date line).

    `enter` and `exit` want to have seen it on the other side before; `outside` does not.
    """

    when: Literal["enter", "exit", "outside"]
    center: Point | None = None
    radius_m: float | None = None
    polygon: tuple[Point, ...] = ()
    latitude_field: str = "lat"
    longitude_field: str = "lng"


class Expression(msgspec.Struct, frozen=True, tag="expression", tag_field="type"):
    """An expression in CEL over `reading` and `device` that comes to true or false."""

    expression: str


class RaisedByRule(msgspec.Struct, frozen=True, tag="rule", tag_field="type"):
    """No condition that is watched for: a rule raises the alert, under a name of its own, and clears it."""

    rule_id: RuleId
    name: str


Condition: TypeAlias = Threshold | ValueChange | RateOfChange | NoData | ConnectivityIs | Geofence | Expression | RaisedByRule


def fields_of(condition: Condition) -> tuple[str, ...]:
    """The fields of readings that a condition looks at; none for one that looks at all, or at no reading."""
    match condition:
        case Threshold(field=field) | ValueChange(field=field) | RateOfChange(field=field):
            return (field,)
        case Geofence():
            return (condition.latitude_field, condition.longitude_field)
        case _:
            return ()


Bound: TypeAlias = "float | int | bool | str | tuple[float | int, float | int]"


def over(operator: Operator, bound: Bound, value: Scalar, slack: float = 0.0) -> bool | None:
    """Whether a value is over the bound; `slack` makes it easier, for a value that was over it before.

    None for a value that cannot be compared with the bound.
    """
    if operator in ("==", "!="):
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
    """Where a reading says that the device is."""
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
    return 2 * EARTH_RADIUS_M * math.asin(math.sqrt(min(1.0, chord)))


def inside(condition: Geofence, place: Point, slack_m: float = 0.0) -> bool:
    """Whether a place is within the fence. `slack_m` makes a circle so much larger."""
    if condition.center is not None:
        return distance_m(condition.center, place) <= (condition.radius_m or 0.0) + slack_m
    latitude, longitude = place
    within = False
    corners = condition.polygon
    for (lat_a, lng_a), (lat_b, lng_b) in zip(corners, (*corners[1:], corners[0]), strict=True):
        if (lat_a > latitude) != (lat_b > latitude):
            crossing = (lng_b - lng_a) * (latitude - lat_a) / (lat_b - lat_a) + lng_a
            within ^= longitude < crossing
    return within
