"""`penstock audit`: verify an export of the audit log, without a server or its data."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, Parameter

from penstock.core.audit.chain import QUOTE, hash_of
from penstock.core.audit.chain import verify as verify_rows

audit = App(name="audit", help="The audit log: verify an export offline.")
# Older exports in CSV quoted only cells that begin like these, and not those that begin with a quote mark themselves.
_ONCE_QUOTED = ("'=", "'+", "'-", "'@", "'\t", "'\r")
MAX_CELL = 2**31 - 1
"""The details of an entry can be longer than the csv module accepts by default."""


@audit.command
def verify(
    file: Annotated[Path, Parameter(help="An export as NDJSON, JSON or CSV; the extension determines the format.")],
    *,
    head: Annotated[str | None, Parameter(help="A hash that one of the rows must have: from /api/v2/logs/head.")] = None,
    filtered: Annotated[
        bool, Parameter(help="The export was filtered, so rows may be missing between others.", negative="", show_default=False)
    ] = False,
) -> None:
    """Verify that no row of an export was changed, added, or removed from its middle.

    Rows that are missing from the middle are accepted only with --filtered.
    """
    try:
        verdict = verify_rows(_rows(file), (head or "").strip().lower())
    except (ValueError, KeyError, TypeError, AttributeError, csv.Error):
        raise SystemExit(f"penstock: {file}: is not an export of an audit log") from None
    if verdict.broken:
        raise SystemExit(f"penstock: {file}: {verdict.broken}")
    if not verdict.rows:
        raise SystemExit(f"penstock: {file}: contains no rows")
    if head is not None and not verdict.head_found:
        raise SystemExit(f"penstock: {file}: no row has the specified head: later rows are missing, or all were replaced")
    if verdict.gap is not None and not filtered:
        first, last = verdict.gap
        missing = f"row {first} is missing" if first == last else f"rows {first} to {last} are missing"
        raise SystemExit(f"penstock: {file}: {missing}; if the export was filtered, pass --filtered")
    whole = "" if not verdict.gaps else f"; {verdict.gaps} ranges are missing, as in a filtered export"
    begin = "" if verdict.first_seq == 1 else f", starting at {verdict.first_seq}"
    print(f"{file}: {verdict.rows:,} rows are consistent, up to {verdict.last_seq}{begin}{whole}")
    print(f"last hash: {verdict.last_hash}")


def _rows(file: Path) -> Iterator[dict[str, Any]]:
    with file.open(encoding="utf-8", newline="") as lines:
        suffix = file.suffix.lower()
        if suffix == ".csv":
            csv.field_size_limit(MAX_CELL)
            yield from map(_from_csv, csv.DictReader(lines, strict=True))
        elif suffix == ".json":
            yield from json.load(lines)
        else:
            yield from (json.loads(line) for line in lines if line.strip())


def _from_csv(row: dict[str, str]) -> dict[str, Any]:
    """A row as it was hashed: without the quote mark that keeps spreadsheets from evaluating a cell."""
    found = _bare(row, (QUOTE,))
    # A hash fits one reading only, so it shows which rows are from an older export.
    return found if found["hash"] == hash_of(found, found["prev_hash"]) else _bare(row, _ONCE_QUOTED)


def _bare(row: dict[str, str], quoted: tuple[str, ...]) -> dict[str, Any]:
    found: dict[str, Any] = {name: text[1:] if text.startswith(quoted) else text for name, text in row.items()}
    return found | {"seq": int(row["seq"]), "details": json.loads(row["details"])}
