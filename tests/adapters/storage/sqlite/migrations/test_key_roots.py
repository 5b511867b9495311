"""Keys that were there before get the root that their chain of makers leads to."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from itertools import takewhile
from pathlib import Path

import pytest

from penstock.adapters.storage.sqlite.migrations import CONTROL_FILE, migrate, migration_files
from penstock.kit.ids import MAX_ID, KeyId, Prefix, UserId, encode

ADA, ZOE, GONE = UserId(2**62 + 12_345), UserId(31), UserId(MAX_ID)
CHAIN = 40

KEYS: dict[int, tuple[str, int | None, int | None]] = {
    1: ("", None, None),
    2: (encode(Prefix.KEY, KeyId(1)), None, None),
    3: (encode(Prefix.USER, ADA), None, ADA),
    4: (encode(Prefix.KEY, KeyId(3)), None, ADA),
    5: (encode(Prefix.KEY, KeyId(4)), 6, ADA),
    6: (encode(Prefix.USER, ZOE), 7, ADA),
    7: ("", None, ADA),
    8: ("", 9, None),
    9: (encode(Prefix.USER, ZOE), None, None),
    10: (encode(Prefix.KEY, KeyId(9)), None, None),
    11: (encode(Prefix.USER, GONE), None, GONE),
    12: (encode(Prefix.KEY, KeyId(99)), None, 0),
    13: (encode(Prefix.KEY, KeyId(12)), None, 0),
    14: ("nonsense", None, 0),
    2**62 + 1: (encode(Prefix.USER, ZOE), None, ZOE),
    2**62 + 2: (encode(Prefix.KEY, KeyId(2**62 + 1)), None, ZOE),
}
"""Key → its maker, its successor, and the root it should have. A key that nobody can answer for has the root 0."""


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """What a program without roots left."""
    files = list(takewhile(lambda file: not file.stem.endswith("_key_roots"), migration_files()))
    assert len(files) < len(migration_files())
    with closing(sqlite3.connect(tmp_path / CONTROL_FILE)) as connection:
        for file in files:
            connection.executescript(file.read_text("utf-8"))
        connection.execute("INSERT INTO organizations (id, name, plan, created_us) VALUES (1, 'Old', 'enterprise', 0)")
        rows = [(number, f"{number}".encode(), maker, successor) for number, (maker, successor, _) in KEYS.items()]
        rows += [(100 + at, b"c%d" % at, encode(Prefix.KEY, KeyId(99 + at if at else 4)), None) for at in range(CHAIN)]
        connection.executemany(
            "INSERT INTO api_keys (id, org_id, name, prefix, digest, scopes, created_us, created_by, replaced_by)"
            " VALUES (?, 1, '', '', ?, '', 0, ?, ?)",
            rows,
        )
        connection.execute(f"PRAGMA user_version = {len(files)}")
        connection.commit()
    return tmp_path


def test_what_was_there_before_has_the_root_of_its_chain(data_dir: Path) -> None:
    migrate(data_dir, "20260502T120000Z")
    with closing(sqlite3.connect(data_dir / CONTROL_FILE)) as connection:
        found = dict(connection.execute("SELECT id, root_id FROM api_keys"))
        left = connection.execute("SELECT name FROM sqlite_master WHERE name LIKE 'key_origins%'").fetchall()
    assert {number: found[number] for number in KEYS} == {number: root for number, (_, _, root) in KEYS.items()}
    assert {found[100 + at] for at in range(CHAIN)} == {ADA}, "however long the chain"
    assert left == []
