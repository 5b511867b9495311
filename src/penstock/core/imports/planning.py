"""Plans the rows of a file against what is known. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from penstock.core.customers.models import Resident
from penstock.core.customers.periods import Place, changed
from penstock.core.imports.cells import Cells, InvalidRowError
from penstock.core.imports.customer_rows import plan_placement, plan_resident
from penstock.core.imports.device_rows import plan_device
from penstock.core.imports.known import Known
from penstock.core.imports.models import (
    AddResident,
    CreateDevice,
    Fault,
    ImportKind,
    PlaceDevice,
    Planned,
    RenameResident,
    SetMeter,
    UpdateDevice,
)
from penstock.core.imports.references import IDENTIFIERS, find_identifier
from penstock.core.imports.register_rows import plan_register
from penstock.core.imports.table import Row, read_table
from penstock.kit.ids import ResidentId

Key = tuple[str, ...]
_TO_BE = ResidentId(0)
"""The id of a resident that a dry run would add."""


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
    return _staying(rows) | found if kind is ImportKind.PLACEMENTS else found


def _staying(rows: Sequence[Row]) -> dict[int, Fault]:
    """The rows that place a device where the row before has placed it: as a placement, one would correct when the other began."""
    last: dict[str, tuple[Key, str, int]] = {}
    found: dict[int, Fault] = {}
    for row in rows:
        device, place = _device_key(row), (row.cells.get("customer", ""), row.cells.get("resident", "").lower())
        since = row.cells.get("from", "")
        before, begun, number = last.get(device, ((), "", 0))
        if begun and since <= begun:
            continue  # has another fault: it is not in the order of time
        if device and before == place:
            found[row.number] = Fault(row.number, "device", f"is at this place since row {number}")
        else:
            last[device] = (place, since, row.number)
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


def note(planned: Planned, known: Known, made: Resident | None = None) -> None:
    """Add what a row leads to to what is known, for those after it. `made` is the resident that it added, unless in a dry run."""
    match planned.step:
        case CreateDevice():
            known.room = None if known.room is None else known.room - 1
        case UpdateDevice(after):
            known.note_device(after)
        case SetMeter(device_id, settings):
            known.settings[device_id] = known.noted_settings[device_id] = settings
        case AddResident(customer_id, new):
            to_be = Resident(id=_TO_BE, customer_id=customer_id, name=new.name, email=new.email, created_us=known.now_us)
            known.note_resident(made or to_be)
        case RenameResident(resident):
            known.note_resident(resident)
        case PlaceDevice():
            _note_placement(planned.step, known)


def _note_placement(step: PlaceDevice, known: Known) -> None:
    place = Place(customer_id=step.customer_id, resident_id=step.resident_id)
    after = changed(known.periods.get(step.device_id, []), step.device_id, place, step.from_us, known.now_us)
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
        device = _device_key(row)
        about = (cells.get("register", ""), cells.get("kind", "")) if kind is ImportKind.REGISTERS else ()
        yield "device", device, *about, cells.get("from", "")


def _device_key(row: Row) -> str:
    return "".join(row.cells.get("device", "").lower().split()).replace(":", "").replace("-", "")
