"""Readings of a file as they are sent, and what of it cannot be sent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec


class Named(msgspec.Struct, frozen=True):
    """How the readings of a file are named: their device, and where their time is.

    `device` is that of all readings, by id or identifier; otherwise each names its own. `dedupe` begins their dedupe keys, to
    which each adds its number in the file.
    """

    dedupe: str
    device: str | None = None
    timed: bool = True
    device_column: str | None = None
    time_column: str | None = None
    texts: frozenset[str] = frozenset()


class Rejected(msgspec.Struct, frozen=True):
    """A record that was not stored, and why. `row` counts from 1; `content` is what the file says."""

    row: int
    code: str
    detail: str
    field: str
    content: Any


class Encoded(NamedTuple):
    """The records of a block: those to send, as JSON with their numbers, and those that cannot be sent."""

    numbers: list[int]
    texts: list[str]
    rejected: list[Rejected]
    records: int
    contents: Sequence[Any]
    """The records as the file has them, in their order."""

    def content(self, number: int, first: int) -> Any:
        """A record as the file has it, by its number."""
        found = self.contents[number - first]
        return found.decode("utf-8", "replace").rstrip("\r\n") if isinstance(found, bytes) else found


def device_field(named: str) -> str:
    """The field that names a device: by id, or by another of its identifiers."""
    return "device_id" if named.startswith("dev_") else "device"


def json_text(text: str) -> str:
    """A text as JSON."""
    return msgspec.json.encode(text).decode()


NOT_SENT = "cli.record_invalid"
"""The code of a record that the command itself rejects."""
