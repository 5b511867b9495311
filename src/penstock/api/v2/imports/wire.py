"""Imports over the native API, exactly as on the wire."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Struct

from penstock.api.v2.wire import Limit
from penstock.core.imports.models import ImportKind, ImportState, Outcome
from penstock.kit.wire_types import one_of

KindName = Literal["devices", "registers", "residents", "placements"]


class ImportFile(Struct, frozen=True, forbid_unknown_fields=True):
    """A CSV file, in base64 if it is sent as JSON."""

    content: bytes


class ImportQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """What the rows of the file are. With `dry_run` they are only checked; `limit` is how many faults the answer has at most."""

    kind: KindName
    dry_run: bool = False
    limit: Limit = 100


class TemplateQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """What the rows of the file will be."""

    kind: KindName


class Import(Struct, frozen=True, kw_only=True):
    """An import.

    `rows` is the number of rows, of which `done` were processed: `made` created something, `updated` changed something,
    `unchanged` were so already, and `failed` have faults. In a dry run these are what would become of them. `valid` are those of
    the processed rows that have no fault.
    """

    id: str
    kind: Annotated[str, one_of(*ImportKind)]
    dry_run: bool
    state: Annotated[str, one_of(*ImportState)]
    rows: int
    done: int
    valid: int
    made: int
    updated: int
    unchanged: int
    failed: int
    author: str
    created_at: str
    started_at: str | None
    finished_at: str | None


class Fault(Struct, frozen=True):
    """Why a row cannot be imported.

    `row` counts as a spreadsheet does, from the header as 1; `column` is null if the fault is of the row as a whole.
    """

    row: int
    column: str | None
    detail: str


class PreviewRow(Struct, frozen=True):
    """What would become of a row, and the name of the device or resident that it is about."""

    row: int
    outcome: Annotated[str, one_of(*Outcome)]
    name: str


class StartedImport(Import, frozen=True, kw_only=True):
    """An import, and the result of a dry run.

    `faults` are the first ones, `next_cursor` is that of the list of faults; `preview` are the first rows without one. All three
    are empty if it was not a dry run: the import then runs in the background.
    """

    faults: list[Fault]
    next_cursor: str | None
    preview: list[PreviewRow]
