"""A field of a device is written in four source files: the model, the columns, a migration, the wire.

`firmware_version` is the field that shows it. Whatever else handles devices knows a plain field by its name and type alone.
"""

from __future__ import annotations

import contextlib
import re
import sqlite3

from penstock.api.v2.devices import wire
from penstock.core.devices.models import Device, DevicePatch, NewDevice

from .tree import ROOT, SRC

FIELD = "firmware_version"
PLACES = {
    "core/devices/models.py",
    "adapters/storage/queries/devices.sql",
    "adapters/storage/migrations/0031_device_firmware.sql",
    "api/v2/devices/wire.py",
    "api/console/devices/forms.py",
}


SHOWN_AS = {
    "org_id": "organization_id",
    "token_prefix": "access_token_prefix",
    "last_seen_us": "last_seen_at",
    "created_us": "created_at",
    "updated_us": "updated_at",
    "malformed_messages": "malformed",
    "malformed_us": "malformed",
    "malformed_reason": "malformed",
    "cut_connections": "cuts",
    "cut_us": "cuts",
    "cut_reason": "cuts",
    "noted": "connectivity",
    "noted_us": "connectivity",
    "expected_interval_us": "expected_interval_s",
}
"""Fields of a device with another name over the wire."""


def shown(model: type, over_the_wire: type) -> set[str]:
    """Fields of a model that its wire struct lacks."""
    return {SHOWN_AS.get(name, name) for name in model.__struct_fields__} - set(over_the_wire.__struct_fields__)  # type: ignore[attr-defined]


def modelled(over_the_wire: type, model: type) -> set[str]:
    """Fields of a wire struct that its model lacks."""
    return set(over_the_wire.__struct_fields__) - {SHOWN_AS.get(name, name) for name in model.__struct_fields__}  # type: ignore[attr-defined]


def test_a_field_of_a_device_is_in_the_model() -> None:
    assert modelled(wire.Device, Device) == set(), "core/devices/models.py, Device"
    assert modelled(wire.DeviceCreate, NewDevice) == set(), "core/devices/models.py, NewDevice"
    assert modelled(wire.DevicePatch, DevicePatch) == set(), "core/devices/models.py, DevicePatch"


def test_a_field_of_a_device_is_stored() -> None:
    text = (SRC / "adapters/storage/queries/devices.sql").read_text("utf-8").partition("-- name:")[0]
    columns = set(re.findall(r"\w+", text))
    assert set(Device.__struct_fields__) - columns == set(), "adapters/storage/queries/devices.sql"


def test_a_column_of_a_device_has_a_migration() -> None:
    with contextlib.closing(sqlite3.connect(":memory:")) as database:
        for migration in sorted((SRC / "adapters/storage/migrations").glob("*.sql")):
            database.executescript(migration.read_text("utf-8"))
        existing = {row[1] for row in database.execute("PRAGMA table_info(devices)")}
    text = (SRC / "adapters/storage/queries/devices.sql").read_text("utf-8")
    columns = re.findall(r"\w+", text.partition("-- fragment: device_columns")[2].partition("-- fragment:")[0])
    assert set(columns) - existing == set(), "adapters/storage/migrations/"


def test_a_field_of_a_device_is_shown_and_can_be_set() -> None:
    assert shown(Device, wire.Device) == set(), "api/v2/devices/wire.py, Device"
    assert shown(NewDevice, wire.DeviceCreate) == set(), "api/v2/devices/wire.py, DeviceCreate"
    assert shown(DevicePatch, wire.DevicePatch) == set(), "api/v2/devices/wire.py, DevicePatch"


def places_of(name: str) -> set[str]:
    """The source files that write a name."""
    files = [path for pattern in ("*.py", "*.sql") for path in SRC.rglob(pattern)]
    return {path.relative_to(SRC).as_posix() for path in files if re.search(rf"\b{name}\b", path.read_text("utf-8"))}


def test_a_field_of_a_device_is_written_in_few_files() -> None:
    assert places_of(FIELD) == PLACES


def test_a_name_is_found_in_python_and_in_sql() -> None:
    assert {"adapters/storage/sqlite/devices.py", "adapters/storage/queries/devices.sql"} <= places_of("token_digest")


def test_the_first_hour_names_them() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8").partition("## Add a field to a device")[2].partition("\n## ")[0]
    for place in PLACES:
        assert place in text or f"{place.rpartition('/')[0]}/`" in text, place
