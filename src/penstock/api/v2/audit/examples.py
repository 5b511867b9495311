"""Examples of audit entries for the documentation."""

from __future__ import annotations

from typing import Any

ROW: dict[str, Any] = {
    "seq": 12,
    "ts": "2026-05-02T09:15:04.120Z",
    "action": "apikey.create",
    "actor_kind": "user",
    "actor_id": "usr_0c2k9fq7w3u4d",
    "user": "lena@example.org",
    "ip": "198.51.100.24",
    "target_type": "key",
    "target_id": "key_0c2k9fq7w3c2k",
    "target_name": "Reports",
    "outcome": "success",
    "details": {"after": {"scopes": ["devices:read"]}},
    "prev_hash": "9f1c0000000000000000000000000000000000000000000000000000000000aa",
    "hash": "1b7d0000000000000000000000000000000000000000000000000000000000bb",
}
