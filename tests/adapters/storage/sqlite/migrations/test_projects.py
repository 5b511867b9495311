"""Projects and devices that were there before get an alias and a licence."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from itertools import takewhile
from pathlib import Path

import pytest

from penstock.adapters.storage.sqlite.migrations import CONTROL_FILE, migrate, migration_files

CREATED_US = 1_776_146_400_000_000
ALIAS = "69ddd7e00000000000000007"
DEVICE = """
INSERT INTO devices (id, org_id, project_id, name, type, description, status, settings, labels, token_digest, token_prefix,
    created_us, updated_us) VALUES (?, 1, 7, 'Pump', 'sensor', '', 'active', '{}', '{}', ?, 'tok_1234', 0, 0)
"""


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """What a program without aliases and licences left: a project with two devices."""
    files = list(takewhile(lambda file: not file.stem.endswith("_projects"), migration_files()))
    assert len(files) < len(migration_files())
    with closing(sqlite3.connect(tmp_path / CONTROL_FILE)) as connection:
        for file in files:
            connection.executescript(file.read_text("utf-8"))
        connection.execute("INSERT INTO organizations (id, name, plan, created_us) VALUES (1, 'Old', 'enterprise', 0)")
        project = (7, 1, "Default", 1, CREATED_US)
        connection.execute("INSERT INTO projects (id, org_id, name, is_default, created_us) VALUES (?, ?, ?, ?, ?)", project)
        connection.executemany(DEVICE, [(number, bytes([number])) for number in (11, 12)])
        connection.execute(f"PRAGMA user_version = {len(files)}")
        connection.commit()
    return tmp_path


def test_what_was_there_before_has_an_alias_and_licences(data_dir: Path) -> None:
    migrate(data_dir, "20260502T120000Z")
    with closing(sqlite3.connect(data_dir / CONTROL_FILE)) as connection:
        assert connection.execute("SELECT alias, platform FROM projects").fetchall() == [(ALIAS, "AMD64")]
        found = connection.execute("SELECT device_id, project_id, length(id) FROM licenses ORDER BY device_id").fetchall()
        assert found == [(11, 7, 32), (12, 7, 32)]
