"""Examples of sensor templates for the documentation."""

from __future__ import annotations

from typing import Any

ONE_PATH = {"template_id": "stp_0c2k9fq7w3m4t"}
NEW = {"name": "Brine temperature", "key": "brine_temperature", "unit": "°C"}
TEMPLATE: dict[str, Any] = {
    "id": ONE_PATH["template_id"],
    **NEW,
    "value_type": "float",
    "decimals": 1,
    "description": "",
    "system": False,
    "created_at": "2026-04-14T06:00:00Z",
    "updated_at": "2026-04-14T06:00:00Z",
}
