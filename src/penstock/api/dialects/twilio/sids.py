"""Twilio's ids of messages: `SM` and 32 hexadecimal digits, which are the number of Penstock's id."""

from __future__ import annotations

import re

from penstock.kit.ids import MAX_ID, InboxMessageId

_SID = re.compile(r"SM([0-9a-f]{32})(?:\.json)?", re.ASCII)


def encode_sid(message_id: InboxMessageId) -> str:
    """The id of a message."""
    return f"SM{message_id:032x}"


def decode_sid(text: str) -> InboxMessageId | None:
    """The number of an id, with or without the suffix `.json` of paths; None if it is none."""
    found = _SID.fullmatch(text)
    number = int(found[1], 16) if found else 0
    return InboxMessageId(number) if 0 < number < MAX_ID else None
