"""Twilio's signature: a known answer, and everything else as Twilio's own package computes it."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from penstock.ingress.sms.signatures import is_signed, signature_of

URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
FIELDS = [
    ("CallSid", "CA1234567890ABCDE"),
    ("Caller", "+14158675309"),
    ("Digits", "1234"),
    ("From", "+14158675309"),
    ("To", "+18005551212"),
]
SIGNATURE = "RSOYDt4T1cUTdK1PDd93/VVr8B8="
"""The example of Twilio's documentation, with the token 12345."""
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


def test_the_known_answer() -> None:
    assert signature_of("12345", URL, FIELDS) == SIGNATURE
    assert is_signed("12345", URL, FIELDS[::-1], SIGNATURE)
    for token, url, fields, signature in (
        ("12346", URL, FIELDS, SIGNATURE),
        ("12345", URL + "3", FIELDS, SIGNATURE),
        ("12345", URL, FIELDS[1:], SIGNATURE),
        ("12345", URL, FIELDS, SIGNATURE[:-1]),
        ("12345", URL, FIELDS, ""),
        ("12345", URL, FIELDS, "é"),
    ):
        assert not is_signed(token, url, fields, signature)


@given(st.text(st.characters(codec="ascii", min_codepoint=33), min_size=1, max_size=32), st.dictionaries(TEXT, TEXT, max_size=8))
def test_signatures_are_those_of_twilios_package(token: str, fields: dict[str, str]) -> None:
    sent = parse_qsl(urlencode(fields), keep_blank_values=True)
    signature = RequestValidator(token).compute_signature(URL, dict(sent))
    assert signature_of(token, URL, sent) == signature
    assert is_signed(token, URL, sent, signature)


@pytest.mark.parametrize(
    ("called", "signed"),
    [
        ("https://iot.example.org/sms", "https://iot.example.org:443/sms"),
        ("https://iot.example.org:443/sms", "https://iot.example.org/sms"),
        ("https://iot.example.org:8443/sms?a=b", "https://iot.example.org:8443/sms?a=b"),
        ("https://iot.example.org:8443/sms?a=b", "https://iot.example.org/sms?a=b"),
        ("http://iot.example.org/sms", "http://iot.example.org:80/sms"),
        ("https://[2001:db8::1]/sms", "https://[2001:db8::1]:443/sms"),
        ("https://[2001:db8::1]:8443/sms", "https://[2001:db8::1]/sms"),
    ],
)
def test_a_port_may_be_signed_or_not(called: str, signed: str) -> None:
    assert is_signed("t", called, FIELDS, signature_of("t", signed, FIELDS))
    assert not is_signed("t", called, FIELDS, signature_of("t", signed.replace("/sms", "/smt"), FIELDS))


def test_what_is_no_url_is_not_signed() -> None:
    url = "http://[::1/x"
    assert not is_signed("token", url, [], signature_of("token", url, []))
