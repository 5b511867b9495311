"""Devices that were placed before placements were dated, months without EUIs, and devices that waited for a customer."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from itertools import takewhile
from pathlib import Path

import pytest

from penstock.adapters.storage.sqlite.migrations import CONTROL_FILE, migrate, migration_files

ROWS = """
INSERT INTO organizations (id, name, plan, created_us) VALUES (1, 'Old', 'enterprise', 0);
INSERT INTO projects (id, org_id, name, is_default, alias, created_us) VALUES (7, 1, 'Default', 1, 'a', 0);
INSERT INTO devices (id, org_id, project_id, name, type, description, status, settings, labels, token_digest, token_prefix,
    created_us, updated_us)
SELECT value, 1, 7, 'Meter', '', '', 'active', '{}', '{}', CAST(value AS BLOB), '', 0, 0 FROM json_each('[11, 12, 13]');
INSERT INTO device_identifiers (org_id, kind, value, device_id) VALUES (1, 'eui', '70b3d57ed0061f2a', 11), (1, 'mac', 'x', 12);
INSERT INTO customers (id, org_id, name, admin_email, tenant_name, created_us, updated_us)
VALUES (5, 1, 'House', '', 'house', 0, 0);
INSERT INTO residents (id, org_id, customer_id, name, email, created_us) VALUES (6, 1, 5, 'Grace', '', 0);
INSERT INTO device_placements (device_id, org_id, customer_id, resident_id, mark)
VALUES (11, 1, 5, 6, NULL), (12, 1, 5, NULL, NULL), (13, 1, NULL, NULL, 'maintenance');
INSERT INTO device_months (org_id, month_us, device_id, customer_id) VALUES (1, 0, 11, 5), (1, 0, 12, 5), (1, 0, 99, NULL);
INSERT INTO unregistered_devices (org_id, eui, customer_id, tenant_name, network, first_seen_us, last_seen_us)
VALUES (1, 'a', NULL, 'house', 'custom', 0, 0), (1, 'b', NULL, 'House', 'custom', 0, 0), (1, 'c', NULL, NULL, 'custom', 0, 0);
"""


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """What a program without dated placements left."""
    files = list(takewhile(lambda file: not file.stem.endswith("_device_periods"), migration_files()))
    assert len(files) < len(migration_files())
    with closing(sqlite3.connect(tmp_path / CONTROL_FILE)) as connection:
        for file in files:
            connection.executescript(file.read_text("utf-8"))
        connection.executescript(ROWS)
        connection.execute(f"PRAGMA user_version = {len(files)}")
        connection.commit()
    return tmp_path


def test_placements_hold_from_the_beginning_and_months_have_euis(data_dir: Path) -> None:
    migrate(data_dir, "20260502T120000Z")
    with closing(sqlite3.connect(data_dir / CONTROL_FILE)) as connection:
        periods = "SELECT org_id, device_id, customer_id, resident_id, from_us, to_us FROM device_periods ORDER BY device_id"
        assert connection.execute(periods).fetchall() == [(1, 11, 5, 6, 0, None), (1, 12, 5, None, 0, None)]
        months = connection.execute("SELECT device_id, eui FROM device_months ORDER BY device_id").fetchall()
        assert months == [(11, "70b3d57ed0061f2a"), (12, None), (99, None)]
        waiting = connection.execute("SELECT eui, customer_id FROM unregistered_devices ORDER BY eui").fetchall()
        assert waiting == [("a", 5), ("b", None), ("c", None)]
