"""Devices from before connectivity was noted: what they were is noted, and nobody is told of it."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing

from penstock.adapters.storage.sqlite.migrations import migration_files


def test_devices_are_noted_as_they_were_and_nothing_is_news() -> None:
    files = migration_files()
    upgrade = next(number for number, path in enumerate(files) if path.stem.endswith("connectivity"))
    now_us = int(time.time() * 1_000_000)
    seen = {1: now_us, 2: now_us - 3_600_000_000, 3: None}
    with closing(sqlite3.connect(":memory:")) as connection:
        for path in files[:upgrade]:
            connection.executescript(path.read_text())
        connection.execute("INSERT INTO organizations (id, name, plan, created_us) VALUES (1, 'Acme', 'free', 0)")
        connection.execute("INSERT INTO projects (id, org_id, name, is_default, created_us) VALUES (1, 1, 'Default', 1, 0)")
        for device_id, seen_us in seen.items():
            connection.execute(
                "INSERT INTO devices (id, org_id, project_id, name, type, description, status, settings, labels, token_digest,"
                " token_prefix, last_seen_us, created_us, updated_us)"
                " VALUES (?, 1, 1, 'Pump', 'sensor', '', 'active', '{}', '{}', ?, '', ?, 0, 0)",
                (device_id, str(device_id).encode(), seen_us),
            )
        connection.executescript(files[upgrade].read_text())
        noted = connection.execute("SELECT id, connectivity, connectivity_us FROM devices ORDER BY id").fetchall()
        assert noted == [(1, "online", seen[1]), (2, "offline", seen[2]), (3, None, None)]
        assert connection.execute("SELECT count(*) FROM device_connectivity").fetchone() == (0,)
        assert connection.execute("SELECT count(*) FROM outbox").fetchone() == (0,)
