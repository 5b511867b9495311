"""Headings, and templates."""

from __future__ import annotations

import pytest

from penstock.core.imports.columns import COLUMNS, column_of, template
from penstock.core.imports.models import ImportKind


@pytest.mark.parametrize(
    ("kind", "heading", "name"),
    [
        (ImportKind.DEVICES, " DevEUI ", "eui"),
        (ImportKind.DEVICES, "Serial-Number", "serial"),
        (ImportKind.DEVICES, "label.", None),
        (ImportKind.DEVICES, "Label.Flat No", "label.Flat No"),
        (ImportKind.PLACEMENTS, "dev_eui", "device"),
        (ImportKind.PLACEMENTS, "E-Mail", "resident"),
        (ImportKind.RESIDENTS, "e-mail", "email"),
        (ImportKind.RESIDENTS, "eui", None),
    ],
)
def test_headings(kind: ImportKind, heading: str, name: str | None) -> None:
    assert column_of(kind, heading) == name


@pytest.mark.parametrize("kind", ImportKind)
def test_no_heading_means_two_columns(kind: ImportKind) -> None:
    names = [name for one in COLUMNS[kind] for name in (one.name, *one.aliases)]
    assert len(names) == len(set(names))
    header, example = template(kind)
    assert [column_of(kind, one) for one in header] == header
    assert len(example) == len(header)
