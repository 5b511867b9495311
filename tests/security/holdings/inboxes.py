"""What an organisation holds of inboxes."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any


def make_inbox(call: Callable[..., Any], device_id: str, unique: str) -> dict[str, str]:
    """A number with an SMS that was sent."""
    number = f"+44{secrets.randbelow(9 * 10**9) + 10**9}"
    address = call("POST", "/api/v2/inbox/addresses", {"value": number, "label": unique})
    sent = call("POST", "/api/v2/inbox/messages", {"from": number, "to": "+447700900456", "body": unique})
    digits = str(sent["id"]).removeprefix("inm_")
    return {"address_id": str(address["id"]), "inbox_message_id": str(sent["id"]), "sms_id": f"sms_{digits}"}
