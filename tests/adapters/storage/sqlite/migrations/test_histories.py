"""Histories of before are kept by the migrations that let them outlive their owner, with all that refers to them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from itertools import takewhile
from pathlib import Path

from penstock.adapters.storage.sqlite.migrations import CONTROL_FILE, migrate, migration_files

ROWS = {
    "alerts": "(id, org_id, name, description, severity, enabled, definition, armed_us, revision, created_us, updated_us)"
    " VALUES (5, 1, 'Hot', '', 'warning', 1, '{}', 0, 1, 0, 0)",
    "alert_events": "(id, org_id, alert_id, device_id, name, severity, time_us, raised_us, suppressed, escalations, cleared_us)"
    " VALUES (6, 1, 5, 3, 'Hot', 'warning', 1, 2, 0, '[]', 9)",
    "alert_repeats": "VALUES (7, 1, 5, 3, 6, 'warning', NULL, 4)",
    "command_executions": "(id, org_id, device_id, definition_id, name, parameters, transport, verification, timeout_us,"
    " repeatable, created_by, created_us, expires_us, state, reason, hand_outs, moves)"
    " VALUES (8, 1, 3, 1, 'restart', '{}', 'any', 'none', 1, 0, '', 1, 2, 'done', '', 1, 1)",
    "command_transitions": "VALUES (1, 8, 0, 'queued', 1, '')",
    "command_downlinks": "(execution_id, org_id, device_id, connection_id, name, accepted) VALUES (8, 1, 3, 2, 'x', 1)",
    "webhook_endpoints": "(id, org_id, name, url, format, topics, filters, options, header_names, sealed, enabled, since_us,"
    " created_us, updated_us) VALUES (9, 1, '', 'https://x', 'standard', '[]', '{}', '{}', '[]', '', 1, 0, 0, 0)",
    "webhook_messages": "(id, org_id, endpoint_id, event_key, topic, project_id, created_us, due_us, body, status, attempts,"
    " tries) VALUES (10, 1, 9, 'k', 'alert.raised', 2, 0, 0, '{}', 'delivered', 1, 1)",
    "webhook_attempts": "(id, org_id, message_id, endpoint_id, at_us, latency_us, excerpt) VALUES (11, 1, 10, 9, 0, 0, '')",
}
"""A row of each history, and of what it belongs to."""
OWNERS = ("alerts", "devices", "webhook_endpoints")


def old(path: Path) -> None:
    files = list(takewhile(lambda file: not file.stem.endswith("_chains_and_histories"), migration_files()))
    with closing(sqlite3.connect(path / CONTROL_FILE)) as connection:
        for file in files:
            connection.executescript(file.read_text("utf-8"))
        connection.execute("INSERT INTO organizations (id, name, plan, created_us) VALUES (1, 'Old', 'enterprise', 0)")
        connection.execute("PRAGMA foreign_keys = OFF")
        columns = {row[1]: row for row in connection.execute("PRAGMA table_info(devices)")}
        device = {name: 0 if row[2] == "INTEGER" else "{}" for name, row in columns.items() if row[3] or row[5]}
        device |= {"id": 3, "org_id": 1, "name": "Boiler", "project_id": 2}
        marks = ", ".join(f":{name}" for name in device)
        connection.execute(f"INSERT INTO devices ({', '.join(device)}) VALUES ({marks})", device)
        for table, values in ROWS.items():
            connection.execute(f"INSERT INTO {table} {values}")
        connection.execute(f"PRAGMA user_version = {len(files)}")
        connection.commit()


def counts(path: Path) -> dict[str, int]:
    with closing(sqlite3.connect(path / CONTROL_FILE)) as connection:
        return {table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ROWS}


def test_every_row_is_kept_and_outlives_its_owner(tmp_path: Path) -> None:
    old(tmp_path)
    migrate(tmp_path, "20260502T120000Z")
    assert counts(tmp_path) == dict.fromkeys(ROWS, 1)
    with closing(sqlite3.connect(tmp_path / CONTROL_FILE)) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        for table in OWNERS:
            connection.execute(f"DELETE FROM {table}")
        connection.commit()
        shown = "device_name, project_id, clear_time_us, chain"
        assert connection.execute(f"SELECT {shown} FROM alert_events").fetchone() == ("Boiler", 2, 9, "[]")
    assert counts(tmp_path) == {table: table not in OWNERS for table in ROWS}
