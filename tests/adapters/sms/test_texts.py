"""Texts in the messages of SMPP, both ways."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.adapters.sms.pdus import Delivered, Submission
from penstock.adapters.sms.texts import UDHI, read_text, submissions
from penstock.core.inboxes.gsm import Alphabet
from penstock.core.inboxes.parts import PartHeader
from penstock.kit.errors import InvalidInput

OURS, THEIRS = "+447700900001", "+447700900123"


def returned(sent: Submission) -> Delivered:
    """A submission as the recipient's side would deliver it."""
    return Delivered(
        source=sent.source,
        destination=sent.destination,
        esm_class=UDHI if sent.has_header else 0,
        data_coding=sent.data_coding,
        content=sent.content,
        options={},
    )


@given(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufeff\ufffe"), max_size=400),
    st.sampled_from([Alphabet.GSM7, Alphabet.LATIN1]),
    st.integers(0, 255),
)
def test_what_is_sent_is_what_is_received(text: str, alphabet: Alphabet, reference: int) -> None:
    parts = submissions(OURS, THEIRS, text, alphabet, reference)
    found = [read_text(returned(part), alphabet) for part in parts]
    assert "".join(one.text for one in found) == text
    assert {(one.sender, one.recipient) for one in found} == {(OURS, THEIRS)}
    total = len(parts)
    assert [one.header for one in found] == (
        [None] if total == 1 else [PartHeader(reference, total, place) for place in range(1, total + 1)]
    )
    assert all(len(part.content) <= (160 if part.data_coding == 0 else 140) for part in parts)


def test_an_sms_of_too_many_parts_is_refused() -> None:
    with pytest.raises(InvalidInput):
        submissions(OURS, THEIRS, "я" * 671, Alphabet.GSM7, 1)


def test_parts_are_named_by_options_too() -> None:
    options = {0x020C: b"\1\2", 0x020E: b"\3", 0x020F: b"\2"}
    plain = Delivered(source=(1, "1"), destination=(1, "2"), esm_class=0, data_coding=0, content=b"a", options=options)
    assert read_text(plain, Alphabet.GSM7).header == PartHeader(0x0102, 3, 2, 16)
    for broken in ({0x020C: b"\1"}, options | {0x020F: b"\4"}, options | {0x020E: b"\1", 0x020F: b"\1"}, {}):
        one = Delivered(source=(1, "1"), destination=(1, "2"), esm_class=0, data_coding=0, content=b"a", options=broken)
        assert read_text(one, Alphabet.GSM7).header is None
