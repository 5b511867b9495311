"""What happened outlives what it happened to: no table with times disappears with a row that a user can delete."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from penstock.adapters.storage.sqlite.connection import connect
from penstock.adapters.storage.sqlite.migrations import CONTROL_FILE, migrate

OF_ITS_OWNER = {
    "alert_snoozes": "the present state of an alert; the audit log has when it was snoozed",
    "agent_pairings": "how a device's agent may act now",
    "alert_repeats": "a part of the alert event, which is kept as long as any",
    "codec_versions": "versions of a profile's script, which are shown below it alone",
    "command_definitions": "what can be requested of a device, not what was",
    "command_transitions": "a part of the execution, which is kept as long as any",
    "dashboard_images": "a part of a widget, which is no history",
    "dashboard_shares": "who can open a dashboard now; the audit log has who could",
    "dashboard_widgets": "a part of a dashboard",
    "device_connectivity": "shown below the device alone",
    "device_events": "shown below the device alone; webhooks, rules and streams were told of each",
    "device_maintenance": "the present state of a device",
    "device_placements": "where a device is now",
    "device_routes": "how a device is reached now",
    "event_types": "a description, not an event",
    "group_members": "who is in a group now",
    "inbox_address_grants": "who can use an address now; the audit log has who could",
    "inbox_parts": "a part of the message, which is kept as long as any",
    "invoice_holds": "what waits for a person now: without its customer there is nothing to close",
    "invoicing": "settings of a customer",
    "pair_codes": "a code is of no use without its device",
    "meter_alarm_progress": "how far the readings of a device were evaluated",
    "preferences": "settings of a user",
    "quiet_hours": "settings of a user",
    "residents": "belongs to its customer",
    "rule_runs": "a rule in the trash keeps its runs for as long as any run is kept",
    "rule_versions": "a rule in the trash keeps them",
    "seed_requests": "what a second person may approve now; the audit log has every step",
    "secret_versions": "a secret that was deleted must not be kept; the audit log has that it was",
    "sensors": "describes a device",
    "token_grants": "who may use a token now; the audit log has every change",
    "sms_parts": "parts of a text that is not complete; without its account the rest cannot arrive",
    "unregistered_readings": "they move to the device when it is registered, and go when it is rejected",
    "webhook_attempts": "a part of the message, which is kept as long as any",
    "webhook_gathered": "readings that still wait for a message to an endpoint that is gone",
}
"""Tables that go with their owner, and why."""


@pytest.fixture
def going(tmp_path: Path) -> set[str]:
    """The tables with times whose rows are deleted with a row of another table."""
    migrate(tmp_path, "now")
    connection = connect(tmp_path / CONTROL_FILE)
    try:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {table for table in tables if _has_times(connection, table) and _goes(connection, table)}
    finally:
        connection.close()


def _has_times(connection: sqlite3.Connection, table: str) -> bool:
    rows = connection.execute(f"PRAGMA table_info({table})")
    return any(row[1].endswith("_us") for row in rows)


def _goes(connection: sqlite3.Connection, table: str) -> bool:
    rows = connection.execute(f"PRAGMA foreign_key_list({table})")
    return any(row[6] == "CASCADE" for row in rows)


def test_a_history_does_not_go_with_its_owner(going: set[str]) -> None:
    assert going - OF_ITS_OWNER.keys() == set()


def test_the_list_has_nothing_that_is_gone(going: set[str]) -> None:
    assert OF_ITS_OWNER.keys() - going == set()
