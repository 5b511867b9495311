"""What an organisation holds of inboxes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from penstock.kit.ids import Prefix, decode
from tests.support.inboxes import fresh_number


def make_inbox(call: Callable[..., Any], device_id: str, unique: str) -> dict[str, str]:
    """A number with an SMS that was sent."""
    number = fresh_number()
    address = call("POST", "/api/v2/inbox/addresses", {"value": number, "label": unique})
    sent = call("POST", "/api/v2/inbox/messages", {"from": number, "to": "+447700900456", "body": unique})
    digits = str(sent["id"]).removeprefix("inm_")
    organization = decode(Prefix.ORGANIZATION, str(call("GET", "/api/v2/organization")["id"]))
    message_number = decode(Prefix.INBOX_MESSAGE, str(sent["id"]))
    return {
        "address_id": str(address["id"]),
        "inbox_message_id": str(sent["id"]),
        "sms_id": f"sms_{digits}",
        "number": number,
        "account_sid": f"AC{organization:032x}",
        "message_sid": f"SM{message_number:032x}.json",
    }
