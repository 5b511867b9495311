"""Secrets of endpoints, and the headers that a message is sent with.

While a secret is being replaced, both sign: a standard signature lists both. A format whose readers compare the whole value
has the old one's in a header of its own.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable

from penstock.core.webhooks.formats import WebhookFormat, WebhookFormats
from penstock.core.webhooks.models import Headers, Secrets
from penstock.kit.errors import InvalidInput

PREFIX = "whsec_"
MAX_HEADER_VALUE = 1_024
_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}", re.ASCII)
_VALUE = re.compile(r"[!-~](?:[ -~]*[!-~])?|", re.ASCII)
_OWN_SECRET = re.compile(r"[!-~]{16,256}", re.ASCII)
_FRAMING = frozenset(
    ("host", "content-length", "content-encoding", "transfer-encoding", "connection", "keep-alive", "te", "trailer", "upgrade")
)
_ABOUT_US = frozenset(("expect", "cookie", "user-agent", "forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto"))
_FORBIDDEN_PREFIXES = ("proxy-", "sec-")


def new_secret() -> str:
    """A secret of 32 random bytes, as Standard Webhooks writes them."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def check_any_secret(secret: str, field: str) -> None:
    """A secret of a format that uses it as it is written.

    Raises:
        InvalidInput: it is too short or too long, or has other characters.
    """
    if not _OWN_SECRET.fullmatch(secret):
        raise InvalidInput.field(field, "a secret has 16 to 256 visible ASCII characters")


def check_headers(headers: Headers, form: WebhookFormat, formats: WebhookFormats, field: str = "headers") -> Headers:
    """Headers that somebody wants to be sent.

    Raises:
        InvalidInput: too many, one that is ours or the connection's, or one that is none; it is named.
    """
    limit = form.traits.max_headers
    if len(headers) > limit:
        raise InvalidInput.field(field, f"at most {limit} headers")
    forbidden = _FORBIDDEN_PREFIXES + formats.own_headers
    seen: set[str] = set()
    for name, value in headers:
        where, lower = f"{field}.{name[:64]}", name.lower()
        if not _NAME.fullmatch(name) or lower in seen:
            raise InvalidInput.field(where, "no header's name, or one that stands twice")
        ours = lower in _FRAMING | _ABOUT_US or lower.startswith(forbidden)
        if ours or (lower == "content-type" and not form.traits.free_content_type):
            raise InvalidInput.field(where, "this header is not for others to set", "forbidden")
        if len(value) > MAX_HEADER_VALUE or not _VALUE.fullmatch(value):
            raise InvalidInput.field(where, f"a value has at most {MAX_HEADER_VALUE} visible ASCII characters")
        seen.add(lower)
    return headers


def headers_of(form: WebhookFormat, kept: Secrets, message_id: str, body: bytes, now_s: int) -> Headers:
    """All headers of an attempt. `kept.previous` is None once the old secret does not sign any more."""
    signing = [secret for secret in (kept.secret, kept.previous) if secret]
    made: list[tuple[str, str]] = [("User-Agent", "Penstock-Webhooks")]
    if not any(name.lower() == "content-type" for name, _ in kept.headers):
        made.append(("Content-Type", "application/json"))
    return (*made, *kept.headers, *form.signature(signing, message_id, body, now_s))


def hex_signatures(name: str, signing: Iterable[str], content: bytes) -> list[tuple[str, str]]:
    """HMAC-SHA-256 of a content in hex: a header with the secret's, and one with that of the secret before it."""
    made = (f"sha256={hmac.new(secret.encode(), content, hashlib.sha256).hexdigest()}" for secret in signing)
    return list(zip((name, f"{name}-Previous"), made, strict=False))
