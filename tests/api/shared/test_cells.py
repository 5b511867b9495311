"""Cells of CSV files: nothing that a spreadsheet would run, and nothing lost."""

from __future__ import annotations

import pytest

from penstock.api.shared.cells import cell


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("=1", "'=1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@a", "'@a"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("\n=1", "'\n=1"),
        ("\uff1d1", "'\uff1d1"),
        ("'a", "''a"),
        ("a=1", "a=1"),
        (-1, -1),
        (True, "true"),
    ],
)
def test_text_that_a_spreadsheet_would_run_gets_a_quote_mark(value: object, shown: object) -> None:
    assert cell(value) == shown
