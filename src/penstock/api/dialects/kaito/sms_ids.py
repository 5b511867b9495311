"""The ids of SMS in Kaito's format: `sms_` and the digits of Penstock's."""

from __future__ import annotations

from penstock.kit.ids import InboxMessageId, Prefix, decode, encode

PREFIX = "sms"


def sms_id(message_id: str) -> str:
    """The id in Kaito's format, from the public id."""
    return f"{PREFIX}_{message_id.removeprefix(f'{Prefix.INBOX_MESSAGE}_')}"


def encode_sms(message_id: InboxMessageId) -> str:
    """The id in Kaito's format."""
    return sms_id(encode(Prefix.INBOX_MESSAGE, message_id))


def decode_sms(text: str) -> InboxMessageId | None:
    """The number of an id in Kaito's format; None if it is not one."""
    head, _, digits = text.partition("_")
    return decode(Prefix.INBOX_MESSAGE, f"{Prefix.INBOX_MESSAGE}_{digits}") if head == PREFIX else None
