"""What a bill is made from when meters, networks and people make mistakes, as a caller of the API sees it."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta

import httpx
import pytest

BEGIN = datetime(2026, 5, 4, tzinfo=UTC)
WET = [round(100 + n * 1.67 / 23, 3) for n in range(24)]


def send(api: httpx.Client, values: list[object], step: timedelta, field: str = "consumption_m3") -> str:
    device = str(api.post("/api/v2/devices", json={"name": f"m-{secrets.token_hex(4)}"}).json()["device"]["id"])
    rows = [{"time": (BEGIN + n * step).isoformat(), "data": {field: value}} for n, value in enumerate(values)]
    assert api.post(f"/api/v2/devices/{device}/telemetry", json=rows).is_success
    return device


def consumption(api: httpx.Client, device: str, days: int, bucket: str = "day") -> tuple[list[tuple[float | None, str]], int]:
    span = {"from": BEGIN.isoformat(), "to": (BEGIN + timedelta(days=days)).isoformat(), "estimate": "false", "bucket": bucket}
    answer = api.get(f"/api/v2/devices/{device}/consumption", params=span)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    return [(row["consumption"], row["quality"]) for row in found["data"]], len(found["events"])


HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("values", "step", "days", "total"),
    [
        ([40470.0, 40482.83, 0.0, 40482.83, 40490.0], HOUR, 1, 20.0),
        ([77.25, 78.0, 0, 0, 0, 78.0, 79.5], HOUR, 1, 2.25),
        ([100, 110, 109, 111, 120], DAY, 5, 20.0),
        ([1000.5, 1010.5, 1004.0, 1012.0], DAY, 4, 11.5),
        ([100.0, 99.999] * 84, HOUR, 7, 0.0),
        ([54.321, 54.32, 54.319] * 30, HOUR, 4, 0.0),
        ([*WET[:12], 9999999, *WET[13:]], HOUR, 1, 1.67),
        ([4294967.295, *WET[1:]], HOUR, 1, round(101.67 - WET[1], 3)),
        ([12.5, "13.5", True, "n/a", None, -1, 14.75], HOUR, 1, 2.25),
    ],
)
def test_the_days_add_up_to_what_flowed(
    api: httpx.Client, values: list[object], step: timedelta, days: int, total: float
) -> None:
    rows, events = consumption(api, send(api, values, step), days)
    assert (round(sum(amount or 0 for amount, _ in rows), 9), events) == (total, 0)


def test_the_first_day_is_partial_with_one_reading_or_many(api: httpx.Client) -> None:
    once, _ = consumption(api, send(api, [5, 6], DAY), 3)
    assert once == [(0.0, "partial"), (1.0, "measured"), (None, "missing")]
    often, _ = consumption(api, send(api, [5, 5.5, 6], timedelta(hours=10)), 2)
    assert often == [(1.0, "partial"), (None, "missing")]


def test_a_late_reading_and_its_copies_are_counted_in_their_place(api: httpx.Client) -> None:
    device = send(api, [100, 101, 102, 103, 104, 105, 106], DAY)
    late = {"time": (BEGIN + 3 * DAY - HOUR).isoformat(), "data": {"consumption_m3": 102.75}}
    for _ in range(2):
        assert api.post(f"/api/v2/devices/{device}/telemetry", json=[late, late]).is_success
    rows, _ = consumption(api, device, 7)
    assert [amount for amount, _ in rows] == [0.0, 1.0, 1.75, 0.25, 1.0, 1.0, 1.0]


@pytest.mark.parametrize("field", ["consumption_m3", "cumulativeFlowM3", "water"])
def test_the_fields_of_network_servers_are_counted_without_a_setting(api: httpx.Client, field: str) -> None:
    assert consumption(api, send(api, [10, 12.345], DAY, field), 2)[0] == [(0.0, "partial"), (2.345, "measured")]


def test_litres_are_cubic_metres_to_the_last_digit(api: httpx.Client) -> None:
    assert consumption(api, send(api, [0, 12345.6], DAY, "cumulativeFlow"), 2)[0][1] == (12.3456, "measured")
