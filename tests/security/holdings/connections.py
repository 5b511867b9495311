"""What an organisation holds of connections."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def make(call: Callable[..., Any], device_id: str, unique: str) -> dict[str, str]:
    """A connection with any network server."""
    made = call("POST", "/api/v2/connections", {"type": "lorawan_http", "name": f"{unique} connection"})
    return {"connection_id": str(made["connection"]["id"])}
