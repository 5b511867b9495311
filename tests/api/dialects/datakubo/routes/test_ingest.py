"""Uplinks of network servers through the vendor's door: what is stored, where it goes, and what is refused."""

from __future__ import annotations

import json
import random
import secrets
import sqlite3
from contextlib import closing
from typing import Any

import httpx
import pytest

from penstock.adapters.storage.sqlite.migrations import CONTROL_FILE
from penstock.core.customers.placement import BATCH
from tests.api.dialects.datakubo.conftest import INGEST, SMALL_MONTH, eventually, fixture_body, readings_of
from tests.api.dialects.datakubo.routes.test_devices import registered
from tests.fuzz.conftest import bugs
from tests.fuzz.traps import ODD_VALUES, fields_of, planted
from tests.support.cases import for_each
from tests.support.server import RunningServer
from tests.support.waiting import awaited

BODIES = {
    "chirpstack_v4": "an uplink of today's servers",
    "chirpstack_v3": "JSON v3",
    "things_stack": "an uplink",
    "custom": "normalised names",
}


def sent(api: httpx.Client, body: dict[str, Any], query: str = "") -> dict[str, Any]:
    """What is answered to an uplink that is taken."""
    answer = api.post(INGEST + query, json=body)
    assert answer.status_code == 200, answer.text
    assert answer.json()["status"] == "success"
    data: dict[str, Any] = answer.json()["data"]
    return data


def chirpstack(eui: str, values: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"deviceInfo": {"devEui": eui, "deviceName": "Flat 12"}, "object": values, **more}


@pytest.mark.parametrize(("file", "name"), BODIES.items())
def test_a_documented_uplink_is_stored_with_its_time_and_radio_facts(
    file: str, name: str, api: httpx.Client, native: httpx.Client
) -> None:
    body = json.loads(json.dumps(fixture_body(file, name)))
    eui = registered(api)
    for holder, field in ((body, "devEUI"), (body, "dev_eui"), (body.get("deviceInfo", {}), "devEui")):
        if field in holder:
            holder[field] = eui.upper()
    body.get("end_device_ids", {})["dev_eui"] = eui.upper()
    taken = sent(api, body, "?event=up" if "chirpstack" in file else "")
    wanted = (92.518, 3.61, "2026-04-14T06:15:02Z") if file == "things_stack" else (184.327, 3.59, "2026-04-14T06:12:31Z")
    named = dict(zip(("consumption_m3", "battery_level", "recorded_at"), wanted, strict=True))
    assert taken == {"dev_eui": eui, **named, "registered": True, "quarantined": False}
    (reading,) = readings_of(native, eui, 1)
    assert reading["time"].startswith(wanted[2][:-1])
    assert (reading["data"]["consumption_m3"], reading["data"]["battery_level"]) == wanted[:2]
    if file != "custom":
        assert reading["data"]["lorawan"]["rssi_dbm"] == (-97 if file == "things_stack" else -104)
        assert reading["data"]["lorawan"]["gateways"][0]["gateway_id"].startswith("7276ff002e0621")


def test_an_uplink_that_is_delivered_again_is_stored_once(api: httpx.Client, native: httpx.Client) -> None:
    eui = registered(api)
    for number in (1, 2, 1, 2, 1):
        sent(api, chirpstack(eui, {"water": number}, deduplicationId=f"id-{number}"))
    assert [row["data"]["water"] for row in readings_of(native, eui, 2)] == [2, 1]


@pytest.mark.parametrize(
    ("values", "consumption", "battery"),
    [
        ({"cumulativeFlowM3": 184.327, "battery": 3.59}, 184.327, 3.59),
        ({"water": 12.5, "bateria": 3.1}, 12.5, 3.1),
        ({"cumulativeFlow": 184327, "battery_status": "OK"}, 184.327, 3.6),
        ({"cumulativeFlow": 500, "battery_status": "LOW"}, 0.5, 2.8),
        ({"cumulativeFlow": 27838.9}, 27.8389, None),
        ({"cumulativeFlowM3": 1, "water": 2, "cumulativeFlow": 3000}, 1, None),
        ({"water": 2, "cumulativeFlow": 3000, "battery": 3.3, "battery_status": "LOW"}, 2, 3.3),
        ({"temperature": 21.5}, None, None),
        ({"water": "many", "battery_status": "NEVER"}, None, None),
        ({"water": -1}, None, None),
    ],
)
def test_a_server_s_fields_are_normalised(
    api: httpx.Client, values: dict[str, Any], consumption: float | None, battery: float | None
) -> None:
    """Source: surfaces/datakubo.md 4.2."""
    eui = registered(api)
    for body in (
        chirpstack(eui, values),
        {"end_device_ids": {"dev_eui": eui}, "uplink_message": {"decoded_payload": values}},
        {"devEUI": eui, "objectJSON": json.dumps(values)},
    ):
        taken = sent(api, body)
        assert (taken["consumption_m3"], taken["battery_level"]) == (consumption, battery)


LACKING: tuple[tuple[dict[str, Any], tuple[str, ...]], ...] = (
    ({}, ("dev_eui", "consumption_m3")),
    ({"hello": "world"}, ("dev_eui", "consumption_m3")),
    ({"dev_eui": "70b3d57ed0061f2a"}, ("consumption_m3",)),
    ({"dev_eui": "70b3d57ed0061f2a", "timestamp": "2026-05-02T09:15:04Z"}, ("consumption_m3",)),
    ({"dev_eui": "70b3d57ed0061f2a", "battery_level": 3.6}, ("consumption_m3",)),
    ({"consumption_m3": 1}, ("dev_eui",)),
    ({"dev_eui": None, "water": 1}, ("dev_eui",)),
    ({"deviceInfo": {}, "object": {"water": 1}}, ("deviceInfo.devEui",)),
    ({"end_device_ids": {}, "uplink_message": {"decoded_payload": {"water": 1}}}, ("end_device_ids.dev_eui",)),
)


@for_each(LACKING, str)
def test_a_body_that_lacks_something_is_refused_by_its_name(
    case: tuple[dict[str, Any], tuple[str, ...]], api: httpx.Client
) -> None:
    body, missing = case
    answer = api.post(INGEST, json=body)
    assert (answer.status_code, answer.json()["error_code"]) == (400, "VALIDATION_ERROR")
    assert answer.json()["details"] == dict.fromkeys(missing, "is required")
    assert all(name in answer.json()["message"] for name in missing)


def test_a_time_in_the_future_is_quarantined_and_counted_on_the_device(api: httpx.Client, native: httpx.Client) -> None:
    eui = registered(api)
    body = {"dev_eui": eui, "consumption_m3": 1.5, "timestamp": "2099-01-01T00:00:00Z"}
    taken = sent(api, body)
    assert (taken["quarantined"], taken["recorded_at"]) == (True, "2099-01-01T00:00:00Z")
    device = f"/api/v2/devices/{native.get(f'/api/v2/devices/by-identifier/eui/{eui}').json()['id']}"
    kept = native.get(f"{device}/telemetry/quarantined").json()["data"]
    assert [one["data"]["consumption_m3"] for one in kept] == [1.5]
    assert awaited(lambda: native.get(device).json()["malformed"])["messages"] == 1
    assert sent(api, body | {"dev_eui": secrets.token_hex(8)})["quarantined"] is True, "as it will be once it is registered"
    assert sent(api, body | {"timestamp": "2026-05-02T09:15:04Z"})["quarantined"] is False
    rows = [{"time": body["timestamp"], "consumption_m3": 3}, {"time": "2026-05-02T10:00:00Z", "consumption_m3": 2}]
    several = sent(api, {"dev_eui": eui, "data": rows})
    assert (several["quarantined"], several["recorded_at"], several["readings"]) == (True, "2026-05-02T10:00:00Z", 2)


@pytest.mark.parametrize("value", [-1, "12", None, True, [1]])
def test_a_body_of_somebody_s_own_holds_a_consumption(api: httpx.Client, value: object) -> None:
    answer = api.post(INGEST, json={"dev_eui": "70b3d57ed0061f2a", "consumption_m3": value})
    assert (answer.status_code, answer.json()["error_code"]) == (400, "VALIDATION_ERROR")
    assert answer.json()["details"] == {"consumption_m3": "must be a number of at least 0"}


@pytest.mark.parametrize(
    ("file", "name", "query"),
    [
        ("things_stack", "an uplink without decoder", ""),
        ("things_stack", "a normalized uplink", ""),
        ("things_stack", "a join", ""),
        ("things_stack", "downlink_failed", ""),
        ("chirpstack_v4", "an uplink without codec", "?event=up"),
        ("chirpstack_v4", "an uplink of today's servers", "?event=join"),
        ("chirpstack_v4", "a status, guessed", ""),
        ("chirpstack_v3", "an error", "?event=error"),
    ],
)
def test_what_holds_nothing_to_store_is_skipped(api: httpx.Client, file: str, name: str, query: str) -> None:
    taken = sent(api, fixture_body(file, name), query)
    assert taken["skipped"] is True
    assert taken["reason"]


def test_an_unregistered_device_is_remembered_and_gets_what_it_said(api: httpx.Client, native: httpx.Client) -> None:
    eui = secrets.token_hex(8)

    def uplink(number: int) -> dict[str, Any]:
        time = f"2026-04-1{number}T06:00:00Z"
        return chirpstack(eui.upper(), {"water": number}, deduplicationId=f"{eui}-{number}", time=time)

    for number in (0, 1, 2, 2):
        assert sent(api, uplink(number))["registered"] is False
    waiting = [one for one in native.get("/api/v2/unregistered-devices?limit=1000").json()["data"] if one["eui"] == eui]
    assert [(one["readings"], one["device_name"], one["network"]) for one in waiting] == [(3, "Flat 12", "chirpstack_v4")]
    assert api.get(f"/api/v1/devices/{eui}").status_code == 404
    answer = api.post("/api/v1/devices/register", json={"dev_eui": eui, "device_name": "Flat 12"})
    assert answer.status_code == 201
    for number in (2, 3):
        assert sent(api, uplink(number))["registered"] is True
    assert [row["data"]["water"] for row in readings_of(native, eui, 4)] == [3, 2, 1, 0]
    assert eui not in native.get("/api/v2/unregistered-devices?limit=1000").text


def test_a_device_that_is_made_natively_gets_what_it_said_too(api: httpx.Client, native: httpx.Client) -> None:
    eui = secrets.token_hex(8)
    sent(api, {"dev_eui": eui, "water": 7, "timestamp": "2026-04-10T06:00:00Z"})
    made = native.post("/api/v2/devices", json={"name": "Flat 12", "identifiers": [{"kind": "eui", "value": eui}]})
    assert made.status_code == 201
    assert [row["data"]["water"] for row in readings_of(native, eui, 1)] == [7]


def test_an_unregistered_device_can_be_forgotten(api: httpx.Client, native: httpx.Client) -> None:
    eui = secrets.token_hex(8)
    sent(api, {"dev_eui": eui, "water": 7})
    assert native.delete(f"/api/v2/unregistered-devices/{eui}").status_code == 204
    assert native.delete(f"/api/v2/unregistered-devices/{eui}").json()["code"] == "uplinks.unregistered_not_found"


def test_a_customer_s_devices_are_routed_by_tenant_and_registered_together(api: httpx.Client, kubo: RunningServer) -> None:
    tenant = f"t-{secrets.token_hex(4)}"
    wanted = {"name": "Riverside", "admin_email": "ada@example.org", "tenant_name": tenant}
    customer = api.post("/api/v1/customers", json=wanted)
    assert customer.status_code == 201
    assert list(customer.json()["data"]) == ["id", "name", "admin_email", "tenant_name", "created_at"]
    assert customer.json()["data"] in api.get("/api/v1/customers").json()["data"]
    again = api.post("/api/v1/customers", json=wanted)
    assert (again.status_code, again.json()["error_code"]) == (409, "TENANT_NAME_ALREADY_EXISTS")
    mine, foreign, nobodys = (secrets.token_hex(8) for _ in range(3))
    other = {"X-API-Key": kubo.orgs["Other"].api_key}
    for eui, name, headers in ((mine, tenant, {}), (nobodys, "somebody", {}), (foreign, tenant, other)):
        body = chirpstack(eui, {"water": 1})
        body["deviceInfo"]["tenantName"] = name
        assert api.post(INGEST, json=body, headers=headers).json()["data"]["registered"] is False
    path = f"/api/v1/customers/{customer.json()['data']['id']}/register-unregistered-devices"
    done = api.post(path).json()["data"]
    assert (done["registered"], [one["dev_eui"] for one in done["devices"]]) == (1, [mine])
    assert api.post(path).json()["data"] == {"registered": 0, "devices": [], "has_more": False}
    assert api.get(f"/api/v1/devices/{nobodys}").status_code == 404
    unknown = api.post("/api/v1/customers/63757300-0000-8000-8123-456789abcdef/register-unregistered-devices")
    assert (unknown.status_code, unknown.json()["error_code"]) == (404, "CUSTOMER_NOT_FOUND")


def named(eui: str, tenant: str, value: float = 1) -> dict[str, Any]:
    body = chirpstack(eui, {"water": value})
    body["deviceInfo"]["tenantName"] = tenant
    return body


def test_devices_that_reported_before_their_customer_was_made_are_registered_at_once(
    api: httpx.Client, native: httpx.Client
) -> None:
    tenants = [f"t-{secrets.token_hex(4)}" for _ in range(2)]
    mine, other = secrets.token_hex(8), secrets.token_hex(8)
    sent(api, named(mine, tenants[0]))
    sent(api, named(other, tenants[0].upper()))  # another tenant: names are compared as they are
    made = []
    for tenant, client, path in zip(tenants, (api, native), ("/api/v1/customers", "/api/v2/customers"), strict=True):
        if client is native:
            sent(api, named(other, tenant))
        answer = client.post(path, json={"name": "Late", "admin_email": "ada@example.org", "tenant_name": tenant}).json()
        made.append((answer.get("data") or answer)["id"])
    done = api.post(f"/api/v1/customers/{made[0]}/register-unregistered-devices").json()["data"]
    assert [one["dev_eui"] for one in done["devices"]] == [mine]
    done = native.post(f"/api/v2/customers/{made[1]}/register-unregistered-devices").json()
    placed = native.get(f"/api/v2/devices/{done['device_ids'][0]}/placement").json()
    assert (placed["customer_id"], placed["from"]) == (made[1], None)
    assert native.get(f"/api/v2/devices/by-identifier/eui/{other}").json()["id"] == done["device_ids"][0]


def test_a_device_that_was_registered_first_is_placed_by_its_tenant_once(api: httpx.Client, native: httpx.Client) -> None:
    tenant = f"t-{secrets.token_hex(4)}"
    eui, waiting = registered(api), secrets.token_hex(8)
    sent(api, named(eui, tenant))
    sent(api, named(waiting, tenant))
    wanted = {"name": "Riverside", "admin_email": "ada@example.org", "tenant_name": tenant}
    customer = native.post("/api/v2/customers", json=wanted).json()["id"]
    made = native.post("/api/v2/devices", json={"name": "waited", "identifiers": [{"kind": "eui", "value": waiting}]})
    paths = [f"/api/v2/devices/{native.get(f'/api/v2/devices/by-identifier/eui/{one}').json()['id']}" for one in (eui, waiting)]
    assert paths[1].endswith(made.json()["device"]["id"])
    assert awaited(lambda: native.get(f"{paths[1]}/placement").json()["customer_id"]) == customer
    assert native.get(f"{paths[0]}/placement").json()["customer_id"] == customer, "at once, although it has not reported since"
    entry = native.get("/api/v2/logs", params={"action": "device.place"}).json()["data"][0]
    assert (entry["actor_kind"], entry["details"]["after"]["customer"]) == ("system", customer)
    assert native.delete(f"{paths[0]}/placement").status_code == 204
    sent(api, named(eui, tenant, 3))
    assert native.get(f"{paths[0]}/placement").json()["customer_id"] is None, "someone has removed it from there"


ALIKE = """
WITH RECURSIVE numbers (number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < ?)
INSERT INTO unregistered_devices (org_id, eui, customer_id, tenant_name, network, first_seen_us, last_seen_us)
SELECT org_id, printf('%016x', number), customer_id, tenant_name, network, first_seen_us, last_seen_us
FROM unregistered_devices, numbers WHERE eui = ?
"""
"""Devices that wait as another one does."""


def test_more_devices_than_one_call_registers_are_not_forgotten(kubo: RunningServer, api: httpx.Client) -> None:
    tenant, first = f"t-{secrets.token_hex(4)}", secrets.token_hex(8)
    wanted = {"name": "Hillside", "admin_email": "ada@example.org", "tenant_name": tenant}
    customer = api.post("/api/v1/customers", json=wanted).json()["data"]["id"]
    body = chirpstack(first, {"water": 1})
    body["deviceInfo"]["tenantName"] = tenant
    assert api.post(INGEST, json=body).status_code == 200
    with closing(sqlite3.connect(kubo.data_dir / CONTROL_FILE, timeout=60)) as database, database:
        database.execute(ALIKE, (BATCH, first))
        assert database.total_changes == BATCH
    path = f"/api/v1/customers/{customer}/register-unregistered-devices"
    calls = [api.post(path).json()["data"] for _ in range(2)]
    assert [(one["registered"], one["has_more"]) for one in calls] == [(BATCH, True), (1, False)]


def test_the_month_s_limit_is_refused_to_the_byte(small: httpx.Client) -> None:
    eui = registered(small)
    for number in range(SMALL_MONTH):
        body = {"dev_eui": eui if number % 2 else secrets.token_hex(8), "water": number}
        assert small.post(INGEST, json=body).status_code == 200
    for device in (eui, secrets.token_hex(8)):
        answer = small.post(INGEST, json={"dev_eui": device, "water": 1})
        assert answer.status_code == 429
        assert answer.text == (
            '{"status":"error","error_code":"RATE_LIMIT_EXCEEDED","message":"Monthly webhook limit reached","details":{}}'
        )
        assert int(answer.headers["retry-after"]) > 0


def test_uplinks_are_not_counted_by_the_minute(api: httpx.Client) -> None:
    """A server's uplinks come in bursts and are not sent again: only the month counts them."""
    answer = api.post(INGEST, json={"dev_eui": secrets.token_hex(8), "water": 1})
    assert not [name for name in answer.headers if name.startswith("x-ratelimit")]
    assert api.get("/api/v1/devices").headers["x-ratelimit-limit"]


def test_a_paused_device_is_refused(api: httpx.Client, native: httpx.Client) -> None:
    eui = registered(api)
    device_id = native.get(f"/api/v2/devices/by-identifier/eui/{eui}").json()["id"]
    assert native.post(f"/api/v2/devices/{device_id}/pause").status_code == 200
    answer = api.post(INGEST, json={"dev_eui": eui, "water": 1})
    assert (answer.status_code, answer.json()["error_code"]) == (403, "DEVICE_INACTIVE")
    assert api.get(f"/api/v1/devices/{eui}").json()["data"]["is_active"] is False


@pytest.mark.parametrize(("file", "name"), BODIES.items())
def test_a_body_that_is_cut_off_is_refused(file: str, name: str, api: httpx.Client) -> None:
    whole = json.dumps(fixture_body(file, name)).encode()
    for length in range(0, len(whole), 7):
        answer = api.post(INGEST, content=whole[:length], headers={"Content-Type": "application/json"})
        assert (answer.status_code, answer.json()["error_code"]) == (400, "VALIDATION_ERROR")


@pytest.mark.parametrize("count", [120, pytest.param(5_000, marks=pytest.mark.prove)])
def test_changed_bodies_are_stored_or_refused(api: httpx.Client, kubo: RunningServer, count: int) -> None:
    chance = random.Random(7)
    bodies = [fixture_body(file, name) for file, name in BODIES.items()]
    for _ in range(count):
        body = chance.choice(bodies)
        text = planted(body, chance.choice(list(fields_of(body))), json.dumps(chance.choice(ODD_VALUES)).encode())
        answer = api.post(INGEST, content=text, headers={"Content-Type": "application/json"})
        assert answer.status_code in (200, 400), (text, answer.text)
    eventually(lambda: bugs(kubo.log()), lambda found: found == [])


def test_a_body_too_large_is_refused_in_the_vendor_s_shape(api: httpx.Client) -> None:
    answer = api.post(INGEST, json={"dev_eui": "70b3d57ed0061f2a", "water": 1, "note": "x" * 300_000})
    assert (answer.status_code, answer.json()["error_code"]) == (413, "VALIDATION_ERROR")


def test_an_uplink_with_a_history_is_as_many_readings(api: httpx.Client, native: httpx.Client) -> None:
    eui = registered(api)
    history = [{"timestamp": 1777706104, "water": 184.1}, {"timestamp": 1777709704, "water": 184.2}]
    body = chirpstack(
        eui, {"water": 184.327, "battery": 3.6, "history": history}, time="2026-05-02T09:15:04Z", deduplicationId=eui
    )
    taken = sent(api, body, "?event=up")
    assert taken | {"dev_eui": eui} == taken
    assert (taken["consumption_m3"], taken["recorded_at"], taken["readings"]) == (184.327, "2026-05-02T09:15:04Z", 3)
    rows = sorted(readings_of(native, eui, 3), key=lambda row: str(row["time"]))
    assert [(row["time"], row["data"]["consumption_m3"]) for row in rows] == [
        ("2026-05-02T07:15:04Z", 184.1),
        ("2026-05-02T08:15:04Z", 184.2),
        ("2026-05-02T09:15:04Z", 184.327),
    ]
    assert sent(api, body, "?event=up")["readings"] == 3
    assert len(readings_of(native, eui, 3)) == 3


def test_so_is_an_array_of_ones_own_and_an_error_names_the_element(api: httpx.Client, native: httpx.Client) -> None:
    eui = registered(api)
    rows: list[Any] = [
        {"timestamp": "2026-05-02T11:15:04+02:00", "consumption_m3": 2},
        {"time": 1777706104, "cumulativeFlow": 1500},
    ]
    taken = sent(api, {"dev_eui": eui, "battery_level": 3.6, "readings": rows})
    assert (taken["consumption_m3"], taken["readings"], taken["registered"]) == (2, 3, True)
    found = [row["data"].get("consumption_m3") for row in readings_of(native, eui, 3)]
    assert sorted(found, key=str) == [1.5, 2, None]
    for wrong, field in (({"time": "noon", "water": 1}, "time"), ({"time": 5, "water": -1}, "water"), ({"time": 5}, "")):
        answer = api.post(INGEST, json={"dev_eui": eui, "data": [rows[0], wrong]})
        assert answer.status_code == 400
        assert f"data[1].{field}".rstrip(".") in answer.text, answer.text
    unknown = secrets.token_hex(8)
    assert sent(api, {"dev_eui": unknown, "data": rows}) == {
        "dev_eui": unknown,
        "consumption_m3": 2,
        "battery_level": None,
        "recorded_at": "2026-05-02T09:15:04Z",
        "registered": False,
        "quarantined": False,
        "readings": 2,
    }
    nameless = api.post(INGEST, json={"data": [{"time": 5, "battery": 3.6}]}).json()
    assert nameless["details"] == {"dev_eui": "is required", "data[0].consumption_m3": "is required"}
