"""Lists of URIs, and texts of several QR codes."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.core.tokens.formats.scanned import MAX_LINES, MAX_TEXTS, parse_lines, parse_texts
from penstock.core.tokens.formats.texts import MAX_CONTENT
from penstock.kit.errors import InvalidInput

from .payloads import BASE32, SEED, migrated, migration

ONE = f"otpauth://totp/Acme:ada?secret={BASE32}"


def test_lines_of_both_kinds_in_order() -> None:
    text = f"\ufeff# mine\r\n{ONE}\r\n\n  {migration(migrated(SEED, b'bob'), migrated(SEED, b'eve'))}\nhttps://x\n{ONE}&digits=9\n{ONE}"
    found = parse_lines(text)
    assert [one.account for one in found.entries] == ["ada", "bob", "eve"]
    assert list(found.positions) == [1, 2, 3]
    assert [(one.position, one.name, one.reason) for one in found.left_out] == [
        (4, "", "is not a URI of a one-time password"),
        (5, "Acme:ada", "digits: must be 6 to 8"),
    ]


def test_pictures_of_an_export_that_are_missing_are_listed() -> None:
    found = parse_texts([migration(migrated(SEED, b"bob"), size=2, index=1)], "picture")
    assert [one.reason for one in found.left_out] == ["picture 1 of 2 of the export of Google Authenticator is missing"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n# nothing\n",
        "x" * (MAX_CONTENT + 1),
        "\n".join(f"{ONE}{n}" for n in range(1_001)),
        f"{ONE}\n" + "\n" * MAX_LINES,
        "\n" * MAX_CONTENT,
        f"{ONE}\x85" * (MAX_LINES + 1),
    ],
)
def test_none_and_too_many(text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse_lines(text)
    assert caught.value.errors[0].field == "content"


def test_repeated_pictures_are_not_read_without_end() -> None:
    texts = (f"{migration(migrated(SEED, b'bob'))}&x={number}" for number in range(10 * MAX_TEXTS))
    with pytest.raises(InvalidInput, match=f"at most {MAX_TEXTS:,}"):
        parse_texts(texts, "content")
    assert next(texts).endswith(f"&x={MAX_TEXTS + 1}"), "the rest is not read"


@given(st.lists(st.text(max_size=30), max_size=4))
def test_any_lines_are_read_or_refused(lines: list[str]) -> None:
    for text in ("\n".join(lines), "\n".join(f"otpauth-migration://offline?data={line}" for line in lines)):
        with contextlib.suppress(InvalidInput):
            parse_lines(text)
