"""Kaito's ids of SMS have the digits of ours."""

from __future__ import annotations

from penstock.api.dialects.kaito.sms_ids import decode_sms, encode_sms, sms_id
from penstock.kit.ids import InboxMessageId, Prefix, encode


def test_ids_there_and_back() -> None:
    number = InboxMessageId(7**20)
    text = encode_sms(number)
    assert text == sms_id(encode(Prefix.INBOX_MESSAGE, number))
    assert text.startswith("sms_")
    assert decode_sms(text) == number
    assert [decode_sms(one) for one in ("", "sms", "inm_0000000000001", "sms_x", f"x{text}")] == [None] * 5
