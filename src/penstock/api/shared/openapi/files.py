"""Contents that are not JSON: files in a response, or as a body."""

from __future__ import annotations

import re
from typing import Any

from penstock.kit.operation import Operation

_BINARY = re.compile(r"image/.+|application/(pdf|gzip)")
_EXAMPLE = "(the file)"
_ROWS: dict[str, dict[str, Any]] = {
    "text/csv": {"schema": {"type": "string"}, "example": "seq,ts\r\n1,2026-05-02T09:15:04Z\r\n"},
    "application/x-ndjson": {"schema": {"type": "string"}, "example": '{"seq":1,"ts":"2026-05-02T09:15:04Z"}\n'},
    "application/json": {
        "schema": {"type": "array", "items": {"type": "object"}},
        "example": [{"seq": 1, "ts": "2026-05-02T09:15:04Z"}],
    },
}
"""Rows in the other formats of a file."""


def file_content(media_type: str) -> dict[str, Any]:
    """A file as content. OpenAPI 3.1 needs no `format` for bytes, but generators of clients read a text without it."""
    binary = {"format": "binary"} if is_binary(media_type) else {}
    return {"schema": {"type": "string", "contentMediaType": media_type, **binary}, "example": _EXAMPLE}


def is_binary(media_type: str) -> bool:
    """Whether a file of this media type is bytes that are not text."""
    return _BINARY.fullmatch(media_type) is not None


def other_contents(operation: Operation) -> dict[str, dict[str, Any]]:
    """The other formats of the file that an operation returns."""
    found = {name: _ROWS.get(name) or file_content(name) for name in operation.other_media_types}
    # The example of a file that can be read as text or not is that of the text.
    if is_binary(operation.media_type) and "text/csv" in found:
        found["text/csv"] = found["text/csv"] | {"example": operation.example.answer}
    return found
