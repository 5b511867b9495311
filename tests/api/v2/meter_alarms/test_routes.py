"""Alarms of meters over the native API: filters, pages, acknowledgements, and those of deleted devices."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.days import NOON_US
from tests.support.metered import Building, at, metered
from tests.support.waiting import awaited


@pytest.fixture
def building(buildings: Building) -> Building:
    buildings.clock.us = NOON_US
    return buildings


@pytest.fixture(scope="module")
def buildings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Building]:
    with metered(tmp_path_factory.mktemp("alarms")) as found:
        yield found


def test_filters_and_pages(building: Building) -> None:
    first, second = building.meter(), building.meter()
    building.reported(first, (0, {"tamper": True, "battery": 2.1}), (1, {"tamper": False}))
    building.reported(second, (2, {"tamper": True}))
    ids = {first: "first", second: "second"}

    def listed(**query: str) -> list[tuple[str, str]]:
        found = building.call("GET", "/api/v2/meter-alarms", customer_id=building.customer_id, **query)["data"]
        return [(ids[one["device_id"]], one["kind"]) for one in found if one["device_id"] in ids]

    assert listed(device_id=first) == [("first", "tamper"), ("first", "low_battery")]
    assert listed(kind="tamper") == [("second", "tamper"), ("first", "tamper")]
    assert listed(kind="tamper", state="closed") == [("first", "tamper")]
    assert listed(**{"from": at(0.5)}, kind="tamper", state="open") == [("second", "tamper")]
    assert listed(to=at(0.5), device_id=second) == []
    page = building.call("GET", "/api/v2/meter-alarms", device_id=first, limit="1")
    rest = building.call("GET", "/api/v2/meter-alarms", device_id=first, limit="1", cursor=page["next_cursor"])
    assert [one["kind"] for one in (*page["data"], *rest["data"])] == ["tamper", "low_battery"]
    assert rest["next_cursor"] is None
    one = page["data"][0]
    assert building.call("GET", f"/api/v2/meter-alarms/{one['id']}") == one


@pytest.mark.parametrize(
    ("query", "field"),
    [({"kind": "leak"}, "kind"), ({"state": "raised"}, "state"), ({"device_id": "dev_1"}, "device_id"), ({"from": "x"}, "from")],
)
def test_wrong_filters_are_named(building: Building, query: dict[str, str], field: str) -> None:
    answer = building.api.get("/api/v2/meter-alarms", params=query)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field)


def test_an_alarm_is_acknowledged_once(building: Building) -> None:
    meter = building.meter()
    (found,) = building.reported(meter, (0, {"tamper": True}))
    path = f"/api/v2/meter-alarms/{found['id']}/acknowledge"
    done = building.call("POST", path, {"note": "On my way"})
    assert (done["state"], done["note"], done["acknowledged_by"][:4]) == ("open", "On my way", "key_")
    assert building.call("POST", path, {"note": "Again"}) == done
    answer = building.api.post("/api/v2/meter-alarms/mal_0000000000000/acknowledge", json={})
    assert (answer.status_code, answer.json()["code"]) == (404, "meter_alarms.not_found")


def test_the_alarms_of_a_deleted_device_remain_and_are_over(building: Building) -> None:
    meter = building.meter("Gone")
    building.reported(meter, (0, {"tamper": True}))
    building.call("DELETE", f"/api/v2/devices/{meter}")
    (over,) = awaited(lambda: building.alarms(device_id=meter, state="closed"))
    assert (over["device_name"], over["end_reason"]) == ("Gone", "device_deleted")
