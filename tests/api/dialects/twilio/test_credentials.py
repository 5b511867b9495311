"""Basic credentials whose password is a key."""

from __future__ import annotations

import base64

import pytest

from penstock.api.dialects.twilio.credentials import credential_of


def sent(value: str, name: bytes = b"authorization") -> bytes | None:
    return credential_of({"headers": [(name, value.encode())]})


@pytest.mark.parametrize(
    ("value", "key"),
    [
        ("Basic " + base64.b64encode(b"AC123:psk_key").decode(), b"psk_key"),
        ("basic " + base64.b64encode(b":psk_key").decode(), b"psk_key"),
        ("Basic " + base64.b64encode(b"SK1:a:b").decode(), b"a:b"),
        ("Basic " + base64.b64encode(b"AC123:").decode(), b"malformed"),
        ("Basic " + base64.b64encode(b"AC123").decode(), b"malformed"),
        ("Basic !!!", b"malformed"),
        ("Basic", b"malformed"),
        ("Bearer psk_key", b"psk_key"),
        ("Digest x", None),
    ],
)
def test_credentials(value: str, key: bytes | None) -> None:
    assert sent(value) == key


def test_a_key_in_its_own_header_counts() -> None:
    assert sent("psk_key", b"x-api-key") == b"psk_key"
    assert credential_of({"headers": []}) is None
