"""What readings lead to, from the ingest endpoint to the list of alarms, with the clock in hand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from penstock.kit.clock import DAY_US, HOUR_US
from tests.support.days import NOON_US
from tests.support.metered import Building, at, metered


@pytest.fixture
def building(buildings: Building) -> Building:
    buildings.clock.us = NOON_US
    return buildings


@pytest.fixture(scope="module")
def buildings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Building]:
    with metered(tmp_path_factory.mktemp("alarms")) as found:
        yield found


def kinds(found: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(one["kind"], one["state"]) for one in found]


def leaking(hours: int, start: int = 0, per_hour: float = 0.004) -> list[tuple[float, object]]:
    return [(start + n, round(100 + (start + n) * per_hour, 6)) for n in range(hours + 1)]


def test_a_flow_that_never_stops_is_an_alarm_until_it_stops(building: Building) -> None:
    meter = building.meter()
    assert building.reported(meter, (-2, 99.9), (-1, 99.9), *leaking(22)) == []
    (found,) = building.reported(meter, *leaking(1, 23))
    assert found | {"id": "", "opened_at": ""} == {
        "id": "",
        "device_id": meter,
        "device_name": "Flat 12",
        "customer_id": building.customer_id,
        "resident_id": None,
        "kind": "continuous_flow",
        "register": "volume",
        "state": "open",
        "message": "The flow does not stop: it is at least 4 L/h all the time. There may be a leak.",
        "since": at(-1),
        "last_seen_at": at(24),
        "until": None,
        "opened_at": "",
        "closed_at": None,
        "end_reason": None,
        "value": 0.004,
        "threshold": 0.0,
        "unit": "m3/h",
        "field": None,
        "acknowledged_at": None,
        "acknowledged_by": None,
        "note": None,
    }
    (still,) = building.reported(meter, *leaking(5, 25))
    assert (still["id"], still["since"], still["last_seen_at"]) == (found["id"], found["since"], at(30))
    (over,) = building.reported(meter, (31, 100.12), (32, 100.2))
    assert (over["state"], over["until"], over["end_reason"]) == ("closed", at(31), "condition")
    assert over["id"] == found["id"]


def test_a_flow_that_pauses_once_or_is_seldom_seen_is_none(building: Building) -> None:
    pausing, daily = building.meter(), building.meter()
    rows = leaking(40)
    rows[20] = (20, rows[19][1])
    assert building.reported(pausing, *rows) == []
    assert building.reported(daily, *[(24.0 * n, 100.0 + n) for n in range(9)]) == []


def test_litres_count_as_litres(building: Building) -> None:
    meter = building.meter()
    building.call("PUT", f"/api/v2/devices/{meter}/meter", {"field": "flow.total", "unit": "L"})
    rows = [(float(n), 5000 + 4 * n) for n in range(26)]
    (found,) = building.reported(meter, *rows, field="flow.total")
    assert (found["kind"], found["value"], found["unit"]) == ("continuous_flow", 0.004, "m3/h")


def test_late_readings_count_as_if_they_had_come_in_time(building: Building) -> None:
    meter = building.meter()
    rows = leaking(30)
    assert building.reported(meter, *rows[:5], *rows[20:]) == []
    (found,) = building.reported(meter, *rows[5:20])
    assert (found["kind"], found["since"], found["last_seen_at"]) == ("continuous_flow", at(0), at(30))


def test_a_late_reading_can_show_that_the_flow_did_stop(building: Building) -> None:
    meter = building.meter()
    rows = leaking(30)
    (found,) = building.reported(meter, *rows[:10], *rows[12:])
    assert (found["state"], found["since"]) == ("open", at(0))
    (over,) = building.reported(meter, (11, rows[9][1]), (10, rows[9][1]))
    assert (over["id"], over["state"], over["end_reason"]) == (found["id"], "closed", "condition")


def test_a_burst_needs_two_readings_in_a_row(building: Building) -> None:
    meter = building.meter()
    rows: list[tuple[float, object]] = [(0, 100.0), (1, 103.0), (2, 103.1), (3, 103.1)]
    assert building.reported(meter, *rows) == []
    (found,) = building.reported(meter, (4, 106.0), (5, 110.0))
    assert (found["kind"], found["since"], found["value"], found["threshold"]) == ("burst", at(3), 4.0, 2.5)
    assert kinds(building.reported(meter, (6, 110.1))) == [("burst", "closed")]
    building.call("PUT", f"/api/v2/devices/{meter}/meter/alarm-settings", {"burst": {"flow": 0.5}})
    assert kinds(building.reported(meter, (7, 110.7), (8, 111.3))) == [("burst", "closed"), ("burst", "open")]


def test_what_flows_back_is_an_alarm_and_noise_is_none(building: Building) -> None:
    wobbling, falling = building.meter(), building.meter()
    rows: list[tuple[float, object]] = [(float(n), 100.0 - 0.001 * (n % 2)) for n in range(24 * 7)]
    assert building.reported(wobbling, *rows) == []
    building.clock.us = NOON_US
    (found,) = building.reported(falling, (0, 110.0), (1, 109.96), (2, 109.93), (3, 109.94))
    assert (found["kind"], found["since"], found["value"], found["unit"]) == ("back_flow", at(0), 0.07, "m3")
    (over,) = building.reported(falling, *[(float(n), 109.95) for n in range(4, 30)])
    assert (over["state"], over["until"]) == ("closed", at(25)), "one of the two falls is a day ago"


def test_a_meter_that_was_set_back_did_not_flow_back(building: Building) -> None:
    meter = building.meter()
    assert building.reported(meter, (0, 110.0), (1, 0.0), (2, 0.1), (3, 0.2)) == []


def test_single_wrong_values_are_no_alarm(building: Building) -> None:
    meter = building.meter()
    rows: list[tuple[float, object]] = [(0, 40470.0), (1, 40470.5), (2, 0.0), (3, 40470.5), (4, 9999999), (5, 40470.5)]
    assert building.reported(meter, *rows) == []


def test_a_counter_that_stands_still_had_moved_before(building: Building) -> None:
    used, unused = building.meter(), building.meter()
    for meter in (used, unused):
        building.call("PUT", f"/api/v2/devices/{meter}/meter/alarm-settings", {"frozen": {"days": 14}})
    assert building.reported(used, (-24, 99.0), (0, 100.0), *[(24.0 * n, 100.0) for n in range(1, 14)]) == []
    (found,) = building.reported(used, (24.0 * 14, 100.0))
    assert (found["kind"], found["since"], found["value"], found["threshold"], found["unit"]) == (
        "frozen",
        at(0),
        14.0,
        14.0,
        "d",
    )
    assert building.reported(unused, *[(24.0 * n, 5.0) for n in range(20)]) == []
    (over,) = building.reported(used, (24.0 * 21, 100.2))
    assert (over["state"], over["until"]) == ("closed", at(24.0 * 21))


def test_a_meter_that_reports_once_a_week_is_compared_with_its_last_reading(building: Building) -> None:
    meter = building.meter()
    for n, value in enumerate((98.0, 99.0, *[99.0] * 5)):
        assert building.reported(meter, (168.0 * n, value)) == [], "holidays"
    (found,) = building.reported(meter, (168.0 * 7, 99.0))
    assert (found["kind"], found["since"]) == ("frozen", at(168))


def test_batteries_and_tampering(building: Building) -> None:
    meter = building.meter()
    assert building.reported(meter, (0, {"battery": 3.59, "tamper": False}), (1, {"battery_level": 3.05})) == []
    (low,) = building.reported(meter, (2, {"battery_level": 2.8}))
    assert (low["kind"], low["value"], low["threshold"], low["unit"], low["field"]) == (
        "low_battery",
        2.8,
        3.0,
        "V",
        "battery_level",
    )
    found = building.reported(meter, (3, {"alarm": {"magnet": 1}, "battery_status": "LOW"}))
    assert [(one["kind"], one["since"], one["field"]) for one in found[1:]] == [("tamper", at(3), "alarm.magnet")]
    found = building.reported(meter, (4, {"alarm": {"magnet": 0}, "battery": 3.6}))
    assert kinds(found) == [("low_battery", "closed"), ("tamper", "closed")]
    assert {one["until"] for one in found} == {at(4)}


def test_a_level_in_percent_is_one(building: Building) -> None:
    meter = building.meter()
    (found,) = building.reported(meter, (0, {"battery": 93}), (1, {"battery": 14.5}))
    assert (found["kind"], found["value"], found["unit"]) == ("low_battery", 14.5, "%")


def test_only_meters_are_watched(building: Building) -> None:
    other = building.meter(placed=False)
    assert building.reported(other, (0, {"tamper": True})) == []
    building.call("PUT", f"/api/v2/devices/{other}/meter/alarm-settings", {"tamper": {"fields": ["lid"]}})
    assert building.reported(other, (1, {"tamper": True, "lid": False})) == []
    assert kinds(building.reported(other, (2, {"lid": "open"}))) == [("tamper", "open")]


def test_a_condition_that_ended_long_ago_is_only_listed(building: Building) -> None:
    meter = building.meter()
    building.clock.us = NOON_US + 20 * DAY_US
    found = building.reported(meter, *leaking(30), *[(30.0 + n, 100.12) for n in range(1, 4)])
    assert [(one["kind"], one["state"], one["until"]) for one in found] == [("continuous_flow", "closed", at(31))]


def test_an_alarm_that_no_reading_shows_is_closed_by_time(building: Building) -> None:
    meter = building.meter()
    building.reported(meter, (0, 100.0), (1, 104.0), (2, 108.0))
    building.clock.us = NOON_US + 25 * HOUR_US
    building.evaluate()
    assert kinds(building.alarms(device_id=meter)) == [("burst", "open")]
    building.clock.us = NOON_US + 27 * HOUR_US
    building.evaluate()
    (over,) = building.alarms(device_id=meter)
    assert (over["state"], over["until"], over["end_reason"]) == ("closed", at(2), "silent")


def test_a_kind_that_is_disabled_is_closed_and_not_opened(building: Building) -> None:
    meter = building.meter()
    building.reported(meter, (0, {"tamper": True}))
    building.call("PUT", f"/api/v2/devices/{meter}/meter/alarm-settings", {"tamper": {"enabled": False}})
    (over,) = building.reported(meter, (1, {"tamper": True}))
    assert (over["state"], over["end_reason"]) == ("closed", "disabled")
