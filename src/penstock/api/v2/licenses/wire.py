"""Licences over the native API, exactly as on the wire."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from penstock.api.v2.wire import Cursor, Limit


class License(Struct, frozen=True):
    """A device slot. Its id, 32 hexadecimal digits, is not a credential."""

    id: str
    project_id: str
    status: Literal["available", "paired"]
    device_id: str | None
    created_at: str


class LicenseQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """A page of the list. Send the `next_cursor` of a response as `cursor` to get the next page."""

    limit: Limit = 100
    cursor: Cursor | None = None


class LicenseIssue(Struct, frozen=True, forbid_unknown_fields=True):
    """How many licences to add."""

    count: Annotated[int, Meta(ge=1, le=1000)] = 1
