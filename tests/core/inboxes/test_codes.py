"""Codes and links are found in messages, and nothing else is mistaken for a code."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from penstock.core.inboxes.codes import LONGEST_LINK, LONGEST_TEXT, MOST_LINKS, CodeFinder, extract
from penstock.core.inboxes.models import Extracted

from .wordings import WITH_CODE, WITHOUT_CODE


@pytest.mark.parametrize(("text", "code"), WITH_CODE)
def test_a_code_is_found(text: str, code: str) -> None:
    assert extract(text).code == code


@pytest.mark.parametrize("text", WITHOUT_CODE)
def test_nothing_else_is_a_code(text: str) -> None:
    assert extract(text).code is None


def test_the_tables_are_as_long_as_promised() -> None:
    assert len({text for text, _ in WITH_CODE}) >= 60
    assert len(set(WITHOUT_CODE)) >= 40


@pytest.mark.parametrize(("text", "code"), [case for case in WITH_CODE if "\n" not in case[0] and not case[0].isdecimal()])
def test_what_surrounds_the_message_changes_nothing(text: str, code: str) -> None:
    around = f"Hello Anna,\n\n{text}\n\nKind regards\nThe team, 1200 Main Road, 80331 Springfield, tel. +49 89 1234567, © 2026"
    assert extract(around).code == code


def test_white_space_and_invisible_characters_in_a_code_are_ignored() -> None:
    assert extract("Your code is 481\u00a0902").code == "481902"
    assert extract("Your code is \u2068481\u200b902\u2069").code == "481902"
    assert extract("Your code is 481\u2011902").code == "481902"
    assert extract("Your code is ＡＢ１２ＣＤ").code == "AB12CD"


def test_the_same_code_twice_is_one_code() -> None:
    assert extract("Your code is 481902. Again: your code is 481 902").code == "481902"


def test_the_code_for_a_site_counts_more_than_all_others() -> None:
    assert extract("Your code is 111222.\n@example.com #333444").code == "333444"
    assert extract("Your code is 111222.\n@example.com #333444\nBye").code == "111222"


def test_it_is_an_extractor() -> None:
    assert CodeFinder().extract("Your code is 481902: https://a.example/") == Extracted(
        code="481902", links=("https://a.example/",)
    )


def test_nothing_is_shown_of_a_result() -> None:
    assert "481902" not in repr(extract("Your code is 481902"))


# Links.


def test_links_are_found_in_their_order_and_once() -> None:
    text = "See https://example.com/a?b=c#d, then (http://example.org/x_(y)). Again https://example.com/a?b=c#d! <https://e.example/>"
    assert extract(text).links == ("https://example.com/a?b=c#d", "http://example.org/x_(y)", "https://e.example/")


@pytest.mark.parametrize(
    "text",
    [
        "ftp://example.com/x",
        "javascript:alert(1)",
        "mailto:a@example.com",
        "http://",
        "https:///path",
        "http://[::1",
        "example.com",
        "https://\u202eelpmaxe.example/",
    ],
)
def test_only_web_links_with_a_host_count(text: str) -> None:
    assert extract(f"see {text} now").links == ()


def test_there_are_limits_for_links() -> None:
    assert len(extract(" ".join(f"https://example.com/{i}" for i in range(50))).links) == MOST_LINKS
    longest = "https://example.com/" + "a" * (LONGEST_LINK - 20)
    assert extract(longest).links == (longest,)
    assert extract(longest + "a").links == ()


# Whatever the text.

_PIECES = st.sampled_from(
    ["code", "Your code is", "TAN",
     "验证码", "رمز", "481902", "٤٨١٩٠٢", "12-34-56", "+49", "1", "AB12CD", "@a.example #1234", "<#>",
     "https://", "*", ".", ":", "\n", " ", "order", "€", "-", "FA+9qCX9VSu", "İ", "e\u0301"]
)  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(
    st.one_of(st.text(max_size=300), st.lists(_PIECES, max_size=40).map("".join), st.lists(_PIECES, max_size=40).map(" ".join))
)
def test_a_code_has_only_characters_of_the_text(text: str) -> None:
    code = extract(text).code
    if code is not None:
        assert code.isascii()
        assert 4 <= len(code) <= 10
        rest = iter(_ascii(text))
        assert all(char in rest for char in code), "the characters in their order"


def _ascii(text: str) -> str:
    digits = "".join(str(unicodedata.decimal(char, char)) for char in text)
    return unicodedata.normalize("NFKC", digits)


def test_what_is_beyond_the_limit_is_not_read() -> None:
    assert extract("x " * (LONGEST_TEXT // 2) + "Your code is 481902") == Extracted()


HOSTILE = [
    "1", "1 ", "a", "1-", "1.", "code ", "code 1234 ", "http://", "https://a.example/(", "a@", "+1 ", "+1(", "DE89 3704 ",
    "zip ", "٤", "e\u0301\u0327", "(1", "验", "\n", "#1234 @a ", "\u0301", "İ", "x1234", "*1234",
]  # fmt: skip


@pytest.mark.parametrize("unit", HOSTILE)
def test_hostile_texts_are_read_to_their_end(unit: str) -> None:
    # In linear time this takes a tenth of a second; in quadratic time the test would not end.
    text = (unit * LONGEST_TEXT)[:LONGEST_TEXT]
    assert extract(text + " code 1234").code is None
