"""Secrets of endpoints, and the headers of messages.

While a secret is being replaced, both sign: a standard signature lists both. For a format whose receivers compare the whole
value, the old secret's signature is in a separate header.
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
# These determine where a request goes and where it ends, so only the HTTP client sets them.
_FRAMING = frozenset(
    ("host", "content-length", "content-encoding", "transfer-encoding", "connection", "keep-alive", "te", "trailer", "upgrade")
)
_ABOUT_US = frozenset(("expect", "cookie", "user-agent", "forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto"))
_FORBIDDEN_PREFIXES = ("proxy-", "sec-")


def new_secret() -> str:
    """A secret of 32 random bytes, encoded as in Standard Webhooks."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def check_any_secret(secret: str, field: str) -> None:
    """Check a secret of a format that uses it as an opaque string.

    Raises:
        InvalidInput: it is too short or too long, or contains other characters.
    """
    if not _OWN_SECRET.fullmatch(secret):
        raise InvalidInput.field(field, "must have 16 to 256 visible ASCII characters")


def check_headers(headers: Headers, form: WebhookFormat, formats: WebhookFormats, field: str = "headers") -> Headers:
    """Check custom headers.

    Raises:
        InvalidInput: there are too many, or one is malformed or reserved; the error names it.
    """
    limit = form.traits.max_headers
    if len(headers) > limit:
        raise InvalidInput.field(field, f"must have at most {limit} headers")
    forbidden = _FORBIDDEN_PREFIXES + formats.own_headers
    seen: set[str] = set()
    for name, value in headers:
        where, lower = f"{field}.{name[:64]}", name.lower()
        if not _NAME.fullmatch(name) or lower in seen:
            raise InvalidInput.field(where, "must be a valid header name and must not be repeated")
        ours = lower in _FRAMING | _ABOUT_US or lower.startswith(forbidden)
        if ours or (lower == "content-type" and not form.traits.free_content_type):
            raise InvalidInput.field(where, "is reserved and must not be set", "forbidden")
        if len(value) > MAX_HEADER_VALUE or not _VALUE.fullmatch(value):
            raise InvalidInput.field(where, f"must be a value of at most {MAX_HEADER_VALUE} visible ASCII characters")
        seen.add(lower)
    return headers


def headers_of(form: WebhookFormat, kept: Secrets, message_id: str, body: bytes, now_s: int) -> Headers:
    """All headers of an attempt. `kept.previous` is None once the old secret no longer signs."""
    signing = [secret for secret in (kept.secret, kept.previous) if secret]
    made: list[tuple[str, str]] = [("User-Agent", "Penstock-Webhooks")]
    if not any(name.lower() == "content-type" for name, _ in kept.headers):
        made.append(("Content-Type", "application/json"))
    return (*made, *kept.headers, *form.signature(signing, message_id, body, now_s))


def hex_signatures(name: str, signing: Iterable[str], content: bytes) -> list[tuple[str, str]]:
    """HMAC-SHA-256 of the content in hex: a header with the secret's signature, and one with that of the previous secret."""
    made = (f"sha256={hmac.new(secret.encode(), content, hashlib.sha256).hexdigest()}" for secret in signing)
    # Without a previous secret there is one signature, and no second header.
    return list(zip((name, f"{name}-Previous"), made, strict=False))
