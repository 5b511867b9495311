"""Texts of QR codes, and lists of them: `otpauth://` URIs and exports of Google Authenticator, mixed."""

from __future__ import annotations

from collections.abc import Iterable

from penstock.core.tokens.formats.entries import Found, Gatherer
from penstock.core.tokens.formats.google_migration import Batches, is_migration, take_migration
from penstock.core.tokens.formats.otpauth import is_otpauth, take_uri
from penstock.core.tokens.formats.texts import MAX_CONTENT
from penstock.kit.errors import InvalidInput

MAX_TEXTS = 2_000


def parse_lines(text: str, field: str = "content") -> Found:
    """The tokens of a text with one URI per line; empty lines and those that begin with # are ignored.

    Raises:
        InvalidInput: it is too long, or has no token or too many.
    """
    if len(text) > MAX_CONTENT:
        raise InvalidInput.field(field, f"must have at most {MAX_CONTENT:,} characters", "too_large")
    lines = (line.strip() for line in text.removeprefix("\ufeff").splitlines())
    return parse_texts((line for line in lines if line and not line.startswith("#")), field)


def parse_texts(texts: Iterable[str], field: str) -> Found:
    """The tokens of texts, each once.

    Raises:
        InvalidInput: there is no token, or too many.
    """
    found, batches, read = Gatherer(field), Batches(), set[str]()
    for text in texts:
        if text in read:
            continue
        if len(read) >= MAX_TEXTS:
            raise InvalidInput.field(field, f"must have at most {MAX_TEXTS:,} URIs", "too_many")
        read.add(text)
        if is_migration(text):
            take_migration(found, batches, text, field)
        elif is_otpauth(text):
            take_uri(found, text)
        else:
            found.leave_out("", "is not a URI of a one-time password")
    for number, size in batches.missing():
        found.leave_out("", f"picture {number} of {size} of the export of Google Authenticator is missing")
    return found.result()
