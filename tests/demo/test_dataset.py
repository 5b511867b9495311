"""The recording that ships: complete, unaltered, plausible, and quick to read."""

from __future__ import annotations

import gzip
import hashlib
import time
from itertools import pairwise
from pathlib import Path

import pytest

import penstock.demo
from penstock.demo.dataset import INTERVAL_US, SENSORS, Station, load
from penstock.kit.clock import format_seconds
from tests.support.pace import in_time

DATA = Path(penstock.demo.__file__).parent / "data"

PLAUSIBLE = {
    # What a late summer in Belgium allows; values outside would be a wrong unit or a wrong column.
    "temperature": (0, 40),
    "humidity": (10, 100),
    "pressure": (970, 1050),
    "rain": (0, 30),
    "rain_today": (0, 100),
    "wind_direction": (0, 360),
    "wind_speed": (0, 120),
    "wind_gust": (0, 150),
    "globe_temperature": (0, 70),
}


@pytest.fixture(scope="module")
def stations() -> list[Station]:
    return load()


def test_there_are_enough_stations_with_enough_sensors_and_steps(stations: list[Station]) -> None:
    assert len(stations) == 27
    assert len({station.key for station in stations}) == len({station.name for station in stations}) == 27
    for station in stations:
        assert len(station.sensors) >= 8
        assert all(sensor.unit and sensor.name for sensor in station.sensors)
        assert len(station.series) == 864


def test_the_files_are_those_that_the_source_note_describes() -> None:
    note = (DATA / "SOURCE.md").read_text("utf-8")
    packed = (DATA / "vlinder.csv.gz").read_bytes()
    for content in (packed, gzip.decompress(packed), (DATA / "vlinder_stations.csv").read_bytes()):
        assert hashlib.sha256(content).hexdigest() in note
    assert len(packed) < 600_000
    assert packed[4:8] == bytes(4), "a gzip with a time in it differs each time it is made"
    assert "MIT" in note
    assert all(f"`{sensor.key}` | {sensor.unit} |" in note for sensor in SENSORS)


def test_values_are_physically_plausible(stations: list[Station]) -> None:
    for station in stations:
        for reading in station.series:
            for key, value in reading.values.items():
                low, high = PLAUSIBLE[key]
                assert low <= value <= high, (station.key, format_seconds(reading.recorded_us), key)


def test_values_belong_together_as_measured_ones_do(stations: list[Station]) -> None:
    for station in stations:
        for before, after in pairwise(station.series):
            assert abs(after.values["temperature"] - before.values["temperature"]) < 4
            assert abs(after.values["pressure"] - before.values["pressure"]) < 4  # one barometer is that noisy
            assert after.values["wind_gust"] > after.values["wind_speed"] - 2  # gusts come in steps of 1.6 km/h
        noon = [reading.values["temperature"] for reading in station.series if _hour(reading.recorded_us) == 13]
        night = [reading.values["temperature"] for reading in station.series if _hour(reading.recorded_us) == 4]
        assert sum(noon) / len(noon) > sum(night) / len(night) + 3, "the sun is missing"


def test_readings_come_every_five_minutes_from_midnight(stations: list[Station]) -> None:
    for station in stations:
        assert format_seconds(station.series[0].recorded_us) == "2022-09-04T00:00:00Z"
        times = [reading.recorded_us for reading in station.series]
        assert all(after - before == INTERVAL_US for before, after in pairwise(times))


def test_stations_stand_in_belgium(stations: list[Station]) -> None:
    for station in stations:
        assert 50.6 < station.location.latitude < 51.6
        assert 2.5 < station.location.longitude < 6.0
        assert station.labels["network"] == "VLINDER"
        assert station.name.startswith(station.labels["town"])


def test_what_was_not_measured_is_absent(stations: list[Station]) -> None:
    with_globe = [s.key for s in stations if any(sensor.key == "globe_temperature" for sensor in s.sensors)]
    assert with_globe == ["vlinder02"]
    for station in stations:
        keys = {sensor.key for sensor in station.sensors}
        assert all(reading.values.keys() <= keys for reading in station.series)


def test_values_have_the_type_their_sensor_declares(stations: list[Station]) -> None:
    kinds = {sensor.key: int if sensor.value_type == "integer" else float for sensor in SENSORS}
    for station in stations:
        assert all(type(value) is kinds[key] for key, value in station.series[0].values.items())


def test_loading_is_quick() -> None:
    took = []
    for _ in range(3):
        start = time.process_time()
        load()
        took.append(time.process_time() - start)
    assert in_time(min(took), 0.2)


def _hour(us: int) -> int:
    return int(format_seconds(us)[11:13])
