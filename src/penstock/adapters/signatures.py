"""JSON Web Tokens signed with Ed25519, by PyJWT, and narrower than the standard: what we never write we never take."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from jwt import PyJWS
from jwt.exceptions import PyJWTError

from penstock.core.people.ports import KeyPair

ALGORITHM = "EdDSA"


class _Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    alg: str
    kid: str
    typ: str


class Ed25519Signatures:
    """Implements `Signatures`."""

    def __init__(self) -> None:
        self._jws = PyJWS(algorithms=[ALGORITHM])

    def new_key(self) -> KeyPair:
        private = Ed25519PrivateKey.generate()
        public = private.public_key().public_bytes_raw()
        # RFC 7638: the required members in the order of the alphabet, without blanks.
        members = f'{{"crv":"Ed25519","kty":"OKP","x":"{_base64(public)}"}}'
        kid = _base64(hashlib.sha256(members.encode()).digest())
        return KeyPair(kid, private.private_bytes_raw(), public)

    def sign(self, payload: bytes, kid: str, private: bytes) -> str:
        key = Ed25519PrivateKey.from_private_bytes(private)
        return self._jws.encode(payload, key, algorithm=ALGORITHM, headers={"kid": kid, "typ": "JWT"})

    def verify(self, token: bytes, public_of: Callable[[str], bytes | None]) -> bytes | None:
        parts = token.split(b".")
        if len(parts) != 3 or not all(_is_usual(part) for part in parts):
            return None
        try:
            header = msgspec.json.decode(_raw(parts[0]), type=_Header)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return None
        public = public_of(header.kid) if (header.alg, header.typ) == (ALGORITHM, "JWT") else None
        if public is None:
            return None
        try:
            payload: bytes = self._jws.decode(token, Ed25519PublicKey.from_public_bytes(public), algorithms=[ALGORITHM])
        except PyJWTError:
            return None
        return payload


def _is_usual(part: bytes) -> bool:
    """Whether base64url is spelled as an encoder spells it: no padding, no stray bits, no other characters."""
    try:
        return _base64(_raw(part)).encode() == part
    except ValueError:
        return False


def _raw(part: bytes) -> bytes:
    return base64.b64decode(part + b"=" * (-len(part) % 4), altchars=b"-_", validate=True)


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
