"""A token with a seed."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any


def make_token(call: Callable[..., Any], device_id: str, name: str) -> dict[str, str]:
    """A token of a name that no other organisation has."""
    wanted = f"mail-{secrets.token_hex(8)}"
    body = {"name": wanted, "secret": "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "issuer": f"{name} mail"[:200]}
    call("POST", "/api/v2/tokens", body)
    return {"token": wanted}
