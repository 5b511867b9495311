"""SiliconWit's API as recorded, over HTTP: names and order of fields are those of the vendor's page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from penstock.api.dialects.siliconwit import wire
from tests.api.dialects.siliconwit.conftest import World
from tests.support.replay import differences, filled, recordings

RECORDINGS = Path(__file__).parent / "recordings"

# The vendor's page, field by field.
SEED = {
    wire.Device: "id name type description status settings last_seen created_at updated_at",
    wire.Devices: "data pagination",
    wire.Pagination: "total limit offset",
    wire.OneDevice: "data",
    wire.Reading: "id time data",
    wire.Latest: "data",
    wire.History: "data query",
    wire.HistoryEcho: "device_id requested_range range limit data_retention_days",
    wire.OneUsage: "data",
    wire.Usage: "plan devices telemetry alerts",
    wire.PlanUsage: "plan status device_limit data_retention_days current_period_start current_period_end",
    wire.DeviceUsage: "total active paused limit",
    wire.TelemetryUsage: "data_points_24h",
    wire.AlertUsage: "total active",
    wire.Alerts: "data pagination",
    wire.OneAlert: "data",
    wire.Alert: "id device_id name condition actions severity enabled cooldown last_triggered created_at updated_at",
    wire.Condition: "field operator value",
    wire.AlertHistory: "data",
    wire.AlertEvent: "id device_id condition_value severity acknowledged acknowledged_at triggered_at",
    wire.Keys: "data",
    wire.Key: "id key_prefix name last_used_at created_at revoked_at",
    wire.Error: "error",
}


@pytest.mark.parametrize("exchange", recordings(RECORDINGS))
def test_an_exchange_goes_as_recorded(world: World, exchange: dict[str, Any]) -> None:
    request, response = exchange["request"], exchange["response"]
    answer = world.get(filled(request["path"], world.names), request.get("key", "first"))
    assert answer.status_code == response["status"], answer.text
    assert answer.headers["content-type"] == "application/json"
    assert differences(response["body"], answer.json(), world.names) == []


@pytest.mark.parametrize(("struct", "fields"), SEED.items(), ids=lambda value: getattr(value, "__name__", None))
def test_a_struct_has_the_vendors_fields(struct: Any, fields: str) -> None:
    assert " ".join(struct.__struct_fields__) == fields


def test_a_key_may_come_by_other_headers_too(world: World) -> None:
    for name, value in (("X-API-Key", "{0}"), ("Authentication", "bearer {0}"), ("authorization", "BEARER {0}")):
        headers = {name: value.format(world.keys["first"])}
        assert httpx.get(f"{world.base_url}/v1/devices", headers=headers, timeout=30).status_code == 200, name


def test_nothing_is_written(world: World) -> None:
    headers = {"Authorization": f"Bearer {world.keys['first']}"}
    answer = httpx.post(f"{world.base_url}/v1/devices", headers=headers, json={"name": "New"}, timeout=30)
    assert (answer.status_code, answer.json()) == (405, {"error": "Method not allowed"})
