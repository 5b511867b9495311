"""Long texts in parts, compared with another library."""

from __future__ import annotations

import pytest
import smsutil
from hypothesis import given
from hypothesis import strategies as st

from penstock.core.inboxes.gsm import Alphabet, alphabet_of, decode_text
from penstock.core.inboxes.parts import MAX_PARTS, PartHeader, count_parts, divide, read_header, write_header
from penstock.kit.errors import InvalidInput


@pytest.mark.parametrize(
    ("text", "lengths"),
    [
        ("", [0]),
        ("a" * 160, [160]),
        ("a" * 161, [153, 8]),
        ("a" * 306, [153, 153]),
        ("a" * 307, [153, 153, 1]),
        ("€" * 80, [160]),
        ("a" * 152 + "€" + "a" * 10, [152, 12]),  # an escape is not separated from its code
        ("я" * 70, [140]),
        ("я" * 71, [134, 8]),
        ("👍" * 35, [140]),
        ("👍" * 36, [132, 12]),  # 33 whole emoji: the half of one more would fit
        ("я" * 66 + "👍" + "я" * 5, [132, 14]),
    ],
)
def test_a_text_is_divided_between_characters(text: str, lengths: list[int]) -> None:
    parts = divide(text)
    assert [len(part.content) for part in parts] == lengths
    assert "".join(decode_text(part.content, alphabet_of(text)) for part in parts) == text
    assert count_parts(text) == len(parts)


def test_an_escape_is_no_character_of_the_gsm_alphabet() -> None:
    """There it begins the code of another one, such as the euro sign, so it is sent in UCS-2 if a text has it."""
    assert alphabet_of("\x1b") is Alphabet.UCS2
    assert [decode_text(part.content, Alphabet.UCS2) for part in divide("\x1b")] == ["\x1b"]


# Without the escape, which the other library takes for a character of the GSM alphabet.
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x1b"), max_size=600))
def test_parts_are_those_of_another_library_and_join_to_the_text(text: str) -> None:
    parts = divide(text)
    alphabet = alphabet_of(text)
    assert "".join(decode_text(part.content, alphabet) for part in parts).removeprefix("\ufeff") == text.removeprefix("\ufeff")
    assert [(part.place, part.total) for part in parts] == [(place, len(parts)) for place in range(1, len(parts) + 1)]
    theirs = smsutil.split(text)
    assert len(parts) == max(len(theirs.parts), 1)
    assert not text or (alphabet is Alphabet.GSM7) == (theirs.encoding == "gsm0338")


def test_too_many_parts_are_refused() -> None:
    assert len(divide("a" * 1_530)) == MAX_PARTS
    with pytest.raises(InvalidInput) as caught:
        divide("a" * 1_531)
    assert caught.value.errors[0].field == "text"
    assert count_parts("a" * 5_000) == 33


@given(st.integers(0, 65_535), st.integers(2, 255), st.data(), st.binary(max_size=140))
def test_headers_go_both_ways(reference: int, total: int, data: st.DataObject, content: bytes) -> None:
    place = data.draw(st.integers(1, total))
    for bits in (8, 16):
        header = PartHeader(reference & 0xFF if bits == 8 else reference, total, place, bits)
        assert read_header(write_header(header) + content) == (header, content)


@pytest.mark.parametrize(
    ("content", "header", "rest"),
    [
        ("050003cc0201616263", PartHeader(0xCC, 2, 1), b"abc"),
        ("06080412340302616263", PartHeader(0x1234, 3, 2, 16), b"abc"),
        ("0b0504158a00000003cc020261", PartHeader(0xCC, 2, 2), b"a"),  # ports in front
        ("060504158a000061", None, b"a"),  # ports alone
        ("050003cc020361", None, b"a"),  # the third of two
        ("050003cc000061", None, b"a"),
        ("050003cc010161", None, b"a"),  # the only one is a whole text
        ("050003cc02", None, bytes.fromhex("050003cc02")),  # longer than the content
        ("", None, b""),
        ("00616263", None, b"abc"),
        ("0300ff01", None, b""),
    ],
)
def test_headers_are_read(content: str, header: PartHeader | None, rest: bytes) -> None:
    assert read_header(bytes.fromhex(content)) == (header, rest)


@given(st.binary(max_size=160))
def test_any_header_is_read(content: bytes) -> None:
    header, rest = read_header(content)
    assert content.endswith(rest)
    assert header is None or header.is_valid
