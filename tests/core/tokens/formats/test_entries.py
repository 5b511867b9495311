"""Entries: their bounds, and the names that they get."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.core.tokens.formats.entries import (
    MAX_ENTRIES,
    Entry,
    Gatherer,
    algorithm_of,
    checked,
    seed_of,
    slug_of,
    slugs_of,
)
from penstock.core.tokens.seeds import NAME
from penstock.kit.errors import InvalidInput

GOOD = {"seed": b"0123456789", "issuer": "", "account": "", "algorithm": "SHA1", "digits": 6, "period_s": 30}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"seed": b"123456789"}, "secret"),
        ({"seed": bytes(129)}, "secret"),
        ({"algorithm": "MD5"}, "algorithm"),
        ({"digits": 5}, "digits"),
        ({"digits": 9}, "digits"),
        ({"period_s": 14}, "period"),
        ({"period_s": 301}, "period"),
        ({"issuer": "x" * 201}, "issuer"),
        ({"account": "x" * 201}, "account"),
    ],
)
def test_what_is_out_of_bounds_is_named(change: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        checked(**(GOOD | change), within="uri")  # type: ignore[arg-type]
    assert [one.field for one in caught.value.errors] == [f"uri.{field}"]


def test_the_bounds_themselves_are_valid() -> None:
    for change in ({"digits": 8, "period_s": 300, "seed": bytes(128)}, {"period_s": 15, "issuer": "x" * 200}):
        checked(**(GOOD | change))  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["JBSWY3DPEHPK3PXP", "jbsw y3dp ehpk 3pxp", " JBSW-Y3DP-EHPK-3PXP==== "])
def test_base32_as_services_show_it(text: str) -> None:
    assert seed_of(text, "secret") == b"Hello!\xde\xad\xbe\xef"


@pytest.mark.parametrize("text", ["", "====", "0189", "JBSWY3DPEHPK3PXP1", "JBSW", "Ä" * 16, "A" * 100_000, "A" * 17])
def test_what_is_not_base32(text: str) -> None:
    with pytest.raises(InvalidInput, match="secret: must"):
        seed_of(text, "secret")


def test_names_of_algorithms_in_other_apps() -> None:
    assert [algorithm_of(text) for text in ("sha1", "SHA-256", "HmacSHA512", "HMAC-SHA1", "MD5", "")] == [
        *("SHA1", "SHA256", "SHA512", "SHA1", "MD5", "")
    ]


@pytest.mark.parametrize(
    ("issuer", "account", "slug"),
    [
        ("Amazon Web Services", "ada@example.org", "amazon-web-services-ada"),
        ("", "ada", "ada"),
        ("Süß & Böse", "", "suss-bose"),
        ("銀行", "", "token"),
        ("", "", "token"),
        ("A" * 100, "b", "a" * 63),
    ],
)
def test_a_name_is_made_of_issuer_and_account(issuer: str, account: str, slug: str) -> None:
    assert slug_of(issuer, account) == slug


@given(st.lists(st.tuples(st.text(max_size=80), st.text(max_size=80)), max_size=8))
def test_names_are_valid_and_none_is_given_twice(parts: list[tuple[str, str]]) -> None:
    entries = [Entry(seed=b"x", issuer=issuer, account=account) for issuer, account in parts]
    taken = {"token"}
    names = slugs_of(entries + entries, taken)
    assert len(set(names) | taken) == 2 * len(parts) + 1
    assert all(NAME.fullmatch(name) for name in names)


def test_a_name_that_is_a_path_of_the_api_gets_a_number() -> None:
    entries = [Entry(seed=b"x", issuer=name) for name in ("Import", "import", "QR", "quarry")]
    assert slugs_of(entries) == ["import-2", "import-3", "qr-2", "quarry"]


def test_an_equal_name_gets_a_number_that_fits() -> None:
    entry = Entry(seed=b"x", issuer="a" * 63)
    assert slugs_of([entry, entry, Entry(seed=b"x", issuer="b")], ["a" * 63]) == ["a" * 61 + "-2", "a" * 61 + "-3", "b"]


def test_entries_and_those_left_out_are_counted_together() -> None:
    found = Gatherer("content")
    found.attempt("first", lambda: Entry(seed=b"x"))
    found.leave_out("sec\x00ond" + "x" * 300, "no")
    found.attempt("third", lambda: checked(**(GOOD | {"digits": 1})))  # type: ignore[arg-type]
    result = found.result()
    assert (result.positions, [one.position for one in result.left_out]) == ([1], [2, 3])
    assert result.left_out[0].name.startswith("sec ond")
    assert len(result.left_out[0].name) <= 200
    assert result.left_out[1].reason == "digits: must be 6 to 8"


def test_there_is_at_least_one_entry_and_not_too_many() -> None:
    found = Gatherer("content")
    with pytest.raises(InvalidInput, match="at least one"):
        found.result()
    for _ in range(MAX_ENTRIES):
        found.leave_out("", "no")
    with pytest.raises(InvalidInput, match="at most 1,000"):
        found.attempt("", lambda: Entry(seed=b"x"))


def test_a_seed_is_not_shown() -> None:
    assert "abcdefghij" not in repr(Entry(seed=b"abcdefghij"))
