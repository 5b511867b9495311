"""Examples of SMS accounts for the documentation."""

from __future__ import annotations

from typing import Any

ACCOUNT_ID = "sma_0c2k9fq7w3h8k"
PATH = {"account_id": ACCOUNT_ID}
_SID = "AC0123456789abcdef0123456789abcdef"
CREATE = {"kind": "twilio", "name": "Twilio", "settings": {"account_sid": _SID, "auth_token": "…"}}
ACCOUNT: dict[str, Any] = {
    "id": ACCOUNT_ID,
    "name": "Twilio",
    "kind": "twilio",
    "settings": {"account_sid": _SID, "auth_token_set": True, "base_url": "https://api.twilio.com"},
    "inbound_path": f"/sms/twilio/{ACCOUNT_ID}/inbound",
    "status_path": f"/sms/twilio/{ACCOUNT_ID}/status",
    "link": {"state": "ready", "since": None, "retry_at": None, "last_error": None, "last_error_at": None},
    "created_at": "2026-05-02T09:00:00Z",
    "updated_at": "2026-05-02T09:00:00Z",
}
CHANGE = {"name": "Twilio, main account"}
CHANGED = ACCOUNT | {"name": "Twilio, main account", "updated_at": "2026-05-02T09:20:00Z"}
CHECKED = {"ok": True, "detail": "the account is active"}
AVAILABLE = {"value": "+447700900123", "locality": None, "region": None, "country": "GB"}
