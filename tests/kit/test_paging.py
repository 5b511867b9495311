"""Cursors: they come back, and what is none is refused by name."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.kit.errors import InvalidInput
from penstock.kit.paging import Page, all_items, decode_cursor, encode_cursor, page_of
from tests.fuzz.traps import CURSORS

INT64 = st.integers(-(2**63), 2**63 - 1)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=50)


def as_cursor(text: bytes) -> str:
    return base64.urlsafe_b64encode(text).decode().rstrip("=")


def refused(text: str, types: Any) -> None:
    with pytest.raises(InvalidInput) as error:
        decode_cursor(text, types)
    assert error.value.errors[0].field == "cursor"


@given(INT64, INT64)
def test_numbers_come_back(first: int, second: int) -> None:
    assert decode_cursor(encode_cursor(first, second), tuple[int, int]) == (first, second)


@given(TEXT)
def test_texts_come_back(text: str) -> None:
    cursor = encode_cursor(text)
    assert decode_cursor(cursor, tuple[str]) == (text,)
    assert cursor.isascii()
    assert not set(cursor) & set("+/= &?#%")


@pytest.mark.parametrize("text", [None, ""])
def test_no_cursor_is_the_beginning(text: str | None) -> None:
    assert decode_cursor(text, tuple[int]) is None


@pytest.mark.parametrize("what", CURSORS)
def test_what_is_no_cursor_is_refused(what: str) -> None:
    refused(CURSORS[what], tuple[int])


@pytest.mark.parametrize("types", [tuple[int], tuple[int, int], tuple[str]])
def test_the_cursor_of_another_list_is_refused(types: Any) -> None:
    for other in (encode_cursor(1), encode_cursor(1, 2), encode_cursor("a"), encode_cursor(1, 2, 3), encode_cursor("a", 1)):
        fits = {encode_cursor(1): tuple[int], encode_cursor(1, 2): tuple[int, int], encode_cursor("a"): tuple[str]}
        if fits.get(other) != types:
            refused(other, types)


MANGLED = [
    b"[true]",
    b"[1.0]",
    b"[1e2]",
    b'["1"]',
    b"[null]",
    b"{}",
    b"1",
    b"[1",
    b"[1]x",
    b"[" * 300,
    b"\xff",
    b'{"a":1}',
    b"NaN",
]
MANGLED += [b"[9223372036854775808]", b"[-9223372036854775809]", b"[18446744073709551616]", b"[" + b"9" * 300 + b"]"]


@pytest.mark.parametrize("text", MANGLED)
def test_a_mangled_number_is_refused(text: bytes) -> None:
    refused(as_cursor(text), tuple[int])


@pytest.mark.parametrize("text", [b'["\\ud800"]', b'["\xff"]', b'["\xed\xa0\x80"]', b"[1]", b'["a","b"]', b"[[]]"])
def test_a_mangled_text_is_refused(text: bytes) -> None:
    refused(as_cursor(text), tuple[str])


@given(st.text(max_size=60) | st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=+/", max_size=60))
def test_any_text_is_a_cursor_or_refused(text: str) -> None:
    for types in (tuple[int], tuple[int, int], tuple[str]):
        try:
            key = decode_cursor(text, types)
        except InvalidInput:
            continue
        assert key is None or all(isinstance(part, str) or -(2**63) <= part < 2**63 for part in key)  # type: ignore[attr-defined]


@given(INT64, st.integers(0, 30), st.integers(0, 255))
def test_a_changed_cursor_is_another_position_or_refused(number: int, at: int, byte: int) -> None:
    cursor = bytearray(encode_cursor(number).encode())
    cursor[at % len(cursor)] = byte
    try:
        key = decode_cursor(cursor.decode("latin-1"), tuple[int])
    except InvalidInput:
        return
    assert key is None or -(2**63) <= key[0] < 2**63


@given(st.lists(st.integers(0, 2**40), unique=True, max_size=12), st.integers(1, 5))
def test_pages_hold_every_row_once_and_no_more_than_asked_for(rows: list[int], limit: int) -> None:
    """As a store is asked: for one row more than a page holds, behind the cursor's row."""
    rows.sort()
    shown: list[int] = []
    cursor = None
    while True:
        (after,) = decode_cursor(cursor, tuple[int]) or (-1,)
        page = page_of([row for row in rows if row > after][: limit + 1], limit, lambda row: (row,))
        assert len(page.items) == min(limit, len(rows) - len(shown))
        shown += page.items
        cursor = page.next_cursor
        if cursor is None:
            break
    assert shown == rows


async def test_all_items_follow_every_cursor() -> None:
    rows = list(range(7))

    async def load(cursor: str | None) -> Page[int]:
        after = decode_cursor(cursor, tuple[int])
        first = after[0] + 1 if after else 0
        return page_of(rows[first : first + 3], 2, lambda last: (last,))

    assert await all_items(load) == rows
