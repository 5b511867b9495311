"""Examples of inboxes for the documentation."""

from __future__ import annotations

from typing import Any

ADDRESS_ID = "ina_0c2k9fq7w3a1n"
MESSAGE_ID = "inm_0c2k9fq7w3m9c"
ADDRESS_PATH = {"address_id": ADDRESS_ID}
MESSAGE_PATH = {"inbox_message_id": MESSAGE_ID}
NUMBER = "+447700900123"
ADDRESS: dict[str, Any] = {
    "id": ADDRESS_ID,
    "channel": "sms",
    "value": NUMBER,
    "label": "Logins of CI",
    "account_id": None,
    "for_notifications": False,
    "created_at": "2026-05-02T09:00:00Z",
    "updated_at": "2026-05-02T09:00:00Z",
    "released_at": None,
}
GRANT = {
    "subject_kind": "group",
    "subject_id": "grp_0c2k9fq7w3g1p",
    "created_by": "usr_0c2k9fq7w3s1r",
    "created_at": "2026-05-02T09:00:00Z",
}
MESSAGE: dict[str, Any] = {
    "id": MESSAGE_ID,
    "address_id": ADDRESS_ID,
    "number": NUMBER,
    "channel": "sms",
    "direction": "inbound",
    "status": "received",
    "from": "+447700900456",
    "to": NUMBER,
    "subject": None,
    "body": "Your code is 481902",
    "code": "481902",
    "links": [],
    "mail": None,
    "error": None,
    "at": "2026-05-02T09:15:03Z",
    "updated_at": "2026-05-02T09:15:03Z",
    "read_at": None,
}
READ = MESSAGE | {"read_at": "2026-05-02T09:16:00Z", "updated_at": "2026-05-02T09:16:00Z"}
SEND = {"from": NUMBER, "to": "+447700900456", "body": "The door is open."}
QUEUED = {"id": MESSAGE_ID, "status": "queued"}
