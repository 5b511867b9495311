"""What an organisation holds of SMS accounts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.support.inboxes import fresh_number

ACCOUNT_SID = "AC0123456789abcdef0123456789abcdef"


def make_sms_account(call: Callable[..., Any], device_id: str, unique: str) -> dict[str, str]:
    """An account at Twilio, with a token of its own, and one for development with a number."""
    token = f"token-{unique}"
    settings = {"account_sid": ACCOUNT_SID, "auth_token": token}
    made = call("POST", "/api/v2/inbox/accounts", {"kind": "twilio", "name": unique, "settings": settings})
    shop = call("POST", "/api/v2/inbox/accounts", {"kind": "log", "name": unique, "settings": {}})
    address = call("POST", "/api/v2/inbox/addresses", {"value": fresh_number(), "account_id": shop["id"]})
    return {
        "account_id": str(made["id"]),
        "account_token": token,
        "shop_id": str(shop["id"]),
        "shop_address_id": str(address["id"]),
    }
