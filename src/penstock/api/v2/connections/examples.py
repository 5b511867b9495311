"""Examples of connections for the native API's documentation."""

from __future__ import annotations

from typing import Any

CONNECTION_ID = "con_0c2k9fq7w3n9s"
PATH = {"connection_id": CONNECTION_ID}
CONNECTION: dict[str, Any] = {
    "id": CONNECTION_ID,
    "organization_id": "org_0c2k9fq7w3a0d",
    "project_id": None,
    "name": "Water meters",
    "type": "chirpstack",
    "status": "active",
    "settings": {"downlink": {"by": "api", "url": "https://lns.example.org", "token_set": True}},
    "secret_prefix": "pcs_7Hd2",
    "previous_secret_until": None,
    "ingest_path": f"/api/v2/ingest/{CONNECTION_ID}",
    "devices": 412,
    "messages": 90211,
    "errors": 3,
    "last_message_at": "2026-05-02T09:15:04.120Z",
    "last_error_at": "2026-05-01T23:10:40Z",
    "last_error": "dev_eui: is required",
    "link": None,
    "created_at": "2026-04-14T06:00:00Z",
    "updated_at": "2026-04-14T06:00:00Z",
}
CONNECTIONS = {"data": [CONNECTION], "next_cursor": None}
CREATED = {"connection": CONNECTION, "secret": "pcs_7Hd2mB8xTq6LwYs2NdVhEp3KaUf9GiBo0Zr1"}
CREATE = {
    "type": "chirpstack",
    "name": "Water meters",
    "settings": {"downlink": {"by": "api", "url": "https://lns.example.org", "token": "a-key-made-in-chirpstack"}},
}
CHANGE = {"name": "Cold-water meters", "settings": {"downlink": None}}
CHANGED = CONNECTION | {"name": "Cold-water meters", "settings": {"downlink": None}}
