"""Twilio as the security tests see it."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

import jsonschema_rs

from penstock.api.dialects.twilio.sids import encode_account, encode_sid
from penstock.kit.ids import InboxMessageId, OrgId
from tests.security.dialects import Dialect, Values

if TYPE_CHECKING:
    from tests.security.calls import Answer
    from tests.security.holding import Holding

ERROR = jsonschema_rs.validator_for(
    {
        "type": "object",
        "required": ["code", "message", "more_info", "status"],
        "properties": {
            "code": {"type": "integer", "minimum": 20001, "maximum": 29999},
            "message": {"type": "string", "minLength": 1, "maxLength": 1000},
            "more_info": {"type": "string", "pattern": "^https://www.twilio.com/docs/errors/[0-9]+$"},
            "status": {"type": "integer", "minimum": 400, "maximum": 599},
        },
        "additionalProperties": False,
    }
)


def check_error(answer: Answer, document: dict[str, Any]) -> bool:
    if "more_info" not in document:
        return False
    ERROR.validate(document)
    return True


def values(name: str, mine: Holding, theirs: Holding) -> Values | None:
    if name == "account_sid":
        malformed = ["nonsense", "0", "*", "é", "AC1"]
        unknown = encode_account(OrgId(secrets.randbits(60)))
        return Values(own=mine.more[name], foreign=[theirs.more[name]], unknown=unknown, malformed=malformed)
    if name != "message_sid":
        return None
    unknown = f"{encode_sid(InboxMessageId(secrets.randbits(60)))}.json"
    malformed = ["nonsense", "0", "*", "é", unknown[:-6]]
    return Values(own=mine.more[name], foreign=[theirs.more[name]], unknown=unknown, malformed=malformed)


MESSAGES = "/2010-04-01/Accounts/{account_sid}/Messages"
# A text can contain the code of another service.
TEXTS = (f"POST {MESSAGES}.json", f"GET {MESSAGES}.json", f"GET {MESSAGES}/{{message_sid}}")
DIALECT = Dialect(check_error=check_error, values=values, credentials=dict.fromkeys(TEXTS, "shared"))
