"""The version of a device's firmware over the native API: kept from creation, changed, listed, told in the audit log."""

from __future__ import annotations

import uuid

import httpx
import pytest

DEVICES = "/api/v2/devices"


def test_it_is_kept_and_changed(api: httpx.Client) -> None:
    kind = f"k{uuid.uuid4().hex[:8]}"
    made = api.post(DEVICES, json={"name": "probe", "type": kind, "firmware_version": "2.4.1"})
    assert made.json()["device"]["firmware_version"] == "2.4.1"
    path = f"{DEVICES}/{made.json()['device']['id']}"
    assert api.get(path).json()["firmware_version"] == "2.4.1"
    assert api.patch(path, json={"firmware_version": "2.5.0-β"}).json()["firmware_version"] == "2.5.0-β"
    assert api.patch(path, json={"name": "renamed"}).json()["firmware_version"] == "2.5.0-β"
    assert [one["firmware_version"] for one in api.get(DEVICES, params={"type": kind}).json()["data"]] == ["2.5.0-β"]
    assert api.patch(path, json={"firmware_version": ""}).json()["firmware_version"] == ""
    assert api.get(path).json()["firmware_version"] == ""


def test_without_one_it_is_empty(api: httpx.Client) -> None:
    device = api.post(DEVICES, json={"name": "probe"}).json()["device"]
    assert device["firmware_version"] == ""


@pytest.mark.parametrize("value", ["x" * 101, None, 2.4])
def test_it_is_a_text_of_at_most_100_characters(api: httpx.Client, value: object) -> None:
    device = api.post(DEVICES, json={"name": "probe", "firmware_version": "x" * 100}).json()["device"]
    for refused in (
        api.post(DEVICES, json={"name": "probe", "firmware_version": value}),
        api.patch(f"{DEVICES}/{device['id']}", json={"firmware_version": value}),
    ):
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "firmware_version")
    assert api.get(f"{DEVICES}/{device['id']}").json()["firmware_version"] == "x" * 100


def test_the_audit_log_tells_of_a_change(api: httpx.Client) -> None:
    device = api.post(DEVICES, json={"name": "probe", "firmware_version": "1.0"}).json()["device"]
    api.patch(f"{DEVICES}/{device['id']}", json={"firmware_version": "1.1"})
    entry = api.get("/api/v2/logs", params={"action": "device.update", "target": device["id"]}).json()["data"][0]
    assert entry["details"] == {"before": {"firmware_version": "1.0"}, "after": {"firmware_version": "1.1"}}


def test_the_openapi_document_describes_it(api: httpx.Client) -> None:
    document = api.get("/openapi.json").json()
    schemas = document["components"]["schemas"]
    for name in ("DeviceCreate", "DevicePatch", "Device"):
        shown = schemas[name]["properties"]["firmware_version"]
        assert (shown["type"], shown["maxLength"], shown["examples"]) == ("string", 100, ["2.4.1"]), name
    answer = document["paths"][DEVICES + "/{device_id}"]["get"]["responses"]["200"]["content"]["application/json"]["example"]
    assert answer["firmware_version"] == "2.4.1"
