"""A field of a device is written in four source files: the model, the columns, a migration, the wire.

`firmware_version` is the field that shows it. Whatever else handles devices knows a plain field by its name and type alone.
"""

from __future__ import annotations

import re

from .tree import ROOT, SRC

FIELD = "firmware_version"
PLACES = {
    "core/devices/models.py",
    "adapters/storage/queries/devices.sql",
    "adapters/storage/migrations/0031_device_firmware.sql",
    "api/v2/devices/wire.py",
}


def places_of(name: str) -> set[str]:
    """The source files that write a name."""
    files = [path for pattern in ("*.py", "*.sql") for path in SRC.rglob(pattern)]
    return {path.relative_to(SRC).as_posix() for path in files if re.search(rf"\b{name}\b", path.read_text("utf-8"))}


def test_a_field_of_a_device_is_written_in_four_files() -> None:
    assert places_of(FIELD) == PLACES


def test_a_name_is_found_in_python_and_in_sql() -> None:
    assert {"adapters/storage/sqlite/devices.py", "adapters/storage/queries/devices.sql"} <= places_of("token_digest")


def test_the_first_hour_names_them() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8").partition("## Add a field to a device")[2].partition("\n## ")[0]
    for place in PLACES:
        assert place in text or f"{place.rpartition('/')[0]}/`" in text, place
