"""Texts of QR codes, and lists of them: `otpauth://` URIs and exports of Google Authenticator, mixed."""

from __future__ import annotations

from collections.abc import Iterable

from penstock.core.tokens.formats.entries import Found, Gatherer
from penstock.core.tokens.formats.google_migration import Batches, is_migration, take_migration
from penstock.core.tokens.formats.otpauth import is_otpauth, take_uri
from penstock.core.tokens.formats.texts import MAX_CONTENT
from penstock.kit.errors import InvalidInput

MAX_TEXTS = 2_000
MAX_LINES = 20_000
"""Of a text, with empty ones, comments and repetitions: reading more would delay other callers."""


def parse_lines(text: str, field: str = "content") -> Found:
    """The tokens of a text with one URI per line; empty lines and those that begin with # are ignored.

    Raises:
        InvalidInput: it is too long, or has no token or too many.
    """
    if len(text) > MAX_CONTENT:
        raise InvalidInput.field(field, f"must have at most {MAX_CONTENT:,} characters", "too_large")
    lines = (line.strip() for line in _lines(text.removeprefix("\ufeff"), field))
    return parse_texts((line for line in lines if line and not line.startswith("#")), field)


def _lines(text: str, field: str) -> list[str]:
    # Counted first, because a list of them takes much more time and memory than the text.
    if text.count("\n") + text.count("\r") <= 2 * MAX_LINES:
        lines = text.splitlines()
        if len(lines) <= MAX_LINES:
            return lines
    raise InvalidInput.field(field, f"must have at most {MAX_LINES:,} lines", "too_many")


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
