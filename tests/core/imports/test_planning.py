"""Whole files: rows about the same thing, and rows that build on earlier ones."""

from __future__ import annotations

from penstock.core.imports.models import CreateDevice, Fault, ImportKind, Outcome, Planned
from penstock.core.imports.planning import note, plan, read_file, repeated
from penstock.core.imports.table import read_table
from tests.core.imports.rows import EUI, customer, device, known_of


def again(kind: ImportKind, file: str) -> list[tuple[int, str]]:
    return [(row, fault.column) for row, fault in repeated(kind, read_table(file.encode(), kind)).items()]


def test_rows_about_the_same_thing() -> None:
    assert again(ImportKind.DEVICES, f"eui,serial\n{EUI},1\n{EUI.upper()},2\n,1\n,3\n") == [(3, "eui"), (4, "serial")]
    assert again(ImportKind.RESIDENTS, "customer,name,email\na,b,c@d\na,x,C@d\nb,b,c@d\n") == [(3, "email")]
    assert again(ImportKind.REGISTERS, "device,register,from\nA-B,x,\nab,x,\nab,y,\nab,x,2024-01-01\n") == [(3, "device")]
    assert again(ImportKind.PLACEMENTS, "device,customer,from\nab,x,\nab,y,\nab,x,2024-01-01\n") == [(3, "device")]


def test_rows_build_on_those_before_them() -> None:
    file = read_file(
        f"device,customer,from\n{EUI},a,2024-01-01\n{EUI},b,2023-01-01\n{EUI},b,2025-01-01\n".encode(), ImportKind.PLACEMENTS
    )
    known = known_of(device(), customers=(customer(1, "a"), customer(2, "b")))
    found: list[Outcome | list[str]] = []
    for row in file.rows:
        planned = plan(ImportKind.PLACEMENTS, row, known, file.again.get(row.number))
        if isinstance(planned, Planned):
            note(planned, known)
        found.append(planned.outcome if isinstance(planned, Planned) else [one.column for one in planned])
    assert found == [Outcome.MADE, ["from"], Outcome.UPDATED]
    assert list(known.noted_periods) == [device().id]


def test_room_is_used_up_and_faults_are_added_up() -> None:
    (row,) = read_table(b"eui,latitude\n70b3,x\n", ImportKind.DEVICES)
    known = known_of(room=1, limit=1)
    faults = plan(ImportKind.DEVICES, row, known, Fault(2, "eui", "is the same as in row 1"))
    assert isinstance(faults, list)
    assert [one.column for one in faults] == ["eui", "eui", "latitude", "longitude", "name"]
    (row,) = read_table(b"eui,name\n70b3d57ed0060002,x\n", ImportKind.DEVICES)
    planned = plan(ImportKind.DEVICES, row, known, None)
    assert isinstance(planned, Planned)
    assert isinstance(planned.step, CreateDevice)
    note(planned, known)
    assert known.room == 0
