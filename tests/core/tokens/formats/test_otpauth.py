"""URIs of QR codes: against an independent implementation, and against whatever else comes."""

from __future__ import annotations

import base64
import contextlib
import hashlib

import pyotp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from penstock.core.tokens.formats.entries import Entry
from penstock.core.tokens.formats.otpauth import MAX_URI, format_list, format_uri, name_in, parse
from penstock.core.vault.totp import code_at, step_at, to_base32
from penstock.kit.errors import InvalidInput

DIGESTS = {"SHA1": hashlib.sha1, "SHA256": hashlib.sha256, "SHA512": hashlib.sha512}
SECRET = "JBSWY3DPEHPK3PXP"
NAME = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=40).filter(
    lambda text: text == text.strip() and ":" not in text
)


def entry_of(uri: str) -> Entry:
    return parse(uri)


def field_of(uri: str) -> str:
    with pytest.raises(InvalidInput) as caught:
        parse(uri)
    return caught.value.errors[0].field


def test_the_published_example() -> None:
    # Source: Google Authenticator's wiki, "Key Uri Format".
    found = entry_of(
        "otpauth://totp/ACME%20Co:john.doe@email.com?secret=HXDMVJECJJWSRB3HWIZR4IFUGFTMXBOZ&issuer=ACME%20Co"
        "&algorithm=SHA1&digits=6&period=30"
    )
    assert (found.issuer, found.account, found.algorithm, found.digits, found.period_s) == (
        *("ACME Co", "john.doe@email.com", "SHA1", 6, 30),
    )
    assert to_base32(bytes(found.seed)) == "HXDMVJECJJWSRB3HWIZR4IFUGFTMXBOZ"


@settings(max_examples=50)
@given(
    seed=st.binary(min_size=14, max_size=64),
    issuer=NAME,
    account=NAME,
    algorithm=st.sampled_from(["SHA1", "SHA256", "SHA512"]),
    digits=st.integers(6, 8),
    period=st.integers(15, 120),
    moment=st.integers(0, 4_000_000_000),
)
def test_what_pyotp_writes_is_read(
    seed: bytes, issuer: str, account: str, algorithm: str, digits: int, period: int, moment: int
) -> None:
    secret = base64.b32encode(seed).decode().rstrip("=")
    other = pyotp.TOTP(secret, digits=digits, digest=DIGESTS[algorithm], name=account, issuer=issuer, interval=period)
    found = entry_of(other.provisioning_uri())
    assert (found.issuer, found.account, found.algorithm) == (issuer, account, algorithm)
    assert code_at(bytes(found.seed), step_at(moment, period), algorithm, found.digits) == other.at(moment)
    again = pyotp.parse_uri(format_uri(found))
    assert isinstance(again, pyotp.TOTP)
    assert again.at(moment) == other.at(moment)
    assert entry_of(format_uri(found)) == found


@pytest.mark.parametrize(
    ("label", "issuer", "account"),
    [
        ("ada", "", "ada"),
        ("Acme:ada", "Acme", "ada"),
        ("Acme%3Aada", "Acme", "ada"),
        ("Acme:%20%20ada", "Acme", "ada"),
        ("Acme%3aada%3Ab", "Acme", "ada:b"),
        ("Gro%C3%9F%20%26%20Co:ada%2Bx%40example.org", "Groß & Co", "ada+x@example.org"),
        ("a+b", "", "a+b"),
        ("", "", ""),
    ],
)
def test_issuer_and_account_of_a_label(label: str, issuer: str, account: str) -> None:
    found = entry_of(f"otpauth://totp/{label}?secret={SECRET}")
    assert (found.issuer, found.account) == (issuer, account)


def test_the_parameter_takes_precedence_over_the_label() -> None:
    assert entry_of(f"otpauth://totp/Old:ada?secret={SECRET}&issuer=New").issuer == "New"
    assert entry_of(f"otpauth://totp/Old:ada?secret={SECRET}&issuer=").issuer == "Old"


def test_an_issuer_with_spaces_or_colons() -> None:
    found = entry_of(f"otpauth://totp/Tide+Weir:a+b?secret={SECRET}&issuer=Tide+Weir%2B")
    assert (found.issuer, found.account) == ("Tide Weir+", "a+b")
    for label in ("a:b:ada:x", "a%3Ab%3Aada%3Ax"):
        found = entry_of(f"otpauth://totp/{label}?secret={SECRET}&issuer=a%3Ab")
        assert (found.issuer, found.account) == ("a:b", "ada:x")
        assert entry_of(format_uri(found)) == found


def test_defaults_and_names_in_any_case() -> None:
    found = entry_of(f"OTPAUTH://TOTP/a?SECRET={SECRET.lower()}&Digits=&period=060&algorithm=sha256&image=https%3A%2F%2Fx#y")
    assert (found.algorithm, found.digits, found.period_s) == ("SHA256", 6, 60)


@pytest.mark.parametrize(
    ("uri", "field"),
    [
        ("", "uri"),
        ("https://example.org", "uri"),
        (f"otpauth://hotp/a?secret={SECRET}&counter=0", "uri"),
        (f"otpauth://steam/a?secret={SECRET}", "uri"),
        (f"otpauth://totp?secret={SECRET}&secret={SECRET}", "uri"),
        (f"otpauth://totp/%zz?secret={SECRET}", "uri"),
        (f"otpauth://totp/%ff?secret={SECRET}", "uri"),
        ("otpauth://totp/a", "uri.secret"),
        ("otpauth://totp/a?secret=", "uri.secret"),
        ("otpauth://totp/a?secret=AAAA", "uri.secret"),
        (f"otpauth://totp/a?secret={SECRET}0", "uri.secret"),
        (f"otpauth://totp/a?secret={SECRET}&algorithm=MD5", "uri.algorithm"),
        (f"otpauth://totp/a?secret={SECRET}&digits=5", "uri.digits"),
        (f"otpauth://totp/a?secret={SECRET}&digits=six", "uri.digits"),
        (f"otpauth://totp/a?secret={SECRET}&digits=٦", "uri.digits"),
        (f"otpauth://totp/a?secret={SECRET}&period=0", "uri.period"),
        (f"otpauth://totp/a?secret={SECRET}&period=9999999999999999999999", "uri.period"),
        (f"otpauth://totp/{'a' * 201}?secret={SECRET}", "uri.account"),
        (f"otpauth://totp/{'a' * MAX_URI}?secret={SECRET}", "uri"),
    ],
)
def test_what_is_refused_names_the_parameter(uri: str, field: str) -> None:
    assert field_of(uri) == field


def test_a_counter_based_token_is_refused_in_clear_words() -> None:
    with pytest.raises(InvalidInput, match=r"counter-based tokens \(HOTP\) are not supported"):
        parse(f"otpauth://hotp/a?secret={SECRET}&counter=0")


def test_errors_quote_no_secret() -> None:
    for uri in (f"otpauth://totp/a?secret={SECRET}1", f"otpauth://totp/a?secret={SECRET}&digits={SECRET}"):
        with pytest.raises(InvalidInput) as caught:
            parse(uri)
        assert SECRET not in str(caught.value)
    assert name_in(f"otpauth://totp/Acme:a?secret={SECRET}") == "Acme:a"
    assert name_in(f"otp://{SECRET}") == ""


@given(st.text(max_size=60), st.sampled_from(["totp", "hotp", "", "TOTP"]))
def test_any_text_is_read_or_refused(text: str, kind: str) -> None:
    for uri in (text, f"otpauth://{kind}/{text}?secret={SECRET}", f"otpauth://totp/a?secret={SECRET}&{text}"):
        with contextlib.suppress(InvalidInput):
            found = parse(uri)
            assert parse(format_uri(found)).seed == found.seed


def test_a_list_has_one_line_each() -> None:
    entries = [entry_of(f"otpauth://totp/{name}?secret={SECRET}") for name in "ab"]
    lines = format_list(entries).splitlines()
    assert [entry_of(line) for line in lines] == entries
