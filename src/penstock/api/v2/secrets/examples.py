"""Examples of secrets for the documentation."""

from __future__ import annotations

from typing import Any

SECRET_ID = "sec_0c2k9fq7w3s4m"  # noqa: S105  (an id, not a secret)
PATH = {"secret_id": SECRET_ID}
VERSION_PATH = PATH | {"version": "1"}
NEW: dict[str, Any] = {"name": "broker-password", "value": "correct horse", "description": "Of the plant's broker"}
SHOWN: dict[str, Any] = {
    "id": SECRET_ID,
    "name": "broker-password",
    "managed": False,
    "description": "Of the plant's broker",
    "version": 1,
    "uses": 1,
    "used_by": [{"kind": "connection", "id": "con_0c2k9fq7w3c2p", "field": "password"}],
    "created_by": "usr_0c2k9fq7w3v5n",
    "created_at": "2026-05-02T09:00:00Z",
    "updated_at": "2026-05-02T09:00:00Z",
}
VERSION: dict[str, Any] = {"version": 2, "created_by": "usr_0c2k9fq7w3v5n", "created_at": "2026-05-03T09:00:00Z"}
