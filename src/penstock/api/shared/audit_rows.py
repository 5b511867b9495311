"""The audit log as rows and files, the same on every surface that returns it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import msgspec

from penstock.api.shared.cells import cell
from penstock.core.audit.chain import document
from penstock.core.audit.models import AuditEntry, AuditFilter, Outcome
from penstock.kit.clock import parse_time
from penstock.kit.errors import InvalidInput
from penstock.kit.http import Send

Pages = AsyncIterator[list[AuditEntry]]
MEDIA_TYPES = {"ndjson": "application/x-ndjson", "json": "application/json", "csv": "text/csv; charset=utf-8"}
_ACTION = re.compile(r"[a-z0-9_.]{1,100}\*?")


def filter_of(
    *,
    action: str | None,
    actor: str | None,
    target: str | None,
    outcome: str | None = None,
    since: int | None = None,
    until: int | None = None,
) -> AuditFilter:
    """Build a filter from a query's strings. `target` is `kind:name`; `since` and `until` are microseconds.

    Raises:
        InvalidInput: the action or target is malformed; the error names the field.
    """
    if action is not None and not _ACTION.fullmatch(action):
        raise InvalidInput.field("action", "must be a dotted name such as apikey.create, or a prefix followed by *")
    kind, name = None, target
    if target is not None and ":" in target:
        kind, _, name = target.partition(":")
    if since is not None and until is not None and until < since:
        raise InvalidInput.field("until", "must not be before the start")
    return AuditFilter(
        action=action or None,
        actor=actor or None,
        target_kind=kind or None,
        target=name or None,
        outcome=Outcome(outcome) if outcome else None,
        from_us=since,
        to_us=until,
    )


def time_of(text: str | None, field: str) -> int | None:
    """Parse a time in a query.

    Raises:
        InvalidInput: the time is invalid; the error names the field.
    """
    if text is None:
        return None
    # Epoch milliseconds have at most 13 digits. Much longer numbers are rejected as text: `int` is slow for them.
    value: object = int(text) if text.isascii() and text.isdigit() and len(text) < 16 else text
    try:
        return parse_time(value)
    except ValueError as error:
        raise InvalidInput.field(field, str(error), "time") from None


def writer(pages: Pages, form: str) -> Callable[[Send], Awaitable[None]]:
    """Return a function that writes entries to a file, page by page."""
    pieces = {"ndjson": _ndjson, "json": _json, "csv": _csv}[form](pages)

    async def write(send: Send) -> None:
        headers = [
            (b"content-type", MEDIA_TYPES[form].encode()),
            (b"content-disposition", b'attachment; filename="audit.%b"' % form.encode()),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        async for piece in pieces:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    return write


async def _ndjson(pages: Pages) -> AsyncIterator[bytes]:
    async for rows in pages:
        yield msgspec.json.Encoder().encode_lines([document(row) for row in rows])


async def _json(pages: Pages) -> AsyncIterator[bytes]:
    # Brackets and commas are written separately, so that memory holds one page and not the whole array.
    before = b"["
    async for rows in pages:
        yield before + b",".join([msgspec.json.encode(document(row)) for row in rows])
        before = b","
    yield b"[]" if before == b"[" else b"]"


async def _csv(pages: Pages) -> AsyncIterator[bytes]:
    first = True
    async for rows in pages:
        text = io.StringIO()
        # Lines end in CRLF (RFC 4180, 2.1).
        out = csv.writer(text, lineterminator="\r\n")
        documents = [document(row) for row in rows]
        if first:
            out.writerow(documents[0])
            first = False
        out.writerows([_cell(value) for value in one.values()] for one in documents)
        yield text.getvalue().encode()
    if first:
        yield b""


def _cell(value: Any) -> Any:
    """The value of a cell; objects as JSON."""
    return msgspec.json.encode(value).decode() if isinstance(value, dict) else cell(value)
