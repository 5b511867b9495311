"""Cells of CSV files, safe to open in a spreadsheet and without loss.

A string that a spreadsheet would evaluate as a formula gets a leading quote mark. So does one that begins with a quote mark:
removing one from every cell that has it gives back exactly what was written.
"""

from __future__ import annotations

from penstock.core.audit.chain import QUOTE

_MARKED = (QUOTE, *"=+-@\t\r\n", *"\uff1d\uff0b\uff0d\uff20")
"""What begins a formula, for some programs also in full width. Source: OWASP, CSV Injection."""


def cell(value: object) -> object:
    """A value for the writer of a CSV file. A truth value is written as in JSON."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{QUOTE}{value}" if isinstance(value, str) and value.startswith(_MARKED) else value
