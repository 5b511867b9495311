"""Dashboards, devices and widgets for tests."""

from __future__ import annotations

from typing import Any

import httpx

DASHBOARDS, WIDGETS, SHARED = "/api/v2/dashboards", "/api/v2/widgets", "/api/v2/shared/dashboards"


def board(api: httpx.Client, **fields: Any) -> dict[str, Any]:
    """A new dashboard."""
    return _made(api, DASHBOARDS, {"name": "Climate"} | fields)


def widget(api: httpx.Client, dashboard_id: str, **fields: Any) -> dict[str, Any]:
    """A new widget of a dashboard."""
    return _made(api, f"{DASHBOARDS}/{dashboard_id}/widgets", fields)


def device(api: httpx.Client, **fields: Any) -> str:
    """The id of a new device with a sensor."""
    sensors = [{"key": "temperature", "name": "Temperature", "unit": "°C", "value_type": "float"}]
    return str(_made(api, "/api/v2/devices", {"name": "Office", "sensors": sensors} | fields)["device"]["id"])


def report(api: httpx.Client, device_id: str, *readings: dict[str, Any]) -> None:
    """Readings of a device."""
    answer = api.post(f"/api/v2/devices/{device_id}/telemetry", json=list(readings))
    assert answer.is_success, answer.text


def shown(api: httpx.Client, widget_id: str, **query: str) -> dict[str, Any]:
    """What a widget shows."""
    answer = api.get(f"{WIDGETS}/{widget_id}/data", params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def _made(api: httpx.Client, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = api.post(path, json=body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found
