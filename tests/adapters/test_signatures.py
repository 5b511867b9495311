"""Signatures: what was signed is verified by its own key and algorithm, and in its own spelling alone."""

from __future__ import annotations

import base64
import json

import jwt
import pytest

from penstock.adapters.signatures import Ed25519Signatures, RsaSignatures

KEY = Ed25519Signatures().new_key()
OTHER = Ed25519Signatures().new_key()
TOKEN = Ed25519Signatures().sign(b'{"sub":"x"}', KEY.kid, KEY.private)


def verified(token: str | bytes, public: bytes | None = KEY.public) -> bytes | None:
    raw = token if isinstance(token, bytes) else token.encode()
    return Ed25519Signatures().verify(raw, lambda kid: public if kid == KEY.kid else None)


def with_header(**header: object) -> str:
    raw = base64.urlsafe_b64encode(json.dumps(header).encode()).decode().rstrip("=")
    return ".".join([raw, *TOKEN.split(".")[1:]])


def test_what_was_signed_is_verified_by_its_key_alone() -> None:
    assert verified(TOKEN) == b'{"sub":"x"}'
    assert verified(TOKEN, OTHER.public) is None
    assert verified(TOKEN, None) is None
    assert Ed25519Signatures().verify(TOKEN.encode(), lambda _: OTHER.public) is None


@pytest.mark.parametrize("at", range(3))
def test_a_changed_part_is_found(at: int) -> None:
    parts = TOKEN.split(".")
    parts[at] = ("A" if parts[at][0] != "A" else "B") + parts[at][1:]
    assert verified(".".join(parts)) is None


@pytest.mark.parametrize("odd", ["", ".", "a.b", TOKEN + ".x", TOKEN + "=", TOKEN.replace(".", "..", 1), "é.é.é"])
def test_what_is_no_token(odd: str) -> None:
    assert verified(odd) is None


def test_another_spelling_of_the_same_bytes_is_refused() -> None:
    """The last character of 64 bytes in base64url has bits that no byte needs."""
    last = TOKEN[-1]
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    spelled_otherwise = TOKEN[:-1] + alphabet[alphabet.index(last) ^ 1]
    assert base64.urlsafe_b64decode(spelled_otherwise.split(".")[2] + "==") == base64.urlsafe_b64decode(
        TOKEN.split(".")[2] + "=="
    )
    assert verified(spelled_otherwise) is None


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "none", "kid": KEY.kid, "typ": "JWT"},
        {"alg": "HS256", "kid": KEY.kid, "typ": "JWT"},
        {"alg": "EdDSA", "kid": KEY.kid},
        {"alg": "EdDSA", "kid": KEY.kid, "typ": "at+jwt"},
        {"alg": "EdDSA", "kid": KEY.kid, "typ": "JWT", "jku": "https://evil.example"},
    ],
)
def test_a_header_of_another_form_is_refused(header: dict[str, str]) -> None:
    assert verified(with_header(**header)) is None


def test_a_public_key_signs_nothing_as_a_shared_secret() -> None:
    forged = jwt.api_jws.PyJWS().encode(b"{}", KEY.public, algorithm="HS256", headers={"kid": KEY.kid, "typ": "JWT"})
    assert verified(forged) is None


def test_agents_tokens_are_of_rsa_and_no_others() -> None:
    rsa = RsaSignatures()
    key = rsa.new_key()
    token = rsa.sign(b"{}", key.kid, key.private).encode()
    assert rsa.verify(token, lambda _: key.public) == b"{}"
    assert rsa.verify(TOKEN.encode(), lambda _: key.public) is None
    assert Ed25519Signatures().verify(token, lambda _: KEY.public) is None
