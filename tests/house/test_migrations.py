"""The numbers of migrations only grow: a version is a count of files, so that one in between would shift all that follow it."""

from __future__ import annotations

import re

from penstock.adapters.storage.sqlite.migrations import known_version, migration_files, schema_name

NEVER_USED = {28, 40}
"""Numbers of migrations that never came. A file with one of them would not run where the later ones have run."""


def numbers() -> list[int]:
    names = [file.stem for file in migration_files()]
    assert all(re.fullmatch(r"\d{4}_[a-z_]+", name) for name in names), "a name is 0001_what_it_is_about"
    return [int(name[:4]) for name in names]


def test_each_number_has_one_file_and_no_gap_is_filled() -> None:
    found = numbers()
    assert len(set(found)) == len(found)
    assert not NEVER_USED & set(found)
    assert set(range(1, 44)) - set(found) == NEVER_USED


def test_a_schema_is_shown_as_its_newest_migration() -> None:
    shown = [schema_name(version) for version in range(known_version() + 1)]
    assert shown == ["empty", *(file.stem for file in migration_files())]
