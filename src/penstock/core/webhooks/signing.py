"""Secrets of endpoints, and the headers that a message is sent with.

Sources: Standard Webhooks 1.0; Kaito's timestamp and signature (surfaces/kaito.md 6.1); SiliconWit's signature of the raw body
(surfaces/siliconwit.md 5.4). While a secret is being replaced, both sign: a standard signature lists both, the vendors' forms
have the old one's in a header of its own, as their readers compare the whole value.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import secrets

from penstock.core.webhooks.models import Format, Headers, Secrets
from penstock.kit.errors import InvalidInput

PREFIX = "whsec_"
MAX_HEADERS = 16
MAX_HEADERS_IOTTLY = 5
MAX_HEADER_VALUE = 1_024
_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}", re.ASCII)
_VALUE = re.compile(r"[!-~](?:[ -~]*[!-~])?|", re.ASCII)
_OWN_SECRET = re.compile(r"[!-~]{16,256}", re.ASCII)
_FRAMING = frozenset(
    ("host", "content-length", "content-encoding", "transfer-encoding", "connection", "keep-alive", "te", "trailer", "upgrade")
)
_ABOUT_US = frozenset(("expect", "cookie", "user-agent", "forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto"))
_FORBIDDEN_PREFIXES = ("webhook-", "kaito-", "x-webhook-signature", "proxy-", "sec-")


def new_secret() -> str:
    """A secret of 32 random bytes, as Standard Webhooks writes them."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def check_secret(secret: str, form: Format, field: str = "secret") -> str:
    """A secret that somebody brings.

    Raises:
        InvalidInput: it is too short, or not written as the format wants it.
    """
    if not form.signed:
        raise InvalidInput.field(field, "messages of this format are not signed")
    if form is Format.STANDARD:
        key = _standard_key(secret)
        if key is None or not 24 <= len(key) <= 64:
            raise InvalidInput.field(field, f"a secret is {PREFIX} and 24 to 64 bytes in base64")
    elif not _OWN_SECRET.fullmatch(secret):
        raise InvalidInput.field(field, "a secret has 16 to 256 visible ASCII characters")
    return secret


def check_headers(headers: Headers, form: Format, field: str = "headers") -> Headers:
    """Headers that somebody wants to be sent.

    Raises:
        InvalidInput: too many, one that is ours or the connection's, or one that is none; it is named.
    """
    limit = MAX_HEADERS_IOTTLY if form is Format.IOTTLY else MAX_HEADERS
    if len(headers) > limit:
        raise InvalidInput.field(field, f"at most {limit} headers")
    seen: set[str] = set()
    for name, value in headers:
        where, lower = f"{field}.{name[:64]}", name.lower()
        if not _NAME.fullmatch(name) or lower in seen:
            raise InvalidInput.field(where, "no header's name, or one that stands twice")
        ours = lower in _FRAMING | _ABOUT_US or lower.startswith(_FORBIDDEN_PREFIXES)
        if ours or (lower == "content-type" and form is not Format.IOTTLY):
            raise InvalidInput.field(where, "this header is not for others to set", "forbidden")
        if len(value) > MAX_HEADER_VALUE or not _VALUE.fullmatch(value):
            raise InvalidInput.field(where, f"a value has at most {MAX_HEADER_VALUE} visible ASCII characters")
        seen.add(lower)
    return headers


def headers_of(form: Format, kept: Secrets, message_id: str, body: bytes, now_s: int) -> Headers:
    """All headers of an attempt. `kept.previous` is None once the old secret does not sign any more."""
    signing = [secret for secret in (kept.secret, kept.previous) if secret]
    made: list[tuple[str, str]] = [("User-Agent", "Penstock-Webhooks")]
    if not any(name.lower() == "content-type" for name, _ in kept.headers):
        made.append(("Content-Type", "application/json"))
    made += kept.headers
    if form is Format.STANDARD:
        signatures = [f"v1,{_standard_signature(secret, message_id, now_s, body)}" for secret in signing]
        made += [("webhook-id", message_id), ("webhook-timestamp", str(now_s)), ("webhook-signature", " ".join(signatures))]
    elif form is Format.KAITO:
        made.append(("Kaito-Timestamp", str(now_s)))
        made += _pair("Kaito-Signature", [_hex(secret, f"{now_s}.".encode() + body) for secret in signing])
    elif form is Format.SILICONWIT:
        made += _pair("X-Webhook-Signature", [_hex(secret, body) for secret in signing])
    return tuple(made)


def _pair(name: str, signatures: list[str]) -> list[tuple[str, str]]:
    return list(zip((name, f"{name}-Previous"), signatures, strict=False))


def _hex(secret: str, content: bytes) -> str:
    return "sha256=" + hmac.new(secret.encode(), content, hashlib.sha256).hexdigest()


def _standard_key(secret: str) -> bytes | None:
    try:
        return base64.b64decode(secret.removeprefix(PREFIX), validate=True) if secret.startswith(PREFIX) else None
    except (binascii.Error, ValueError):
        return None


def _standard_signature(secret: str, message_id: str, now_s: int, body: bytes) -> str:
    key = _standard_key(secret)
    assert key is not None
    content = f"{message_id}.{now_s}.".encode() + body
    return base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
