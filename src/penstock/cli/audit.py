"""`penstock audit`: verify an export of the audit log, without a server or its data."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, Parameter

from penstock.core.audit.chain import verify as verify_rows

audit = App(name="audit", help="The audit log: verify an export offline.")
# Exports in CSV quote such cells, so that no spreadsheet evaluates them. The hash covers the value without the quote.
_FORMULA = ("'=", "'+", "'-", "'@", "'\t", "'\r")


@audit.command
def verify(
    file: Annotated[Path, Parameter(help="An export as NDJSON, JSON or CSV; the extension determines the format.")],
    *,
    head: Annotated[str | None, Parameter(help="A hash that one of the rows must have: from /api/v2/logs/head.")] = None,
) -> None:
    """Verify that no row of an export was changed, added, or removed from its middle."""
    try:
        verdict = verify_rows(_rows(file), (head or "").strip().lower())
    except (ValueError, KeyError, TypeError):
        raise SystemExit(f"penstock: {file}: is not an export of an audit log") from None
    if verdict.broken:
        raise SystemExit(f"penstock: {file}: {verdict.broken}")
    if not verdict.rows:
        raise SystemExit(f"penstock: {file}: contains no rows")
    if head is not None and not verdict.head_found:
        raise SystemExit(f"penstock: {file}: no row has the specified head: later rows are missing, or all were replaced")
    whole = "" if not verdict.gaps else f"; {verdict.gaps} ranges are missing, as in a filtered export"
    begin = "" if verdict.first_seq == 1 else f", starting at {verdict.first_seq}"
    print(f"{file}: {verdict.rows:,} rows are consistent, up to {verdict.last_seq}{begin}{whole}")
    print(f"last hash: {verdict.last_hash}")


def _rows(file: Path) -> Iterator[dict[str, Any]]:
    with file.open(encoding="utf-8", newline="") as lines:
        if file.suffix == ".csv":
            yield from map(_from_csv, csv.DictReader(lines))
        elif file.suffix == ".json":
            yield from json.load(lines)
        else:
            yield from (json.loads(line) for line in lines if line.strip())


def _from_csv(row: dict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {name: text[1:] if text.startswith(_FORMULA) else text for name, text in row.items()}
    return found | {"seq": int(row["seq"]), "details": json.loads(row["details"])}
