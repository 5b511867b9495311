"""The columns of a list as a table: the fields of its rows, those of an object within a row side by side.

They are read from the type of the rows, so a file has the same columns whether or not a row has a value in them. What is marked
as secret in that type has no column.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from penstock.api.shared.cells import cell
from penstock.kit.secret import hidden_fields

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)
"""A decimal in a string. Spreadsheets read one as a number, and not as a formula."""
Path = tuple[str, ...]


def columns_of(rows: msgspec.inspect.StructType) -> list[Path]:
    """The columns of rows of this type, each as the keys that lead to its value."""
    return list(_columns(rows, (), frozenset({rows.cls})))


def name_of(column: Path) -> str:
    """The name of a column in the first line: `location.latitude`."""
    return ".".join(column)


def lines_of(rows: Iterable[Any], columns: Sequence[Path]) -> bytes:
    """Lines of a CSV file (RFC 4180), encoded: those of the rows of a list as the API returns them."""
    return encoded([_cell(_value(row, column)) for column in columns] for row in rows)


def encoded(lines: Iterable[Sequence[object]]) -> bytes:
    """Lines of a CSV file."""
    text = io.StringIO()
    csv.writer(text).writerows(lines)
    return text.getvalue().encode()


def _columns(struct: msgspec.inspect.StructType, before: Path, above: frozenset[type]) -> Iterator[Path]:
    for field in struct.fields:
        if field.name in hidden_fields(struct.cls) or _has_secrets(field.type, frozenset()):
            continue
        inner = _only_struct(field.type)
        path = (*before, field.encode_name)
        if inner is None or inner.cls in above:
            yield path
        else:
            yield from _columns(inner, path, above | {inner.cls})


def _only_struct(found: msgspec.inspect.Type) -> msgspec.inspect.StructType | None:
    """The struct that a value is, if it is not null; None if it can be something else."""
    kinds = [one for one in _parts(found) if not isinstance(one, msgspec.inspect.NoneType)]
    if len(kinds) == 1 and isinstance(kinds[0], msgspec.inspect.StructType):
        return kinds[0]
    return None


def _parts(found: msgspec.inspect.Type) -> Sequence[msgspec.inspect.Type]:
    return found.types if isinstance(found, msgspec.inspect.UnionType) else (found,)


def _has_secrets(found: msgspec.inspect.Type, above: frozenset[type]) -> bool:
    """Whether a value that is written as JSON can contain a secret."""
    if _only_struct(found) is not None and not above:
        return False  # has columns of its own
    for one in _parts(found):
        if isinstance(one, msgspec.inspect.StructType):
            if hidden_fields(one.cls):
                return True
            if one.cls not in above and any(_has_secrets(field.type, above | {one.cls}) for field in one.fields):
                return True
        elif isinstance(one, msgspec.inspect.DictType):
            if _has_secrets(one.value_type, above | {dict}):
                return True
        elif isinstance(one, msgspec.inspect.CollectionType) and _has_secrets(one.item_type, above | {list}):
            return True
    return False


def _value(row: Any, column: Path) -> Any:
    """A value in a row; None if the row, or an object within it, does not have it."""
    for key in column:
        row = row.get(key) if isinstance(row, dict) else None
    return row


def _cell(value: Any) -> object:
    if isinstance(value, dict | list):
        return cell(msgspec.json.encode(value).decode())
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return value
    return cell(value)
