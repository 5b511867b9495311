"""A secret with two versions, and a channel that uses it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def make_secret(call: Callable[..., Any], device_id: str, name: str) -> dict[str, str]:
    """The value of the path parameter that names it."""
    slug = "-".join(name.split())[:60]
    secret_id = call("POST", "/api/v2/secrets", {"name": slug, "value": "https://hooks.invalid/1", "description": name})["id"]
    call("POST", f"/api/v2/secrets/{secret_id}/versions", {"value": "https://hooks.invalid/2"})
    call("POST", "/api/v2/notification-channels", {"name": f"{slug} alarms", "kind": "slack", "url": f"secret://{slug}"})
    return {"secret_id": secret_id}
