"""What an organisation holds of inboxes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from penstock.kit.ids import Prefix, decode
from tests.support.inboxes import fresh_number
from tests.support.waiting import eventually


def make_inbox(call: Callable[..., Any], device_id: str, unique: str) -> dict[str, str]:
    """A number with an SMS that was sent."""
    number = fresh_number()
    address = call("POST", "/api/v2/inbox/addresses", {"value": number, "label": unique})
    sent = call("POST", "/api/v2/inbox/messages", {"from": number, "to": "+447700900456", "body": unique})
    key_id = call("POST", "/api/v2/keys", {"name": f"{unique} inbox"[:200], "scopes": ["sms:read"]})["key"]["id"]
    call("PUT", f"/api/v2/inbox/addresses/{address['id']}/keys/{key_id}")
    _settle(call, sent["id"])
    digits = str(sent["id"]).removeprefix("inm_")
    organization = decode(Prefix.ORGANIZATION, str(call("GET", "/api/v2/organization")["id"]))
    message_number = decode(Prefix.INBOX_MESSAGE, str(sent["id"]))
    return {
        "address_id": str(address["id"]),
        "inbox_message_id": str(sent["id"]),
        "inbox_key_id": str(key_id),
        "sms_id": f"sms_{digits}",
        "number": number,
        "account_sid": f"AC{organization:032x}",
        "message_sid": f"SM{message_number:032x}.json",
    }


def _settle(call: Callable[..., Any], message_id: str) -> None:
    """Wait until the SMS was sent: it must not change between two calls that are compared."""
    assert eventually(lambda: call("GET", f"/api/v2/inbox/messages/{message_id}")["status"] not in ("queued", "sending"))
