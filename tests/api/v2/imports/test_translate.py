"""Imports, faults and templates on the wire."""

from __future__ import annotations

from penstock.api.v2.imports.translate import faults_as_csv, from_core_dry_run, from_core_import, template_as_csv
from penstock.core.imports.models import Counts, DryRun, Fault, ImportKind, Outcome, PreviewRow
from penstock.core.imports.planning import read_file
from penstock.kit.paging import Page
from tests.core.imports.test_models import made


def test_counts_of_rows() -> None:
    found = from_core_import(made(1, counts=Counts(made=1, updated=2, unchanged=3, failed=4)))
    assert (found.done, found.valid, found.failed, found.started_at) == (10, 6, 4, None)


def test_a_dry_run_has_its_faults_and_a_preview() -> None:
    faults = Page(items=[Fault(2, "eui", "a"), Fault(3, "", "b")], next_cursor="c")
    found = from_core_dry_run(DryRun(made(1, is_dry_run=True), [PreviewRow(4, Outcome.MADE, "Flat")]), faults)
    assert [(one.row, one.column) for one in found.faults] == [(2, "eui"), (3, None)]
    assert (found.next_cursor, found.preview[0].outcome, found.dry_run) == ("c", "made", True)


def test_files() -> None:
    assert faults_as_csv([Fault(2, "eui", "=a,b")]) == '2,eui,"\'=a,b"\r\n'
    for kind in ImportKind:
        assert len(read_file(template_as_csv(kind), kind).rows) == 1
