"""Grants of tokens, and requests to read the seed of another token."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from tests.security.holdings.tokens import make_token


def make_grants(call: Callable[..., Any], device_id: str, name: str) -> dict[str, str]:
    """Two tokens that are granted to two groups, so that both lists have pages."""
    made = make_token(call, device_id, name)
    groups = [call("POST", "/api/v2/groups", {"name": f"{name} group {secrets.token_hex(4)}"[:200]})["id"] for _ in range(2)]
    ids = [_grant(call, made["token"] + more, group, name) for more in ("", "-2") for group in groups]
    return made | {"grant_id": ids[0], "subject": groups[0]}


def _grant(call: Callable[..., Any], token: str, group: str, name: str) -> str:
    body = {"subject": group, "permission": "code", "reason": name[:200]}
    return str(call("POST", f"/api/v2/tokens/{token}/grants", body)["id"])


def make_seed_requests(call: Callable[..., Any], device_id: str, name: str) -> dict[str, str]:
    """A token whose seed needs approvals, and two requests."""
    token = make_token(call, device_id, name)["token"]
    call("PATCH", f"/api/v2/tokens/{token}", {"four_eyes": True})
    ids = [call("POST", f"/api/v2/tokens/{token}/seed-requests", {"reason": name[:200]})["id"] for _ in range(2)]
    return {"gated_token": token, "request_id": ids[0]}
