"""Converts imports between wire structs and core models."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

import msgspec

from penstock.api.shared.cells import cell
from penstock.api.v2.imports import wire
from penstock.core.imports.columns import template
from penstock.core.imports.models import DryRun, Fault, Import, ImportKind, PreviewRow
from penstock.kit.clock import format_time
from penstock.kit.fields import converted
from penstock.kit.ids import Prefix, encode
from penstock.kit.paging import Page


def from_core_import(found: Import) -> wire.Import:
    counts = found.counts
    return wire.Import(
        id=encode(Prefix.IMPORT, found.id),
        kind=found.kind.value,
        dry_run=found.is_dry_run,
        state=found.state.value,
        rows=found.rows,
        done=counts.done,
        valid=counts.done - counts.failed,
        made=counts.made,
        updated=counts.updated,
        unchanged=counts.unchanged,
        failed=counts.failed,
        author=found.author,
        created_at=format_time(found.created_us),
        started_at=converted(found.started_us, format_time),
        finished_at=converted(found.finished_us, format_time),
    )


def from_core_fault(fault: Fault) -> wire.Fault:
    return wire.Fault(fault.row, fault.column or None, fault.detail)


def from_core_started(found: Import) -> wire.StartedImport:
    return _started(found, Page(items=[], next_cursor=None), [])


def from_core_dry_run(found: DryRun, faults: Page[Fault]) -> wire.StartedImport:
    return _started(found.found, faults, found.preview)


def _started(found: Import, faults: Page[Fault], preview: list[PreviewRow]) -> wire.StartedImport:
    return wire.StartedImport(
        **msgspec.structs.asdict(from_core_import(found)),
        faults=[from_core_fault(one) for one in faults.items],
        next_cursor=faults.next_cursor,
        preview=[wire.PreviewRow(one.row, one.outcome.value, one.name) for one in preview],
    )


def faults_as_csv(faults: Iterable[Fault]) -> str:
    """The lines of a file of faults, without its header."""
    return _lines((one.row, cell(one.column), cell(one.detail)) for one in faults)


FAULTS_HEADER = "row,column,detail\r\n"


def template_as_csv(kind: ImportKind) -> bytes:
    """A file to fill in, with a byte order mark, so that spreadsheets read it as UTF-8."""
    return _lines(template(kind)).encode("utf-8-sig")


def _lines(rows: Iterable[Iterable[object]]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue()
