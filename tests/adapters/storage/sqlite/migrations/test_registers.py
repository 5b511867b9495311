"""Meters of before have their one field as a register, with the same digits and unit."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from decimal import Decimal
from itertools import takewhile
from pathlib import Path

from penstock.adapters.storage.sqlite.meters import decode_registers
from penstock.adapters.storage.sqlite.migrations import CONTROL_FILE, migrate, migration_files
from penstock.core.meters.definitions import check_registers
from penstock.core.registers.models import Register, RegisterKind, Source

BEFORE = [
    (11, "consumption_m3", "m3", "principal", 100_000),
    (12, "water.total", "l", "leaf", None),
    (13, "energy", "KWH", "leaf", 999_999_999_999),
    (14, "laps", "Runden", "intermediate", None),
    (15, "volume", "m³", "leaf", None),
]
VOLUME, ENERGY, COUNT = RegisterKind.VOLUME, RegisterKind.ENERGY, RegisterKind.COUNT
AFTER = {
    11: (VOLUME, "consumption_m3", "m3", Decimal(100_000)),
    12: (VOLUME, "water.total", "l", None),
    13: (ENERGY, "energy", "kWh", Decimal(999_999_999_999)),
    14: (COUNT, "laps", "1", None),
    15: (VOLUME, "volume", "m³", None),
}


def test_a_field_becomes_the_only_source_of_the_only_register(tmp_path: Path) -> None:
    files = list(takewhile(lambda file: not file.stem.endswith("_registers"), migration_files()))
    with closing(sqlite3.connect(tmp_path / CONTROL_FILE)) as connection:
        for file in files:
            connection.executescript(file.read_text("utf-8"))
        connection.executemany("INSERT INTO meters VALUES (?, 1, ?, ?, ?, ?)", BEFORE)
        connection.execute(f"PRAGMA user_version = {len(files)}")
        connection.commit()
    migrate(tmp_path, "20260502T120000Z")
    with closing(sqlite3.connect(tmp_path / CONTROL_FILE)) as connection:
        rows = connection.execute("SELECT device_id, role, registers FROM meters").fetchall()
    assert [(number, role) for number, role, _ in rows] == [(number, role) for number, _, _, role, _ in BEFORE]
    for number, _, text in rows:
        kind, field, unit, top = AFTER[number]
        registers = decode_registers(text)
        source = Source(field=field, unit=unit)
        assert registers == (Register(name=kind.value, kind=kind, sources=(source,), unit=unit, rolls_over_at=top),)
        check_registers(registers)
