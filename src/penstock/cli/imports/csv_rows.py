"""Records of CSV as readings, a column at a time.

A column of numbers is recognised by one regular expression over all its cells, and goes into the JSON as it is written:
no number is converted, none loses a digit, and a reading costs a microsecond. `python -m bench --only import` measures it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec

from penstock.cli.imports.errors import ImportFailed
from penstock.cli.imports.rows import NOT_SENT, Encoded, Named, Rejected, device_field, json_text
from penstock.cli.imports.source import Block

DELIMITERS = ",;\t"
_END = "\n"
_NUMBER = r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?"
_ONE = re.compile(_NUMBER)
_ALL_NUMBERS = re.compile(rf"{_NUMBER}(?:\n{_NUMBER})*")
_WORDS = {"true": "true", "false": "false", "True": "true", "False": "false", "TRUE": "true", "FALSE": "false"}
_MARKED = ("'", *"=+-@\t\r\n", *"\uff1d\uff0b\uff0d\uff20")
"""What exports put a quote mark in front of (`api/shared/cells.py`)."""
_OF_EXPORTS = ["time", "seq"]
_DEVICES = ("device_id", "device")
_TEXTS = ("kind", "channel", "dedupe_key")
MAX_CELL = 8_388_608
Cells = Sequence[str | None]


class CsvRows:
    """Encodes the blocks of one file, whose first record names the columns."""

    def __init__(self, path: Path, header: Block, named: Named) -> None:
        csv.field_size_limit(MAX_CELL)
        self._path = path
        self._named = named
        first = b"".join(header.lines).decode("utf-8", "replace")
        self._delimiter = max(DELIMITERS, key=first.count)
        columns = [_without_mark(one.strip()) for one in next(iter(self._read(header.lines)), [])]
        if len(set(columns)) != len(columns) or not all(columns):
            raise ImportFailed(path=path, reason="the first line must have a different name for each column")
        self._columns = columns
        self._places = _Places(path, columns, named)

    def encode(self, block: Block, first: int) -> Encoded:
        """The readings of a block whose first record has this number.

        Raises:
            ImportFailed: it is not CSV in UTF-8.
        """
        records = [record for record in self._read(block.lines) if record]
        width = len(self._columns)
        numbers = list(range(first, first + len(records)))
        rejected: list[Rejected] = []
        whole: list[list[str]] = records
        if any(len(record) != width for record in records):
            rejected = [
                self._of_other_width(number, one) for number, one in zip(numbers, records, strict=True) if len(one) != width
            ]
            kept = [(number, one) for number, one in zip(numbers, records, strict=True) if len(one) == width]
            numbers, whole = [number for number, _ in kept], [one for _, one in kept]
        texts: list[str] = []
        if whole:
            found = self._places.encode(list(zip(*whole, strict=True)), numbers)
            missing = [place for place, text in enumerate(found) if text is None]
            for place in missing:
                rejected.append(self._incomplete(numbers[place], whole[place]))
            numbers = numbers if not missing else [one for one, text in zip(numbers, found, strict=True) if text is not None]
            texts = [text for text in found if text is not None]
        return Encoded(numbers, texts, rejected, len(records), records)

    def _read(self, lines: Sequence[bytes]) -> list[list[str]]:
        try:
            text = [line.decode() for line in lines]
            return list(csv.reader(text, delimiter=self._delimiter))
        except UnicodeDecodeError:
            raise ImportFailed(path=self._path, reason="must be text in UTF-8") from None
        except csv.Error as error:
            raise ImportFailed(path=self._path, reason=f"is not CSV: {error}") from None

    def _of_other_width(self, number: int, record: list[str]) -> Rejected:
        detail = f"has {len(record)} cells, and the first line has {len(self._columns)}"
        return Rejected(number + 1, NOT_SENT, detail, "", record)

    def _incomplete(self, number: int, record: list[str]) -> Rejected:
        return Rejected(number + 1, NOT_SENT, "has no device, no time or no value", "", record)


class _Places:
    """Which column is what."""

    def __init__(self, path: Path, columns: list[str], named: Named) -> None:
        self._named = named
        exported = columns[:2] == _OF_EXPORTS
        taken: dict[str, int] = {}
        time_column = named.time_column or "time"
        if named.timed:
            if time_column not in columns:
                reason = f"has no column {time_column!r}; name it with --time-column, or pass --without-times"
                raise ImportFailed(path=path, reason=reason)
            taken["time"] = columns.index(time_column)
        self._device = None if named.device is not None else _device_column(path, columns, named)
        taken |= {name: columns.index(name) for name in _TEXTS if name in columns}
        self._time = taken.get("time")
        self._texts = {name: taken[name] for name in _TEXTS if name in taken}
        used = {*taken.values(), *(columns.index(name) for name in _DEVICES if name in columns), *([1] if exported else [])}
        used |= set() if self._device is None else {self._device}
        paths = {_path_of(name, exported=exported): place for place, name in enumerate(columns) if place not in used}
        self._as_text = {place for place in paths.values() if columns[place] in named.texts}
        unknown = named.texts - set(columns)
        if unknown:
            raise ImportFailed(path=path, reason=f"has no column {min(unknown)!r}, which --text names")
        if not paths:
            raise ImportFailed(path=path, reason="has no column of values")
        whole = {tuple(_parts(name)) for name in paths}
        if any(one[:length] in whole for one in whole for length in range(1, len(one))):
            raise ImportFailed(path=path, reason="a column is a value and an object at once, as in a and a.b")
        tree = _nested((name, None) for name in paths)
        leaves = list(_leaves(tree))
        # In the order of the template: the values of one object need not be next to one another in the file.
        self._values = {paths[name]: name for name in leaves}
        self._data = _template(tree)
        self._nested = any("." in name for name in leaves)

    def encode(self, columns: Sequence[Sequence[str]], numbers: Sequence[int]) -> list[str | None]:
        """The readings as JSON, None for one that lacks its device, its time, or any value."""
        count = len(numbers)
        head: list[Cells] = []
        form = "{"
        if self._named.device is not None:
            form += f'"{device_field(self._named.device)}":{_literal(json_text(self._named.device))},'
        elif self._device is not None:
            head.append([_device_json(cell) for cell in columns[self._device]])
            form += "%s,"
        if self._time is not None:
            head.append(times_of(columns[self._time]))
            form += '"time":%s,'
        others = {
            name: [_text_json(cell) for cell in columns[place]] for name, place in self._texts.items() if name != "dedupe_key"
        }
        keys = self._keys(columns, numbers)
        values = [
            [_text_json(cell) for cell in columns[number]] if number in self._as_text else cells_of(columns[number])
            for number in self._values
        ]
        if not any(None in cells for cells in (*head, *values, *others.values())):
            for name in others:
                form += f'"{name}":%s,'
            form += f'"dedupe_key":%s,"data":{self._data}}}'
            return list(map(form.__mod__, zip(*head, *others.values(), keys, *values, strict=True)))
        heads = list(zip(*head, strict=True)) if head else [()] * count
        rest = list(zip(*values, strict=True))
        found: list[str | None] = []
        for place in range(count):
            data = self._some(rest[place])
            if data is None or None in heads[place]:
                found.append(None)
                continue
            more = "".join(f'"{name}":{cells[place]},' for name, cells in others.items() if cells[place] is not None)
            found.append(f'{form % heads[place]}{more}"dedupe_key":{keys[place]},"data":{data}}}')
        return found

    def _keys(self, columns: Sequence[Sequence[str]], numbers: Sequence[int]) -> list[str]:
        own = self._texts.get("dedupe_key")
        made = [f'"{self._named.dedupe}{number}"' for number in numbers]
        if own is None:
            return made
        return [_text_json(cell) or key for cell, key in zip(columns[own], made, strict=True)]

    def _some(self, cells: Sequence[str | None]) -> str | None:
        """An object of the values that are not empty; None without any."""
        there = [(name, cell) for name, cell in zip(self._values.values(), cells, strict=True) if cell is not None]
        if not there:
            return None
        if self._nested:
            return _text_of(_nested(there))
        return "{" + ",".join(f"{_name(name)}:{cell}" for name, cell in there) + "}"


def cells_of(column: Sequence[str]) -> Cells:
    """The cells of a column as JSON; None for an empty one."""
    joined = _END.join(column)
    # A cell can have line breaks itself, and then be mistaken for two numbers.
    if _ALL_NUMBERS.fullmatch(joined) and joined.count(_END) == len(column) - 1:
        return column
    return [_cell_json(cell) for cell in column]


def times_of(column: Sequence[str]) -> Cells:
    """Times as JSON: epoch numbers as they are, everything else as text for the server to read."""
    joined = _END.join(column)
    if _ALL_NUMBERS.fullmatch(joined) and joined.count(_END) == len(column) - 1:
        return column
    return [_time_json(cell) for cell in column]


@lru_cache(65_536)
def _cell_json(cell: str) -> str | None:
    if not cell:
        return None
    if _ONE.fullmatch(cell):
        return cell
    if word := _WORDS.get(cell):
        return word
    if cell[0] == "[" and _is_array(cell):
        return cell
    return json_text(_without_mark(cell))


@lru_cache(65_536)
def _text_json(cell: str) -> str | None:
    return json_text(_without_mark(cell)) if cell else None


@lru_cache(65_536)
def _time_json(cell: str) -> str | None:
    bare = cell.strip()
    return None if not bare else bare if _ONE.fullmatch(bare) else json_text(bare)


@lru_cache(65_536)
def _device_json(cell: str) -> str | None:
    """The field that names a device, with its value."""
    bare = _without_mark(cell.strip())
    return f'"{device_field(bare)}":{json_text(bare)}' if bare else None


@lru_cache(4_096)
def _name(name: str) -> str:
    return json_text(name)


def _is_array(cell: str) -> bool:
    """Exports write an array as JSON."""
    try:
        return isinstance(msgspec.json.decode(cell), list)
    except (msgspec.DecodeError, RecursionError):
        return False


def _without_mark(cell: str) -> str:
    """A text without the quote mark that keeps spreadsheets from evaluating it."""
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(_MARKED) else cell


def _device_column(path: Path, columns: list[str], named: Named) -> int:
    names = (named.device_column,) if named.device_column else _DEVICES
    for name in names:
        if name in columns:
            return columns.index(name)
    reason = f"has no column {names[0]!r}; pass --device for the device of all readings, or name the column with --device-column"
    raise ImportFailed(path=path, reason=reason)


def _path_of(column: str, *, exported: bool) -> str:
    """The path of a value. Exports put `data.` in front of names that are those of their own columns."""
    bare = column
    while bare.startswith("data."):
        bare = bare.removeprefix("data.")
    return bare if exported and bare in _OF_EXPORTS else column


def _parts(path: str) -> list[str]:
    """`a.b` is `b` inside `a`; a name that cannot be divided so is one part."""
    parts = path.split(".")
    return parts if all(parts) else [path]


def _nested(values: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for path, value in values:
        *parents, last = _parts(path)
        place = data
        for name in parents:
            place = place.setdefault(name, {})
        place[last] = value
    return data


def _leaves(tree: dict[str, Any], before: str = "") -> Iterable[str]:
    for name, value in tree.items():
        yield from _leaves(value, f"{before}{name}.") if isinstance(value, dict) else (f"{before}{name}",)


def _template(tree: dict[str, Any]) -> str:
    inner = (f"{_literal(_name(name))}:{_template(value) if isinstance(value, dict) else '%s'}" for name, value in tree.items())
    return "{" + ",".join(inner) + "}"


def _text_of(tree: dict[str, Any]) -> str:
    inner = (f"{_name(name)}:{_text_of(value) if isinstance(value, dict) else value}" for name, value in tree.items())
    return "{" + ",".join(inner) + "}"


def _literal(text: str) -> str:
    """A text as part of a template."""
    return text.replace("%", "%%")
