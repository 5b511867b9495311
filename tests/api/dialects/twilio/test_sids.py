"""Twilio's ids of messages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.api.dialects.twilio.sids import decode_sid, encode_sid
from penstock.kit.ids import InboxMessageId


@given(st.integers(1, 2**60))
def test_ids_go_both_ways(number: int) -> None:
    sid = encode_sid(InboxMessageId(number))
    assert (len(sid), decode_sid(sid), decode_sid(f"{sid}.json")) == (34, number, number)


@pytest.mark.parametrize(
    "text", ["", "SM", "SM" + "0" * 32, "SM" + "f" * 32, "MM" + "0" * 31 + "1", "SM" + "0" * 31 + "1.xml", "inm_1"]
)
def test_what_is_not_an_id(text: str) -> None:
    assert decode_sid(text) is None
