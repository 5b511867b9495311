"""Examples of previews for the documentation."""

from __future__ import annotations

from typing import Any

PREVIEW: dict[str, Any] = {
    "use": "alert",
    "expression": "reading.values.temperature * 2 > 10",
    "variables": {"reading": {"values": {"temperature": 6}}},
}
PREVIEWED: dict[str, Any] = {"value": True, "type": "boolean", "is_condition": True, "errors": []}
