"""What commands at a distance print: tables and coloured lines for people, JSON for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from penstock.cli.options import console
from penstock.kit.quoting import one_line

Column = tuple[str, str]
"""The heading of a column, and the path of its value in a row: `location.latitude`."""
MAX_CELL = 60


def print_rows(rows: Iterable[Mapping[str, Any]], columns: Sequence[Column], *, json: bool) -> None:
    """Print rows as a table, or each as a line of JSON as soon as it is there."""
    if json:
        for row in rows:
            print_json(row)
        return
    from rich.table import Table  # here, because programs get no tables
    from rich.text import Text

    table = Table(*(heading for heading, _ in columns))
    for row in rows:
        table.add_row(*(Text(cell_of(row, path)) for _, path in columns))
    console().print(table)


def print_json(value: Any) -> None:
    """Print a value as one line of JSON, at once, also into a pipe."""
    print(msgspec.json.encode(value).decode(), flush=True)


def cell_of(row: Mapping[str, Any], path: str) -> str:
    """A value for people: short, on one line, without anything that a terminal obeys."""
    value: Any = row
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return shortened(text_of(value))


def text_of(value: Any) -> str:
    """A value as people write it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return " ".join(f"{name}={text_of(inner)}" for name, inner in value.items())
    if isinstance(value, (list, tuple)):
        return ", ".join(text_of(one) for one in value)
    return one_line(str(value))


def shortened(text: str) -> str:
    """At most as much as a cell shows."""
    return text if len(text) <= MAX_CELL else f"{text[: MAX_CELL - 1]}…"


def values_in(data: Any, before: str = "") -> Iterator[tuple[str, str]]:
    """The values of a reading by their path, as JSON, texts without quotes."""
    if isinstance(data, Mapping):
        for name, value in data.items():
            yield from values_in(value, f"{before}.{name}" if before else str(name))
    else:
        yield one_line(before), one_line(data) if isinstance(data, str) else msgspec.json.encode(data).decode()
