"""Examples of devices for the documentation: one device, used in all of them."""

from __future__ import annotations

from typing import Any

from penstock.api.shared.examples import example_of
from penstock.api.v2.devices import wire

DEVICE_ID = "dev_0c2k9fq7w3m1x"
DEVICE_PATH = {"device_id": DEVICE_ID}
DEVICE = example_of(
    wire.Device,
    {
        "id": DEVICE_ID,
        "organization_id": "org_0c2k9fq7w3a0d",
        "project_id": "prj_0c2k9fq7w3b7h",
        "name": "Cold room 2",
        "type": "sensor",
        "description": "Behind the second door",
        "status": "active",
        "connectivity": "online",
        "settings": {},
        "labels": {"site": "north"},
        "location": {"latitude": 51.0543, "longitude": 3.7174, "altitude_m": 8.0},
        "identifiers": [{"kind": "eui", "value": "70b3d57ed0061f2a"}],
        "access_token_prefix": "tok_4Jc0",
        "last_seen_at": "2026-05-02T09:15:04.120Z",
        "expected_interval_s": 60,
        "profile_id": None,
        "malformed": None,
        "cuts": None,
        "created_at": "2026-04-14T06:00:00Z",
        "updated_at": "2026-04-14T06:00:00Z",
    },
)
DEVICES = {"data": [DEVICE], "next_cursor": None}
NEW_DEVICE = {
    "name": "Cold room 2",
    "type": "sensor",
    "labels": {"site": "north"},
    "location": {"latitude": 51.0543, "longitude": 3.7174},
    "identifiers": [{"kind": "eui", "value": "70B3D57ED0061F2A"}],
    "sensors": [{"key": "temperature", "name": "Temperature", "unit": "°C", "value_type": "float", "decimals": 1}],
}
CREATED_DEVICE = {"device": DEVICE, "access_token": "tok_4Jc0Zr1mB8xTq6LwYs2NdVhEp3KaUf9GiBo0"}
SENSOR: dict[str, Any] = {
    "id": "sen_0c2k9fq7w3m2b",
    "device_id": DEVICE_ID,
    "key": "temperature",
    "name": "Temperature",
    "unit": "°C",
    "value_type": "float",
    "decimals": 1,
    "declared": True,
    "created_at": "2026-04-14T06:00:00Z",
    "updated_at": "2026-04-14T06:00:00Z",
}
SENSORS = {"data": [SENSOR], "next_cursor": None}
EVENT: dict[str, Any] = {
    "id": "evt_0c2k9fq7w3v4h",
    "kind": "ack",
    "time": "2026-05-02T09:15:04Z",
    "received_at": "2026-05-02T09:15:04.310Z",
    "connection_id": "con_0c2k9fq7w3n9s",
    "details": {"acknowledged": True, "f_cnt_down": 41},
}

SUMMARY = {"total": 42, "paused": 1, "online": 38, "offline": 3, "never": 1}
