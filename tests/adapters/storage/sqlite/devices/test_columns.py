"""Every field of a device is a column that is read, and what can be changed of it is written."""

from __future__ import annotations

import re
from pathlib import Path

from penstock.adapters.storage.sqlite.connection import connect, statements
from penstock.adapters.storage.sqlite.migrations import CONTROL_FILE, migrate
from penstock.core.devices.models import Device, DevicePatch, NewDevice

ROWS_OF_THEIR_OWN = {"identifiers", "sensors"}


def test_every_field_is_read(tmp_path: Path) -> None:
    migrate(tmp_path, "now")
    connection = connect(tmp_path / CONTROL_FILE)
    try:
        for name in ("find_device", "list_devices"):
            statement = statements()[name]
            asked = connection.execute(statement, dict.fromkeys(re.findall(r":(\w+)", statement), 1))
            assert sorted(column[0] for column in asked.description) == sorted(Device.__struct_fields__), name
    finally:
        connection.close()


def test_what_is_created_and_changed_is_written() -> None:
    for name, struct in (("create_device", NewDevice), ("update_device", DevicePatch)):
        written = set(re.findall(r":(\w+)", statements()[name]))
        assert set(struct.__struct_fields__) - ROWS_OF_THEIR_OWN <= written, name
