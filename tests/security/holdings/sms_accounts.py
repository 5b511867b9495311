"""What an organisation holds of SMS accounts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def make_sms_account(call: Callable[..., Any], device_id: str, unique: str) -> dict[str, str]:
    """An account that only logs."""
    return {"account_id": str(call("POST", "/api/v2/inbox/accounts", {"kind": "log", "name": unique})["id"])}
