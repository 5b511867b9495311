"""The recording: stations, their sensors and their readings, from the files in `data/`.

Values are as recorded; if a station sent none, the reading has none. Nothing is read before `load` is called.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Literal, TypeAlias

import msgspec

from penstock.kit.clock import SECOND_US, parse_time

Number: TypeAlias = int | float

INTERVAL_US = 300 * SECOND_US
"""The time between two readings of a station."""


class Sensor(msgspec.Struct, frozen=True, kw_only=True):
    """One value that a station measures. `key` is its name in a reading; `unit` is the unit for display."""

    key: str
    name: str
    unit: str
    value_type: Literal["integer", "float"] = "float"


class Location(msgspec.Struct, frozen=True, kw_only=True):
    """The location of a station.

    Units: degrees (WGS 84).
    """

    latitude: float
    longitude: float


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """The values a station reported at one time, by sensor key, without those it did not send."""

    recorded_us: int
    values: dict[str, Number]


class Station(msgspec.Struct, frozen=True, kw_only=True):
    """A weather station and its readings, oldest first."""

    key: str
    name: str
    kind: str
    location: Location
    labels: dict[str, str]
    sensors: tuple[Sensor, ...]
    series: list[Reading]


SENSORS = (
    Sensor(key="temperature", name="Temperature", unit="°C"),
    Sensor(key="humidity", name="Relative humidity", unit="%", value_type="integer"),
    Sensor(key="pressure", name="Air pressure", unit="hPa"),
    Sensor(key="rain", name="Rain in five minutes", unit="mm"),
    Sensor(key="rain_today", name="Rain since midnight UTC", unit="mm"),
    Sensor(key="wind_direction", name="Wind direction", unit="°", value_type="integer"),
    Sensor(key="wind_speed", name="Wind speed", unit="km/h"),
    Sensor(key="wind_gust", name="Wind gust", unit="km/h"),
    Sensor(key="globe_temperature", name="Black globe temperature", unit="°C"),
)
"""All sensors of the network, in the order of the file's columns; one station has the globe thermometer."""

_Column: TypeAlias = tuple[str, Callable[[str], Number]]


def load() -> list[Station]:
    """Load all stations of the recording. Takes about 0.1 s."""
    folder = resources.files("penstock.demo") / "data"
    series = _series(gzip.decompress((folder / "vlinder.csv.gz").read_bytes()).decode())
    return [_station(row, series[row["key"]]) for row in _places(folder)]


def _places(folder: Traversable) -> Iterator[dict[str, str]]:
    return csv.DictReader(io.StringIO((folder / "vlinder_stations.csv").read_text("utf-8")))


def _station(place: dict[str, str], series: list[Reading]) -> Station:
    measured = frozenset[str]().union(*(reading.values for reading in series))
    return Station(
        key=place["key"],
        name=f"{place['town']} {place['place']}",
        kind="weather_station",
        location=Location(latitude=float(place["latitude"]), longitude=float(place["longitude"])),
        labels={"network": "VLINDER", "town": place["town"]},
        sensors=tuple(sensor for sensor in SENSORS if sensor.key in measured),
        series=series,
    )


def _series(text: str) -> dict[str, list[Reading]]:
    rows = csv.reader(io.StringIO(text))
    columns = _columns(next(rows)[2:])
    moments: dict[str, int] = {}  # all stations report at the same times, so each time is parsed only once
    series: dict[str, list[Reading]] = defaultdict(list)
    for station, recorded_at, *cells in rows:
        if recorded_at not in moments:
            moments[recorded_at] = parse_time(recorded_at)
        series[station].append(Reading(recorded_us=moments[recorded_at], values=_values(columns, cells)))
    return series


def _columns(keys: Sequence[str]) -> list[_Column]:
    by_key = {sensor.key: sensor for sensor in SENSORS}
    return [(key, int if by_key[key].value_type == "integer" else float) for key in keys]


def _values(columns: list[_Column], cells: list[str]) -> dict[str, Number]:
    return {key: number(cell) for (key, number), cell in zip(columns, cells, strict=True) if cell}
