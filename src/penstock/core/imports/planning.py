"""Plans the rows of a file against what is known. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from penstock.core.customers.periods import Place, changed
from penstock.core.imports.cells import Cells, InvalidRowError
from penstock.core.imports.customer_rows import plan_placement, plan_resident
from penstock.core.imports.device_rows import plan_device
from penstock.core.imports.known import Known
from penstock.core.imports.models import CreateDevice, Fault, ImportKind, PlaceDevice, Planned, SetMeter
from penstock.core.imports.references import IDENTIFIERS, find_identifier
from penstock.core.imports.register_rows import plan_register
from penstock.core.imports.table import Row, read_table

Key = tuple[str, ...]


class File(msgspec.Struct, frozen=True):
    """The rows of a file, and those of them that are about the same thing as an earlier one, by their numbers."""

    rows: list[Row]
    again: dict[int, Fault]


def read_file(content: bytes, kind: ImportKind) -> File:
    """Read a CSV file. It takes a second if the file is large, so it is called in a thread.

    Raises:
        InvalidInput: the file is not such a file, is too large, has a column that does not exist, or lacks one.
    """
    rows = read_table(content, kind)
    return File(rows, repeated(kind, rows))


def repeated(kind: ImportKind, rows: Sequence[Row]) -> dict[int, Fault]:
    """The rows that are about the same thing as an earlier one, by their numbers."""
    first: dict[Key, int] = {}
    found: dict[int, Fault] = {}
    for row in rows:
        for key in _keys(kind, row):
            number = first.setdefault(key, row.number)
            if number != row.number:
                found.setdefault(row.number, Fault(row.number, key[0], f"is the same as in row {number}"))
    return found


def plan(kind: ImportKind, row: Row, known: Known, again: Fault | None) -> Planned | list[Fault]:
    """What a row leads to, or everything that is wrong with it. `again` is set if an earlier row is about the same."""
    cells = Cells(row)
    if cells.faults:
        return cells.faults
    if again is not None:
        cells.faults.append(again)
    try:
        return _planned(kind, row, cells, known)
    except InvalidRowError:
        return cells.faults


def note(planned: Planned, known: Known) -> None:
    """Add what a row leads to to what is known, for the rows after it."""
    step = planned.step
    if isinstance(step, CreateDevice) and known.room is not None:
        known.room -= 1
    elif isinstance(step, SetMeter):
        known.settings[step.device_id] = known.noted_settings[step.device_id] = step.settings
    elif isinstance(step, PlaceDevice):
        place = Place(customer_id=step.customer_id, resident_id=step.resident_id)
        history = known.periods.get(step.device_id, [])
        after = changed(history, step.device_id, place, step.from_us, known.now_us)
        known.periods[step.device_id] = known.noted_periods[step.device_id] = after


def _planned(kind: ImportKind, row: Row, cells: Cells, known: Known) -> Planned:
    match kind:
        case ImportKind.DEVICES:
            return plan_device(cells, known, list(row.cells))
        case ImportKind.REGISTERS:
            return plan_register(cells, known)
        case ImportKind.RESIDENTS:
            return plan_resident(cells, known)
        case ImportKind.PLACEMENTS:
            return plan_placement(cells, known)


def _keys(kind: ImportKind, row: Row) -> Iterator[Key]:
    """What a row is about; the first entry is the column to name."""
    cells = row.cells
    if kind is ImportKind.DEVICES:
        for column, identifier_kind in IDENTIFIERS.items():
            identifier = find_identifier(identifier_kind, cells.get(column, ""))
            if identifier is not None:
                yield column, identifier.value
    elif kind is ImportKind.RESIDENTS:
        if cells.get("email"):
            yield "email", cells.get("customer", ""), cells["email"].lower()
    elif cells.get("device"):
        device = "".join(cells["device"].lower().split()).replace(":", "").replace("-", "")
        about = (cells.get("register", ""), cells.get("kind", "")) if kind is ImportKind.REGISTERS else ()
        yield "device", device, *about, cells.get("from", "")
