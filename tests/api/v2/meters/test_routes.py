"""Meters and consumption over the native API."""

from __future__ import annotations

import csv
import io
import json
import secrets
from decimal import Decimal
from typing import Any

import httpx
import pytest

UNUSUAL = {"field": "water.total", "unit": "l", "role": "principal", "rolls_over_at": 1000}
MAY = {"from": "2026-05-01T00:00:00Z", "to": "2026-05-06T00:00:00Z"}


def device(api: httpx.Client, *readings: tuple[str, object], field: str = "consumption_m3") -> str:
    made = api.post("/api/v2/devices", json={"name": f"m-{secrets.token_hex(4)}"}).json()["device"]["id"]
    send(api, made, *readings, field=field)
    return str(made)


def send(api: httpx.Client, device_id: str, *readings: tuple[str, object], field: str = "consumption_m3") -> None:
    rows = [{"time": time, "data": {field: value}} for time, value in readings]
    if rows:
        answer = api.post(f"/api/v2/devices/{device_id}/telemetry", json=rows)
        assert answer.is_success, answer.text


def consumption(api: httpx.Client, device_id: str, **query: str) -> dict[str, Any]:
    answer = api.get(f"/api/v2/devices/{device_id}/consumption", params=MAY | query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def amounts(found: dict[str, Any]) -> list[tuple[float | None, str]]:
    return [(row["consumption"], row["quality"]) for row in found["data"]]


@pytest.fixture
def place(api: httpx.Client) -> Any:
    """A customer, and the way to give devices to it."""
    body = {"name": "House", "admin_email": "ada@example.org", "tenant_name": f"t-{secrets.token_hex(6)}"}
    customer = api.post("/api/v2/customers", json=body | {"timezone": "Europe/Berlin"}).json()["id"]
    residents = f"/api/v2/customers/{customer}/residents"
    resident = api.post(residents, json={"name": "Grace", "email": "grace@example.org"}).json()["id"]

    def put(*device_ids: str) -> str:
        for device_id in device_ids:
            answer = api.put(f"/api/v2/devices/{device_id}/placement", json={"resident_id": resident})
            assert answer.status_code == 200, answer.text
        return str(customer)

    return put


def test_days_gaps_resets_and_usual_days(api: httpx.Client) -> None:
    made = device(
        api,
        ("2026-04-30T12:00:00Z", 10),
        ("2026-05-01T12:00:00Z", 11.5),
        ("2026-05-03T12:00:00Z", 13.5),
        ("2026-05-04T12:00:00Z", 0.25),
        ("2026-05-04T15:00:00Z", 0.5),
        ("2026-05-04T18:00:00Z", 0.75),
    )
    found = consumption(api, made)
    assert amounts(found) == [
        (1.5, "measured"),
        (1.0, "interpolated"),
        (1.0, "interpolated"),
        (0.5, "measured"),
        (1.0, "estimated"),
    ]
    assert found["events"] == [
        {"kind": "reset", "time": "2026-05-04T12:00:00Z", "before": 13.5, "after": 0.25, "detected": False}
    ]
    assert amounts(consumption(api, made, estimate="false"))[-1] == (None, "missing")
    month = consumption(api, made, bucket="month", estimate="false")["data"]
    assert [(row["consumption"], row["not_measured"], row["start"]) for row in month] == [(4.0, 2.0, "2026-05-01T00:00:00Z")]


def test_where_a_range_is_cut_does_not_matter(api: httpx.Client) -> None:
    made = device(api, ("2026-03-01T12:00:00Z", 0), ("2026-05-20T12:00:00Z", 80))
    assert amounts(consumption(api, made)) == [(1.0, "interpolated")] * 5
    assert amounts(consumption(api, made, **{"from": "2026-05-03T00:00:00Z", "to": "2026-05-04T00:00:00Z"})) == [
        (1.0, "interpolated")
    ]
    assert amounts(consumption(api, made, **{"from": "2026-02-27T00:00:00Z", "to": "2026-03-03T00:00:00Z"})) == [
        (None, "missing"),
        (None, "missing"),
        (0.0, "partial"),
        (1.0, "interpolated"),
    ]


def test_days_are_those_of_the_zone(api: httpx.Client) -> None:
    made = device(api, ("2026-03-28T12:00:00Z", 0), ("2026-03-29T21:30:00Z", 1), ("2026-03-29T22:30:00Z", 3))
    span = {"from": "2026-03-29T10:00:00Z", "to": "2026-03-30T10:00:00Z"}
    berlin = consumption(api, made, timezone="Europe/Berlin", **span)["data"]
    assert [(row["start"], row["end"], row["consumption"]) for row in berlin] == [
        ("2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z", 1.0),
        ("2026-03-29T22:00:00Z", "2026-03-30T22:00:00Z", 2.0),
    ]
    assert amounts(consumption(api, made, estimate="false", **span)) == [(3.0, "measured"), (None, "missing")]


def test_what_a_device_counts_is_said_and_taken_back(api: httpx.Client) -> None:
    made = device(api, ("2026-05-01T12:00:00Z", 990), ("2026-05-02T12:00:00Z", 15), field="water.total")
    path = f"/api/v2/devices/{made}/meter"
    usual = api.get(path).json()
    assert usual.items() >= {"field": "consumption_m3", "unit": "m3", "role": "leaf", "rolls_over_at": None}.items()
    assert amounts(consumption(api, made, estimate="false"))[1] == (None, "missing")
    assert api.put(path, json=UNUSUAL).json().items() >= UNUSUAL.items()
    assert api.get(path).json().items() >= UNUSUAL.items()
    found = consumption(api, made, estimate="false")
    assert (found["unit"], amounts(found)[1], found["events"][0]["kind"]) == ("l", (25.0, "measured"), "rollover")
    assert api.delete(path).status_code == 204
    assert api.get(path).json() == usual


def test_a_customer_s_meters_together_one_by_one_and_as_a_file(api: httpx.Client, place: Any) -> None:
    leaves = [
        device(api, ("2026-05-01T12:00:00Z", 0), ("2026-05-02T12:00:00Z", n), ("2026-05-03T12:00:00Z", 2 * n)) for n in (3, 4)
    ]
    main = device(api, ("2026-05-01T12:00:00Z", 100), ("2026-05-02T12:00:00Z", 110), ("2026-05-03T12:00:00Z", 118))
    api.put(f"/api/v2/devices/{main}/meter", json={"role": "principal"})
    silent = device(api, ("2026-05-01T12:00:00Z", 5))
    path = f"/api/v2/customers/{place(main, *leaves, silent)}"
    span = {"from": "2026-05-02T00:00:00+02:00", "to": "2026-05-04T00:00:00+02:00"}
    total = api.get(f"{path}/consumption", params=span).json()
    assert (total["meters"], total["timezone"]) == (3, "Europe/Berlin")
    assert [row["consumption"] for row in total["data"]] == [7.0, 7.0]
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        query = span | {"limit": "1", "role": "leaf"} | ({"cursor": cursor} if cursor else {})
        page = api.get(f"{path}/consumption/devices", params=query).json()
        seen += [row["device_id"] for row in page["data"]]
        cursor = page["next_cursor"]
    assert seen == [*leaves, silent]
    file = api.get(f"{path}/consumption/export", params=span | {"role": "principal", "bucket": "week"})
    assert file.headers["content-type"].startswith("text/csv")
    (row,) = csv.DictReader(io.StringIO(file.text))
    assert (row["device_id"], row["consumption"], row["quality"]) == (main, "18", "partial")
    balance = api.get(f"{path}/balance", params=span).json()["data"]
    assert [(day["principal"], day["leaves"], day["unmetered"], day["notable"]) for day in balance] == [
        (10.0, 7.0, 3.0, True),
        (8.0, 7.0, 1.0, False),
    ]
    assert [(day["leaves_measured"], day["leaves_silent"]) for day in balance] == [(2, 1), (2, 1)]


def test_a_file_has_the_digits_of_the_counter(api: httpx.Client, place: Any) -> None:
    readings = [("2026-05-01T12:00:00Z", 0.1), ("2026-05-02T12:00:00Z", 12_345.7), ("2026-05-03T12:00:00Z", 12_344.6)]
    made = device(api, *readings, field="litres")
    register = {"field": "litres", "unit": "L", "checks": {"noise": 0.001}}
    api.put(f"/api/v2/devices/{made}/meter", json={"registers": [register]}).raise_for_status()
    path = f"/api/v2/customers/{place(made)}/consumption"
    span = {"from": "2026-05-01T00:00:00+02:00", "to": "2026-05-04T00:00:00+02:00", "timezone": "Europe/Berlin"}
    rows = list(csv.DictReader(io.StringIO(api.get(f"{path}/export", params=span).text)))
    assert [(row["unit"], row["consumption"], row["quality"], row["method"], row["suspects"]) for row in rows] == [
        ("L", "0", "partial", "", "0"),
        ("L", "12345.6", "measured", "", "0"),
        ("L", "-1.1", "measured", "", "0"),
    ]
    answer = api.get(path, params=span)
    assert '"consumption":12.3456,' in answer.text
    assert [row["consumption"] for row in answer.json()["data"]] == [0, 12.3456, -0.0011]


def test_water_that_never_stops_at_night_is_hinted_at(api: httpx.Client, place: Any) -> None:
    def nights(flow: int) -> list[tuple[str, object]]:
        return [(f"2026-05-0{day}T0{hour}:00:00Z", 10 * day + flow * hour / 1000) for day in range(1, 5) for hour in range(6)]

    leaking, still = device(api, *nights(4)), device(api, *nights(0))
    hint = api.get(f"/api/v2/devices/{leaking}/leak-hint", params=MAY).json()
    assert (hint["suspected"], hint["nights"], hint["nights_flowing"], hint["least_per_hour"]) == (True, 4, 4, 0.004)
    hints = api.get(f"/api/v2/customers/{place(leaking, still)}/leak-hints", params=MAY | {"timezone": "UTC"}).json()["data"]
    assert {one["device_id"]: one["suspected"] for one in hints} == {leaking: True, still: False}


@pytest.mark.parametrize(
    ("query", "field"),
    [({"timezone": "Mars"}, "timezone"), ({"bucket": "hour"}, "bucket"), ({"from": "2020-01-01T00:00:00Z"}, "from")],
)
def test_what_is_at_fault_is_named(api: httpx.Client, query: dict[str, str], field: str) -> None:
    answer = api.get(f"/api/v2/devices/{device(api)}/consumption", params=MAY | query)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field)


def test_a_customer_is_changed(api: httpx.Client, place: Any) -> None:
    path = f"/api/v2/customers/{place()}"
    assert api.patch(path, json={"timezone": "Asia/Kolkata", "name": "Home"}).json()["timezone"] == "Asia/Kolkata"
    assert (api.get(path).json()["name"], api.get(path).json()["timezone"]) == ("Home", "Asia/Kolkata")
    wrong = api.patch(path, json={"timezone": "Nowhere"})
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (400, "timezone")


@pytest.mark.parametrize(
    ("source", "unit", "kind"),
    [
        ("GJ", "GJ", "heat"),
        ("gal", "gal", "volume"),
        ("L", "L", "volume"),
        ("m3", "gal", "volume"),
        ("L", "ft3", "reverse_volume"),
        ("Wh", "MMBtu", "energy"),
    ],
)
def test_days_add_up_to_the_last_digit_in_any_unit(api: httpx.Client, source: str, unit: str, kind: str) -> None:
    made = device(api)
    register = {"kind": kind, "sources": [{"field": "heat", "unit": source}], "unit": unit}
    api.put(f"/api/v2/devices/{made}/meter", json={"registers": [register]}).raise_for_status()
    rows = [("2026-05-01T12:00:00Z", 10.0), ("2026-05-04T12:00:00Z", 11.0), ("2026-05-05T12:00:00Z", 11.3)]
    rows += [(f"2026-05-06T{hour:02}:00:00Z", 12.013) for hour in range(12, 14)]
    rows += [(f"2026-05-{day:02}T12:00:00Z", 12.013 + 0.01 * (day - 6)) for day in range(7, 16)]
    send(api, made, *rows, field="heat")
    within = {"from": "2026-05-01T00:00:00Z", "to": "2026-06-01T00:00:00Z"}
    texts = [
        api.get(f"/api/v2/devices/{made}/consumption", params=within | {"bucket": bucket}).text for bucket in ("day", "month")
    ]
    days, (month,) = ([row["consumption"] for row in json.loads(text, parse_float=Decimal)["data"]] for text in texts)
    assert len([day for day in days if day]) > 10, "a gap, two measured days, and estimates"
    assert sum(days) == month


def test_days_of_a_meter_that_had_another_unit_add_up_in_the_new_one(api: httpx.Client) -> None:
    made = device(api, ("2026-05-01T12:00:00Z", 10.1), ("2026-05-04T12:00:00Z", 11.5), ("2026-05-05T12:00:00Z", 1))
    send(api, made, ("2026-05-11T12:00:00Z", 8.2))
    version = {"name": "water", "kind": "volume", "field": "consumption_m3"}
    old = version | {"unit": "m3", "to": "2026-05-05T00:00:00Z", "last_value": 11.7}
    new = version | {"unit": "gal", "from": "2026-05-05T00:00:00Z", "first_value": 0}
    api.put(f"/api/v2/devices/{made}/meter", json={"registers": [old, new]}).raise_for_status()
    texts = [
        api.get(f"/api/v2/devices/{made}/consumption", params={"from": MAY["from"], "to": "2026-05-12T00:00:00Z"} | query).text
        for query in ({}, {"bucket": "month", "estimate": "false"})
    ]
    days, (month,) = ([row["consumption"] for row in json.loads(text, parse_float=Decimal)["data"]] for text in texts)
    assert sum(days) == month


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ({"unit": "mWh"}, "unit: must not be the ambiguous mWh; use Wh, kWh or MWh"),
        ({"field": "a", "unit": "parsec"}, "unit: must be a unit of volume, energy or count, such as m3, L, kWh or 1"),
        ({"rolls_over_at": -1}, "rolls_over_at: must be a number between 0.000000001 and 1000000000000000"),
    ],
)
def test_an_error_names_the_field_that_was_sent(api: httpx.Client, body: dict[str, Any], detail: str) -> None:
    answer = api.put(f"/api/v2/devices/{device(api)}/meter", json=body)
    assert (answer.status_code, answer.json()["detail"]) == (400, detail)
