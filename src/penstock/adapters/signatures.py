"""JSON Web Tokens by PyJWT, but stricter than the standard: only tokens of the forms written here are accepted.

Users' tokens are signed with Ed25519, agents' tokens with RSA (RS256), as their vendor documents it.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable

import msgspec
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
    load_der_public_key,
)
from jwt import PyJWS
from jwt.exceptions import PyJWTError

from penstock.core.people.ports import KeyPair

ALGORITHM = "EdDSA"
AGENT_ALGORITHM = "RS256"
RSA_BITS = 2048


class _Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    alg: str
    kid: str
    typ: str


class Ed25519Signatures:
    """Implements `Signatures`. Both parts of a key are raw."""

    def __init__(self) -> None:
        self._jws = PyJWS(algorithms=[ALGORITHM])

    def new_key(self) -> KeyPair:
        private = Ed25519PrivateKey.generate()
        public = private.public_key().public_bytes_raw()
        # RFC 7638: the required members in alphabetical order, without spaces.
        kid = _thumbprint(f'{{"crv":"Ed25519","kty":"OKP","x":"{_base64(public)}"}}')
        return KeyPair(kid, private.private_bytes_raw(), public)

    def sign(self, payload: bytes, kid: str, private: bytes) -> str:
        key = Ed25519PrivateKey.from_private_bytes(private)
        return self._jws.encode(payload, key, algorithm=ALGORITHM, headers={"kid": kid, "typ": "JWT"})

    def verify(self, token: bytes, public_of: Callable[[str], bytes | None]) -> bytes | None:
        public = _public_of(token, ALGORITHM, public_of)
        if public is None:
            return None
        return _verified(self._jws, token, Ed25519PublicKey.from_public_bytes(public), ALGORITHM)


class RsaSignatures:
    """Implements `Signatures`. Both parts of a key are DER: PKCS #8 and SubjectPublicKeyInfo."""

    def __init__(self) -> None:
        self._jws = PyJWS(algorithms=[AGENT_ALGORITHM])
        self._last: tuple[bytes, rsa.RSAPrivateKey] | None = None
        """The last key used to sign: parsing a key validates it, which blocks the event loop for about 40 ms."""

    def new_key(self) -> KeyPair:
        private = rsa.generate_private_key(public_exponent=65_537, key_size=RSA_BITS)
        numbers = private.public_key().public_numbers()
        exponent, modulus = (_base64(part.to_bytes((part.bit_length() + 7) // 8)) for part in (numbers.e, numbers.n))
        return KeyPair(
            _thumbprint(f'{{"e":"{exponent}","kty":"RSA","n":"{modulus}"}}'),
            private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()),
            private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
        )

    def sign(self, payload: bytes, kid: str, private: bytes) -> str:
        if self._last is None or self._last[0] != private:
            key = load_der_private_key(private, password=None)
            assert isinstance(key, rsa.RSAPrivateKey)
            self._last = private, key
        key = self._last[1]
        return self._jws.encode(payload, key, algorithm=AGENT_ALGORITHM, headers={"kid": kid, "typ": "JWT"})

    def verify(self, token: bytes, public_of: Callable[[str], bytes | None]) -> bytes | None:
        public = _public_of(token, AGENT_ALGORITHM, public_of)
        if public is None:
            return None
        key = load_der_public_key(public)
        assert isinstance(key, rsa.RSAPublicKey)
        return _verified(self._jws, token, key, AGENT_ALGORITHM)


def _public_of(token: bytes, algorithm: str, public_of: Callable[[str], bytes | None]) -> bytes | None:
    """The key that a token names, if its header has a form that is written here."""
    parts = token.split(b".")
    if len(parts) != 3 or not all(_is_usual(part) for part in parts):
        return None
    try:
        header = msgspec.json.decode(_raw(parts[0]), type=_Header)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    # The header must have the written form. It never chooses how the token is verified (RFC 8725, 3.1).
    return public_of(header.kid) if (header.alg, header.typ) == (algorithm, "JWT") else None


def _verified(jws: PyJWS, token: bytes, key: Ed25519PublicKey | rsa.RSAPublicKey, algorithm: str) -> bytes | None:
    try:
        payload: bytes = jws.decode(token, key, algorithms=[algorithm])
    except PyJWTError:
        return None
    return payload


def _thumbprint(members: str) -> str:
    return _base64(hashlib.sha256(members.encode()).digest())


def _is_usual(part: bytes) -> bool:
    """Whether a base64url text is encoded canonically: no padding, no stray bits, no other characters."""
    try:
        return _base64(_raw(part)).encode() == part
    except ValueError:
        return False


def _raw(part: bytes) -> bytes:
    return base64.b64decode(part + b"=" * (-len(part) % 4), altchars=b"-_", validate=True)


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
