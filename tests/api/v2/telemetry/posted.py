"""Devices that readings are posted to."""

from __future__ import annotations

from typing import Any

import httpx

from tests.api.v2.devices.test_routes import make


def device(api: httpx.Client, **fields: Any) -> str:
    return f"/api/v2/devices/{make(api, **fields)['device']['id']}"


def put(api: httpx.Client, path: str, body: Any, status: int = 201, **options: Any) -> Any:
    answer = api.post(f"{path}/telemetry", json=body, **options)
    assert answer.status_code == status, answer.text
    return answer.json()
