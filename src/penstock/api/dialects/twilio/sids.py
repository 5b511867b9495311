"""Twilio's ids: `SM` for messages and `AC` for accounts, and 32 hexadecimal digits, which are the number of Penstock's id.

The account is the organisation. Its public id is accepted too, by programs that do not ask for the form.
"""

from __future__ import annotations

import re

from penstock.kit.ids import MAX_ID, InboxMessageId, OrgId, Prefix, encode

_SID = re.compile(r"SM([0-9a-f]{32})(?:\.json)?", re.ASCII)


def encode_sid(message_id: InboxMessageId) -> str:
    """The id of a message."""
    return f"SM{message_id:032x}"


def decode_sid(text: str) -> InboxMessageId | None:
    """The number of an id, with or without the suffix `.json` of paths; None if it is none."""
    found = _SID.fullmatch(text)
    number = int(found[1], 16) if found else 0
    return InboxMessageId(number) if 0 < number < MAX_ID else None


def encode_account(org_id: OrgId) -> str:
    """The account that an organisation is."""
    return f"AC{org_id:032x}"


def is_account(text: str, org_id: OrgId) -> bool:
    """Whether a text names the account of an organisation."""
    return text in (encode_account(org_id), encode(Prefix.ORGANIZATION, org_id))
