"""Exports of Google Authenticator: a published one, ones encoded by the rules of protobuf, and damaged ones."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.core.tokens.formats.entries import MAX_ENTRIES, Found, Gatherer
from penstock.core.tokens.formats.google_migration import Batches, is_migration, take_migration
from penstock.kit.errors import InvalidInput

from .payloads import SEED, field, migrated, migration

# Source: github.com/qistoph/otp_export and others: the token of Google's own example.
PUBLISHED = (
    "otpauth-migration://offline?data=CjEKCkhlbGxvId6tvu8SGEV4YW1wbGU6YWxpY2VAZ29vZ2xlLmNvbRoHRXhhbXBsZSABKAEwAhABGAEgACjr4JKK"
    "%2B%2F%2F%2F%2F%2F8B"
)


def read(*uris: str) -> Found:
    found, batches = Gatherer("content"), Batches()
    for uri in uris:
        take_migration(found, batches, uri, "content")
    return found.result()


def test_a_published_export() -> None:
    (entry,) = read(PUBLISHED).entries
    assert (entry.seed, entry.issuer, entry.account) == (b"Hello!\xde\xad\xbe\xef", "Example", "alice@google.com")
    assert (entry.algorithm, entry.digits, entry.period_s) == ("SHA1", 6, 30)


def test_algorithms_digits_and_kinds() -> None:
    found = read(
        migration(
            migrated(SEED, b"ada", b"Acme", 2, 2, 2),
            migrated(SEED, b"Acme: bob", b"", 3, 1, 2),
            migrated(SEED, b"Other:eve", b"Acme", 0, 0, 0),
            migrated(SEED, b"counter", b"", 1, 1, 1, 7),
            migrated(SEED, b"md5", b"", 4, 1, 2),
            migrated(SEED, b"digits", b"", 1, 3, 2),
            migrated(SEED, b"kind", b"", 1, 1, 9),
            migrated(b"short", b"seed", b"", 1, 1, 2),
        )
    )
    assert [(one.issuer, one.account, one.algorithm, one.digits) for one in found.entries] == [
        ("Acme", "ada", "SHA256", 8),
        ("Acme", "bob", "SHA512", 6),
        ("Acme", "Other:eve", "SHA1", 6),
    ]
    assert [(one.position, one.name) for one in found.left_out] == [
        *((4, "counter"), (5, "md5"), (6, "digits"), (7, "kind"), (8, "seed"))
    ]
    assert "HOTP" in found.left_out[0].reason


def test_the_same_picture_counts_once_and_missing_ones_are_known() -> None:
    one = migration(migrated(SEED, b"ada"), size=3, index=2)
    found, batches = Gatherer("content"), Batches()
    take_migration(found, batches, one, "content")
    take_migration(found, batches, one, "content")
    assert len(found.result().entries) == 1
    assert batches.missing() == [(1, 3), (2, 3)]


def test_plus_signs_of_base64_that_are_not_encoded() -> None:
    assert "%2B" in PUBLISHED
    for text in (PUBLISHED.replace("%2B", "+"), PUBLISHED.replace("%2B", " "), PUBLISHED.replace("%2B", "-").replace("%2F", "_")):
        assert read(text) == read(PUBLISHED)


@pytest.mark.parametrize(
    "uri",
    [
        "otpauth-migration://offline",
        "otpauth-migration://offline?data=",
        "otpauth-migration://offline?data=%%%",
        "otpauth-migration://offline?data=CjEKCkhl",
        "otpauth-migration://offline?data=" + "A" * 9_000,
        PUBLISHED[:80],
        migration(field(2, b"\xff\xfe")),
    ],
)
def test_what_is_no_export(uri: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read(uri)
    assert caught.value.errors[0].field == "content"
    assert is_migration(uri)


def test_there_are_not_too_many_tokens_in_one() -> None:
    full = [migration(*[migrated(b"x" * 10)] * 200, index=index) for index in range(6)]
    assert len(read(*full[:5]).entries) == MAX_ENTRIES
    with pytest.raises(InvalidInput, match=f"at most {MAX_ENTRIES:,}"):
        read(*full)


@given(st.binary(max_size=120))
def test_any_message_is_read_or_refused(content: bytes) -> None:
    for parameters in (content, migrated(SEED, content[:40])):
        with contextlib.suppress(InvalidInput):
            read(migration(parameters))
