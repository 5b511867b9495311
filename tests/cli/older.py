"""A data directory as the program before the newest migration left it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from penstock.adapters.storage.data_dir import DataDir
from penstock.adapters.storage.sqlite.migrations import migration_files


def older_data_dir(path: Path) -> int:
    """Make one with the organisation Old in it; its schema version."""
    DataDir(path).pepper()
    files = migration_files()[:-1]
    with closing(sqlite3.connect(path / "penstock.db")) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        for file in files:
            connection.executescript(file.read_text("utf-8"))
        connection.execute("INSERT INTO organizations (id, name, plan, created_us) VALUES (1, 'Old', 'enterprise', 0)")
        connection.execute(f"PRAGMA user_version = {len(files)}")
        connection.commit()
    return len(files)
