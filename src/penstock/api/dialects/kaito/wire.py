"""Kaito's structs, exactly as on the wire."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct

TimeOrAge: TypeAlias = Annotated[
    str,
    Meta(
        max_length=40,
        extra_json_schema={
            "anyOf": [
                {"type": "string", "format": "date-time"},
                {"type": "integer", "description": "Epoch, in s or ms."},
                {"type": "string", "pattern": "^[0-9]{1,5}[dh]$", "description": "A length before now."},
            ]
        },
    ),
]
"""A time, or a length before now such as `7d`."""


class AuditQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Filters for audit entries. `target` is `<type>:<name>`; `since` and `until` are `7d` or a time."""

    action: Annotated[str, Meta(max_length=100)] | None = None
    user: Annotated[str, Meta(max_length=200)] | None = None
    target: Annotated[str, Meta(max_length=300)] | None = None
    since: TimeOrAge | None = None
    until: TimeOrAge | None = None
    limit: Annotated[int, Meta(ge=1, le=1000)] = 100
    cursor: Annotated[str, Meta(max_length=512)] | None = None
    format: Literal["json", "csv", "ndjson"] = "json"


class AuditRow(Struct, frozen=True):
    """One audit entry: who did what to which target, when and from where."""

    user: str
    ts: str
    ip: str
    action: str
    target: str


class Problem(Struct, frozen=True):
    """Why a call was rejected."""

    code: str
    message: str


class Error(Struct, frozen=True):
    """The body of an error."""

    error: Problem
