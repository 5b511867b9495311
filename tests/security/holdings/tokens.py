"""Tokens with seeds."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any


def make_token(call: Callable[..., Any], device_id: str, name: str) -> dict[str, str]:
    """Tokens of names that no other organisation has."""
    wanted = f"mail-{secrets.token_hex(8)}"
    for more in ("", "-2"):  # two, so that a list has pages
        _create(call, wanted + more, name)
    return {"token": wanted}


def _create(call: Callable[..., Any], wanted: str, name: str) -> None:
    body = {"name": wanted, "secret": "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "issuer": f"{name} mail"[:200]}
    call("POST", "/api/v2/tokens", body)
