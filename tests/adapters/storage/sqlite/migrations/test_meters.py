"""Devices that reported before months were kept are active in them; months of before are not billed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from itertools import takewhile
from pathlib import Path

from penstock.adapters.storage.sqlite.migrations import CONTROL_FILE, migrate, migration_files
from penstock.core.limits.periods import month_of
from penstock.kit.clock import DAY_US

APRIL_30_US = int(datetime(2026, 4, 30, tzinfo=UTC).timestamp()) * 1_000_000


def test_days_that_were_counted_become_months(tmp_path: Path) -> None:
    files = list(takewhile(lambda file: not file.stem.endswith("_meters"), migration_files()))
    with closing(sqlite3.connect(tmp_path / CONTROL_FILE)) as connection:
        for file in files:
            connection.executescript(file.read_text("utf-8"))
        connection.execute("INSERT INTO organizations (id, name, plan, created_us) VALUES (1, 'Old', 'enterprise', 0)")
        days = [(1, APRIL_30_US, 11), (1, APRIL_30_US - DAY_US, 11), (1, APRIL_30_US + DAY_US, 11), (1, APRIL_30_US, 12)]
        statement = "INSERT INTO usage_device_days VALUES (?, ?, ?, 1, 1, 1)"
        connection.executemany(statement, days)
        connection.execute(f"PRAGMA user_version = {len(files)}")
        connection.commit()
    migrate(tmp_path, "20260502T120000Z")
    with closing(sqlite3.connect(tmp_path / CONTROL_FILE)) as connection:
        found = connection.execute("SELECT month_us, device_id FROM device_months ORDER BY 1, 2").fetchall()
        april_us, may_us = month_of(APRIL_30_US)
        assert found == [(april_us, 11), (april_us, 12), (may_us, 11)]
        (until_us,) = connection.execute("SELECT until_us FROM billed_until WHERE org_id = 1").fetchone()
        assert month_of(until_us)[0] == until_us > may_us
