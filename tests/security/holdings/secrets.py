"""A secret with two versions, and another that a connection uses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def make_secret(call: Callable[..., Any], device_id: str, name: str) -> dict[str, str]:
    """The value of the path parameter that names the first."""
    slug = "-".join(name.split())[:60]
    used = call("POST", "/api/v2/secrets", {"name": f"{slug}-used", "value": "a token", "description": name})
    downlink = {"by": "api", "url": "https://lns.invalid", "token": f"secret://{used['name']}"}
    call("POST", "/api/v2/connections", {"type": "chirpstack", "name": f"{slug} lns", "settings": {"downlink": downlink}})
    secret_id = call("POST", "/api/v2/secrets", {"name": slug, "value": "one", "description": name})["id"]
    call("POST", f"/api/v2/secrets/{secret_id}/versions", {"value": "two"})
    return {"secret_id": secret_id}
