"""Twilio's signature of a call: HMAC-SHA-1 over the URL as Twilio called it, and the sorted fields of the form. Pure.

Source: Twilio's documentation of webhook security, and `RequestValidator` of its package.
"""

from __future__ import annotations

import hmac
from base64 import b64encode
from collections.abc import Sequence
from urllib.parse import urlsplit, urlunsplit

_PORTS = {"https": 443, "http": 80}


def signature_of(token: str, url: str, fields: Sequence[tuple[str, str]]) -> str:
    """The signature in base64. A field with several values counts with each different one, in order."""
    parts = [url]
    for name in sorted({name for name, _ in fields}):
        parts += [name + value for value in sorted({value for other, value in fields if other == name})]
    # Twilio prescribes SHA-1. An HMAC with it is not affected by its collisions.
    digest = hmac.new(token.encode(), "".join(parts).encode("utf-8", "surrogatepass"), "sha1").digest()
    return b64encode(digest).decode()


def is_signed(token: str, url: str, fields: Sequence[tuple[str, str]], signature: str) -> bool:
    """Whether a signature is valid. Twilio signs a URL with or without the port, whichever its version does."""
    # Both are compared, so that the time tells nothing.
    given = signature.encode("utf-8", "replace")
    try:
        spellings = _spellings(url)
    except ValueError:
        return False  # no URL, so no call of Twilio
    found = [hmac.compare_digest(signature_of(token, one, fields).encode(), given) for one in spellings]
    return any(found)


def _spellings(url: str) -> tuple[str, str]:
    """A URL with its port, and without it."""
    parts = urlsplit(url)
    host, bracket, rest = parts.netloc.rpartition("]")
    name, _, port = (rest if bracket else parts.netloc).partition(":")
    name = f"{host}]{name}" if bracket else name
    with_port = urlunsplit(parts._replace(netloc=f"{name}:{port or _PORTS.get(parts.scheme, 443)}"))
    return with_port, urlunsplit(parts._replace(netloc=name))
