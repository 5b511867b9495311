"""Twilio's ids of messages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.api.dialects.twilio.sids import decode_sid, encode_account, encode_sid, is_account
from penstock.kit.ids import InboxMessageId, OrgId, Prefix, encode


@given(st.integers(1, 2**60))
def test_ids_go_both_ways(number: int) -> None:
    sid = encode_sid(InboxMessageId(number))
    assert (len(sid), decode_sid(sid), decode_sid(f"{sid}.json")) == (34, number, number)


@pytest.mark.parametrize(
    "text", ["", "SM", "SM" + "0" * 32, "SM" + "f" * 32, "MM" + "0" * 31 + "1", "SM" + "0" * 31 + "1.xml", "inm_1"]
)
def test_what_is_not_an_id(text: str) -> None:
    assert decode_sid(text) is None


def test_an_organisation_is_an_account() -> None:
    assert encode_account(OrgId(0x1F3B)) == "AC00000000000000000000000000001f3b"
    assert is_account(encode_account(OrgId(7)), OrgId(7))
    assert is_account(encode(Prefix.ORGANIZATION, OrgId(7)), OrgId(7))
    assert not is_account(encode_account(OrgId(8)), OrgId(7))
    assert not is_account("7", OrgId(7))
