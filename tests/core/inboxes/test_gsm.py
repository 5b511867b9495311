"""The alphabets of SMS, compared with another library and with the standard's own examples."""

from __future__ import annotations

import gsm0338
import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.core.inboxes.gsm import (
    BASIC,
    EXTENSION,
    UNKNOWN,
    Alphabet,
    alphabet_of,
    alphabet_of_coding,
    decode_gsm7,
    decode_text,
    decode_ucs2,
    encode_gsm7,
    encode_ucs2,
    is_gsm7,
    pack,
    unpack,
    whole,
)

GSM_TEXTS = st.text(st.sampled_from(sorted(set(BASIC.replace("\x1b", "")) | set(EXTENSION.values()))), max_size=200)
CODEC = gsm0338.Codec()


def test_the_default_alphabet_is_that_of_another_library() -> None:
    codes = bytes(code for code in range(128) if code != 0x1B)
    assert decode_gsm7(codes) == CODEC.decode(codes)[0]
    assert len(BASIC) == 128


@given(GSM_TEXTS)
def test_gsm7_goes_both_ways(text: str) -> None:
    assert is_gsm7(text)
    septets = encode_gsm7(text)
    assert decode_gsm7(septets) == text
    assert septets == CODEC.encode(text)[0]


@given(GSM_TEXTS, st.integers(0, 6))
def test_septets_are_packed_and_unpacked(text: str, fill_bits: int) -> None:
    septets = encode_gsm7(text)
    packed = pack(septets, fill_bits)
    assert len(packed) == (len(septets) * 7 + fill_bits + 7) // 8
    assert unpack(packed, len(septets), fill_bits) == septets


def test_the_known_example_of_packing() -> None:
    assert pack(encode_gsm7("hellohello")).hex() == "e8329bfd4697d9ec37"
    assert decode_gsm7(unpack(bytes.fromhex("e8329bfd4697d9ec37"), 10)) == "hellohello"
    assert unpack(b"\xe8", 100) == b"\x68", "no more than there is"


@given(st.text(max_size=100))
def test_ucs2_goes_both_ways(text: str) -> None:
    if not text.startswith("\ufeff"):
        assert decode_ucs2(encode_ucs2(text)) == text


@pytest.mark.parametrize(
    ("text", "alphabet"),
    [
        ("Your code is 481902", Alphabet.GSM7),
        ("", Alphabet.GSM7),
        ("[{€}] ^~|\\", Alphabet.GSM7),
        ("naïve", Alphabet.UCS2),
        ("ç", Alphabet.UCS2),  # GSM-7 has only the capital
        ("Код 4819", Alphabet.UCS2),
        ("👍", Alphabet.UCS2),
        ("`", Alphabet.UCS2),
        ("\x1b", Alphabet.UCS2),
    ],
)
def test_the_alphabet_of_a_text(text: str, alphabet: Alphabet) -> None:
    assert alphabet_of(text) is alphabet


@pytest.mark.parametrize(
    ("septets", "text"),
    [
        (b"\x1b\x65", "€"),
        (b"\x1b\x41", "A"),  # not in the extension table
        (b"\x1b\x1b", " "),
        (b"a\x1b", "a"),
        (b"\x80a", f"{UNKNOWN}a"),
        (b"\x00\x02", "@$"),
    ],
)
def test_odd_septets_are_read(septets: bytes, text: str) -> None:
    assert decode_gsm7(septets) == text


@pytest.mark.parametrize(
    ("coding", "alphabet"),
    [
        *((0, Alphabet.GSM7), (1, Alphabet.GSM7), (3, Alphabet.LATIN1), (8, Alphabet.UCS2)),
        *((2, Alphabet.BINARY), (4, Alphabet.BINARY), (6, Alphabet.BINARY), (13, Alphabet.BINARY)),
        *((0x10, Alphabet.GSM7), (0x14, Alphabet.BINARY), (0x18, Alphabet.UCS2), (0x38, Alphabet.BINARY), (0x48, Alphabet.UCS2)),
        *((0xC0, Alphabet.GSM7), (0xD8, Alphabet.GSM7), (0xE0, Alphabet.UCS2), (0xF0, Alphabet.GSM7), (0xF5, Alphabet.BINARY)),
        *((0x80, Alphabet.BINARY), (0xB0, Alphabet.BINARY)),
    ],
)
def test_the_alphabet_of_a_data_coding(coding: int, alphabet: Alphabet) -> None:
    assert alphabet_of_coding(coding) is alphabet


def test_the_default_alphabet_is_agreed_on() -> None:
    assert alphabet_of_coding(0, Alphabet.LATIN1) is Alphabet.LATIN1
    assert decode_text(b"caf\xe9", Alphabet.LATIN1) == "café"


@given(st.binary(max_size=100), st.sampled_from(Alphabet))
def test_any_content_is_read(content: bytes, alphabet: Alphabet) -> None:
    whole(decode_text(content, alphabet)).encode()


def test_marks_of_byte_order_are_left_out() -> None:
    assert decode_ucs2(b"\xff\xfeh\x00i\x00") == decode_ucs2(b"\xfe\xff\x00h\x00i") == "hi"
    assert encode_ucs2("\ud83d") == b"\xff\xfd"
