"""Examples of keys for the documentation."""

from __future__ import annotations

from typing import Any

KEY_PATH = {"key_id": "key_0c2k9fq7w3c2k"}
KEY: dict[str, Any] = {
    "id": "key_0c2k9fq7w3c2k",
    "name": "Reports",
    "prefix": "psk_7Qb1",
    "style": "penstock",
    "status": "active",
    "scopes": ["devices:read", "telemetry:read"],
    "effective_scopes": ["devices:read", "telemetry:read"],
    "allowed_cidrs": ["192.0.2.0/24"],
    "single_use": None,
    "used_from": None,
    "calls_per_minute": None,
    "project_id": None,
    "created_at": "2026-04-14T06:00:00Z",
    "created_by": "usr_0c2k9fq7w3u4d",
    "root": "usr_0c2k9fq7w3u4d",
    "expires_at": "2027-04-14T06:00:00Z",
    "rotated_at": None,
    "valid_until": None,
    "replaced_by": None,
    "revoked_at": None,
    "last_used_at": "2026-05-02T09:15:04Z",
    "last_used_from": "192.0.2.7",
}
CREATED = {
    "key": KEY | {"last_used_at": None, "last_used_from": ""},
    "value": "psk_7Qb1Zr1mB8xTq6LwYs2NdVhEp3KaUf9GiBo0",
    "warning": "copy the value now, it is not shown again",
}
