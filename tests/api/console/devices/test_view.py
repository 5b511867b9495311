"""What the pages of devices show of responses of the API."""

from __future__ import annotations

from typing import Any

import pytest

from penstock.api.console.devices import view


def reading(data: Any, kind: str = "telemetry") -> dict[str, Any]:
    return {"data": data, "kind": kind}


def test_values_are_found_by_dot_path() -> None:
    data = {"a": 1, "b": {"c": True, "d": {"e": "x"}}, "list": [1], "none": None}
    assert view.flat(data) == {"a": 1, "b.c": True, "b.d.e": "x"}
    assert view.flat([1, 2]) == {}
    deep: dict[str, Any] = {"n": 1}
    for _ in range(20):
        deep = {"n": deep}
    assert view.flat(deep) == {}


def test_main_values_are_declared_sensors_and_then_numbers() -> None:
    sensors = {"door": {"name": "Door", "unit": ""}, "gone": {"name": "Gone", "unit": ""}}
    found = view.main_values(
        reading({"t": 4.25, "ok": True, "lorawan": {"rssi_dbm": -9}, "door": "open", "h": 1, "x": 2}), sensors
    )
    assert [(one["label"], one["value"]) for one in found] == [("Door", "open"), ("t", 4.25), ("h", 1)]
    assert view.main_values(None, sensors) == []


def test_tiles_are_of_sensors_and_of_what_else_was_sent() -> None:
    sensors = [{"key": "t", "name": "Temperature", "unit": "°C"}, {"key": "old", "name": "", "unit": ""}]
    buckets: list[dict[str, Any]] = [
        {"values": {"t": {"avg": 1.0}}},
        {"values": {}},
        {"values": {"t": {"avg": 2}, "h": {"avg": None}}},
        {"values": {"t": {"avg": 9}}},
    ]
    found = view.tiles(sensors, reading({"t": 3, "h": 50}), buckets)
    assert [(one["key"], one["label"], one["value"], one["spark"]) for one in found] == [
        ("t", "Temperature", 3, [1.0, 2]),
        ("old", "old", None, []),
        ("h", "h", 50, []),
    ]


@pytest.mark.parametrize(
    ("query", "seconds"),
    [
        ({}, 86_400),
        ({"range": "1h"}, 3_600),
        ({"range": "7d"}, 604_800),
        ({"range": "x"}, 86_400),
        ({"range": "99"}, 86_400),
        ({"from": "2026-05-02T00:00:00Z", "to": "2026-05-02T01:00:00Z"}, 3_600),
        ({"from": "2026-05-02T02:00:00Z", "to": "2026-05-02T01:00:00Z"}, 1),
        ({"from": "yesterday"}, 86_400),
        ({"from": "2026-05-02T02:00:00"}, 86_400),
    ],
)
def test_the_length_of_a_range(query: dict[str, str], seconds: float) -> None:
    assert view.span_s(query) == seconds


def test_an_open_range_ends_now() -> None:
    assert view.span_s({"from": "2020-01-01T00:00:00Z"}) > 86_400 * 365


@pytest.mark.parametrize(
    ("seconds", "bucket"), [(60, "10s"), (3_600, "30s"), (86_400, "15m"), (604_800, "1h"), (2_592_000, "6h"), (1e9, "1d")]
)
def test_a_bucket_gives_some_hundred_points(seconds: float, bucket: str) -> None:
    assert view.bucket_for(seconds) == bucket


def test_a_range_is_passed_on() -> None:
    assert view.range_of({"from": "a", "to": "b", "range": "1h"}) == {"from": "a", "to": "b"}
    assert view.range_of({}) == {"range": "24h"}


def test_buckets_become_rows_newest_first() -> None:
    buckets = [{"start": "1", "values": {"t": {"avg": 1}}}, {"start": "2", "values": {}}]
    assert view.table_of(buckets, ["t"], ["avg"]) == [{"start": "2", "t avg": None}, {"start": "1", "t avg": 1}]


def test_how_a_payload_was_understood() -> None:
    assert view.decoding_of(reading({}, "malformed")) == "malformed"
    assert view.decoding_of(reading({"lorawan": {"data": "AQ=="}})) == "not decoded"
    assert view.decoding_of(reading({"lorawan": {"data": "AQ=="}, "t": 1})) == ""
    assert view.decoding_of(reading([1])) == ""


def test_what_the_network_says() -> None:
    about = {"rssi_dbm": -91, "snr_db": 0, "gateways": [{"gateway_id": "a"}, {"gateway_id": "b"}, 1]}
    assert view.reception_of(reading({"lorawan": about})) == [["RSSI (dBm)", -91], ["SNR (dB)", 0], ["Gateways", "a, b"]]
    assert view.reception_of(reading({"lorawan": 1})) == []
    assert view.reception_of(reading([])) == []


def test_a_reading_in_one_line() -> None:
    assert view.summary_of(reading({"t": 1.5, "ok": True, "text": "x" * 50})) == f"t 1.5 · ok true · text {'x' * 40}…"
    assert view.summary_of(reading({str(number): number for number in range(7)})).endswith("5 5 …")


def test_points_of_the_map() -> None:
    device = {"id": "dev_1", "name": "A", "type": "t", "connectivity": "online", "location": {"latitude": 1, "longitude": 2}}
    point = view.point_of(device)
    assert point is not None
    assert (point["latitude"], point["longitude"], point["state"], point["href"]) == (1, 2, "online", "/console/devices/dev_1")
    assert view.point_of(device | {"location": None}) is None


def test_texts_of_forms() -> None:
    assert view.labels_text({"a": "1", "b": "2"}) == "a=1\nb=2"
    assert view.identifiers_text([{"kind": "eui", "value": "x"}]) == "eui=x"
    assert view.json_text([{"a": 1}]) == '[\n  {\n    "a": 1\n  }\n]'


def test_what_is_under_way() -> None:
    assert view.ends_open([{"state": "done"}, {"state": "sent"}])
    assert not view.ends_open([{"state": "expired"}])


def test_charts_are_of_units() -> None:
    values = {
        "t": (1, "°C"),
        "u": (2.5, "°C"),
        "v": (3, "°C"),
        "h": (4, ""),
        "ok": (True, ""),
        "s": ("x", ""),
        "lorawan.rssi_dbm": (1, ""),
    }
    tiles = [{"key": key, "label": key.upper(), "unit": unit, "value": value} for key, (value, unit) in values.items()]
    assert [(one["title"], one["keys"]) for one in view.charts(tiles)] == [("T and u and more", ["t", "u", "v"]), ("H", ["h"])]
    many = [{"key": str(number), "label": "", "unit": "", "value": 1} for number in range(9)]
    assert len(view.charts(many)) == view.MAX_CHARTS


def test_what_the_latest_reading_lacks_is_the_last_of_the_day() -> None:
    sensors = [{"key": "t", "name": "", "unit": ""}, {"key": "h", "name": "", "unit": ""}]
    buckets = [
        {"values": {"h": {"last": 1}}},
        {"values": {"h": {"last": 2}, "t": {"last": 3}}},
        {"values": {"h": {"last": None}}},
    ]
    assert [one["value"] for one in view.tiles(sensors, reading({"t": 9}), buckets)] == [9, 2]


def test_only_texts_are_long() -> None:
    assert view.is_long("2026-05-02T09:15:04Z")
    assert not view.is_long("closed")
    assert not view.is_long(1e300)


def test_charts_have_the_names_and_units_of_sensors() -> None:
    sensors = [{"key": "t", "name": "Temperature", "unit": "°C"}, {"key": "h", "name": "", "unit": None}]
    assert view.names_of(sensors) == {"t": {"name": "Temperature", "unit": "°C"}, "h": {"name": "h", "unit": ""}}
