"""Devices, by the examples of the vendor's page."""

from __future__ import annotations

import re
import secrets

import httpx
import pytest

from penstock.kit.ids import Prefix
from tests.api.dialects.datakubo.conftest import uuid_of
from tests.support.server import Org, RunningServer

UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"


def registered(api: httpx.Client, name: str = "Meter") -> str:
    """The EUI of a new device."""
    eui = secrets.token_hex(8)
    answer = api.post("/api/v1/devices/register", json={"dev_eui": eui, "device_name": name, "device_type": "water_meter"})
    assert answer.status_code == 201, answer.text
    return eui


def test_a_device_is_registered_as_on_the_vendor_s_page(api: httpx.Client) -> None:
    """Source: the seed, "Register a device"."""
    body = {"dev_eui": "a1b2c3d4e5f60001", "device_name": "Water Meter #1", "device_type": "water_meter"}
    answer = api.post("/api/v1/devices/register", json=body)
    assert answer.status_code == 201
    assert answer.headers["content-type"] == "application/json"
    shown = re.sub(TIME, "<time>", re.sub(UUID, "<uuid>", answer.text))
    assert shown == (
        '{"status":"success","data":{"id":"<uuid>","dev_eui":"a1b2c3d4e5f60001","device_name":"Water Meter #1",'
        '"device_type":"water_meter","status":"online","is_active":true,"created_at":"<time>"}}'
    )
    for spelling in ("A1B2C3D4E5F60001", "a1b2c3d4e5f60001"):
        assert api.get(f"/api/v1/devices/{spelling}").json() == answer.json()


def test_a_device_that_is_not_there_is_refused_to_the_byte(api: httpx.Client) -> None:
    """Source: the seed, "Error format"."""
    answer = api.get("/api/v1/devices/A1B2C3D4E5F6FFFF")
    assert answer.status_code == 404
    assert answer.text == (
        '{"status":"error","error_code":"DEVICE_NOT_FOUND","message":"Device with EUI a1b2c3d4e5f6ffff not found","details":{}}'
    )


def test_a_device_of_somebody_else_is_not_there(api: httpx.Client, kubo: RunningServer) -> None:
    headers = {"X-API-Key": kubo.orgs["Other"].api_key}
    with httpx.Client(base_url=kubo.base_url, headers=headers, timeout=30) as theirs:
        eui = registered(theirs)
    assert api.get(f"/api/v1/devices/{eui}").json()["error_code"] == "DEVICE_NOT_FOUND"
    assert api.put(f"/api/v1/devices/{eui}/status", json={"status": "maintenance"}).status_code == 404
    assert registered(api) != eui
    again = api.post("/api/v1/devices/register", json={"dev_eui": eui, "device_name": "Ours"})
    assert again.status_code == 201, "an EUI is unique within an organisation"


@pytest.mark.parametrize("eui", ["70b3", "x" * 16, "70b3d57ed0061f2a0", "７0b3d57ed0061f2a"])
def test_an_eui_that_is_none_is_refused(api: httpx.Client, eui: str) -> None:
    wanted = {"status": "error", "error_code": "INVALID_DEVICE_ID", "message": "Device EUI format is invalid", "details": {}}
    for answer in (
        api.post("/api/v1/devices/register", json={"dev_eui": eui, "device_name": "Meter"}),
        api.get(f"/api/v1/devices/{eui}"),
        api.put(f"/api/v1/devices/{eui}/status", json={"status": "online"}),
        api.post("/api/v1/ingest/water-consumption", json={"dev_eui": eui, "consumption_m3": 1}),
    ):
        assert (answer.status_code, answer.json()) == (400, wanted)


@pytest.mark.parametrize("body", [{}, {"dev_eui": "70b3d57ed0061f2a"}, {"dev_eui": 7, "device_name": "Meter"}, []])
def test_a_body_at_fault_is_refused(api: httpx.Client, body: object) -> None:
    answer = api.post("/api/v1/devices/register", json=body)
    assert (answer.status_code, answer.json()["error_code"]) == (400, "VALIDATION_ERROR")
    assert list(answer.json()) == ["status", "error_code", "message", "details"]


def test_a_second_device_of_one_eui_is_a_conflict(api: httpx.Client) -> None:
    eui = registered(api)
    answer = api.post("/api/v1/devices/register", json={"dev_eui": eui.upper(), "device_name": "Twin"})
    assert (answer.status_code, answer.json()["error_code"]) == (409, "DEVICE_ALREADY_EXISTS")


def test_devices_are_listed_newest_first_by_status_limit_and_offset(api: httpx.Client) -> None:
    euis = [registered(api, f"Meter {number}") for number in range(3)]
    for eui in euis[:2]:
        assert api.put(f"/api/v1/devices/{eui}/status", json={"status": "maintenance"}).json()["data"]["status"] == "maintenance"

    def listed(query: str) -> list[str]:
        answer = api.get(f"/api/v1/devices{query}")
        assert answer.json()["status"] == "success"
        return [one["dev_eui"] for one in answer.json()["data"]]

    assert listed("?limit=3") == euis[::-1]
    assert listed("?limit=1&offset=1") == [euis[1]]
    assert listed("?status=maintenance") == [euis[1], euis[0]]
    assert euis[2] in listed("?status=online")
    assert euis[0] not in listed("?status=online")
    for query in ("?status=broken", "?limit=0", "?limit=ten", "?offset=-1"):
        assert api.get(f"/api/v1/devices{query}").json()["error_code"] == "VALIDATION_ERROR", query


def test_fifty_devices_are_listed_when_nobody_says_how_many(api: httpx.Client) -> None:
    for number in range(51):
        registered(api, f"Many {number}")
    assert len(api.get("/api/v1/devices").json()["data"]) == 50


def test_a_mark_of_being_offline_ends_with_the_next_reading_and_maintenance_does_not(api: httpx.Client) -> None:
    for mark, after in (("offline", "online"), ("maintenance", "maintenance")):
        eui = registered(api)
        assert api.put(f"/api/v1/devices/{eui}/status", json={"status": mark}).json()["data"]["status"] == mark
        assert api.get(f"/api/v1/devices/{eui}").json()["data"]["status"] == mark
        uplink = {"dev_eui": eui, "consumption_m3": 1}
        assert api.post("/api/v1/ingest/water-consumption", json=uplink).json()["data"]["registered"] is True
        assert api.get(f"/api/v1/devices/{eui}").json()["data"]["status"] == after
        assert api.put(f"/api/v1/devices/{eui}/status", json={"status": "online"}).json()["data"]["status"] == "online"


def test_a_device_is_assigned_to_a_resident(api: httpx.Client, native: httpx.Client) -> None:
    tenant = f"t-{secrets.token_hex(4)}"
    wanted = {"name": "Riverside", "admin_email": "ada@example.org", "tenant_name": tenant}
    customer = native.post("/api/v2/customers", json=wanted).json()
    residents = f"/api/v2/customers/{customer['id']}/residents"
    resident = native.post(residents, json={"name": "Grace", "email": "grace@example.org"}).json()
    eui, end_user_id = registered(api), resident["end_user_id"]
    assert native.get(residents).json()["data"] == [resident], "it is shown when it is made and listed"
    assert end_user_id == uuid_of(Prefix.RESIDENT, resident["id"])
    answer = api.put(f"/api/v1/devices/{eui}/assign", json={"end_user_id": end_user_id})
    assert (answer.status_code, answer.json()["data"]["end_user_id"]) == (200, end_user_id)
    assert api.get(f"/api/v1/devices/{eui}").json() == answer.json()
    for text, shown in ((None, None), (resident["id"], end_user_id), (None, None), (end_user_id.upper(), end_user_id)):
        answer = api.put(f"/api/v1/devices/{eui}/assign", json={"end_user_id": text})
        assert (answer.status_code, answer.json()["data"].get("end_user_id")) == (200, shown)
        device = native.get(f"/api/v2/devices/by-identifier/eui/{eui}").json()["id"]
        assert native.get(f"/api/v2/devices/{device}/placement").json()["customer_id"] == customer["id"]
    assert api.put(f"/api/v1/devices/{eui}/assign", json={}).status_code == 400
    unknown = "72657300-0000-8000-8123-456789abcdef"
    for text in (unknown, "nonsense", uuid_of(Prefix.CUSTOMER, customer["id"])):
        answer = api.put(f"/api/v1/devices/{eui}/assign", json={"end_user_id": text})
        assert (answer.status_code, answer.json()["error_code"]) == (404, "END_USER_NOT_FOUND")
    assert native.delete(f"/api/v2/customers/{customer['id']}").status_code == 204
    assert "end_user_id" not in api.get(f"/api/v1/devices/{eui}").json()["data"]


def test_the_key_counts_first_and_a_person_s_token_only_without_one(kubo: RunningServer, org: Org) -> None:
    body = {"email": org.user_email, "password": org.user_password}
    token = httpx.post(f"{kubo.base_url}/api/v2/auth/sign-in", json=body, timeout=30).json()["access_token"]
    bearer = {"Authorization": f"Bearer {token}"}
    refusal = {"status": "error", "error_code": "INVALID_API_KEY", "message": "API key is missing or invalid", "details": {}}

    def ask(headers: dict[str, str]) -> httpx.Response:
        return httpx.get(f"{kubo.base_url}/api/v1/devices", headers=headers, timeout=30)

    assert ask(bearer).status_code == 200
    assert ask({"X-API-Key": org.api_key, "Authorization": "Bearer nonsense"}).status_code == 200
    for headers in ({}, {"X-API-Key": "dk_live_wrong"} | bearer, {"Authorization": "Bearer eyJhbG.e30.x"}, {"X-API-Key": ""}):
        answer = ask(headers)
        assert (answer.status_code, answer.json()) == (401, refusal), headers.keys()


def test_a_key_in_the_vendor_s_style_opens_the_surface(kubo: RunningServer, native: httpx.Client) -> None:
    made = native.post("/api/v2/keys", json={"name": "Meters", "scopes": ["devices:read"], "style": "datakubo"}).json()
    assert made["value"].startswith("dk_live_")
    headers = {"X-API-Key": made["value"]}
    assert httpx.get(f"{kubo.base_url}/api/v1/devices", headers=headers, timeout=30).status_code == 200
    refused = httpx.get(f"{kubo.base_url}/api/v1/customers", headers=headers, timeout=30)
    assert (refused.status_code, refused.json()["error_code"]) == (403, "FORBIDDEN")


def test_health_and_documentation_need_no_key(kubo: RunningServer) -> None:
    for path in ("/health", "/ping", "/docs", "/redoc", "/openapi.json"):
        assert httpx.get(kubo.base_url + path, timeout=30).status_code == 200, path
