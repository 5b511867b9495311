"""Data as it was before there was a vault: secrets sealed in the rows of their owners."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec

from penstock.adapters.sealing import SealedBox
from penstock.adapters.storage.data_dir import DataDir
from penstock.adapters.storage.sqlite.migrations import CONTROL_FILE
from penstock.kit.secret import Pepper

TABLES = {"connection": "connections", "webhook": "webhook_endpoints", "channel": "chat_channels"}


def old_form(box: SealedBox, kind: str, number: int, secrets: Mapping[str, Any]) -> bytes:
    """The old column of an owner, from the struct that it was."""
    if kind == "connection":
        return msgspec.msgpack.encode(
            {path: box.seal(value.encode(), f"{kind}:{number}:{path}") for path, value in secrets.items()}
        )
    return box.seal(msgspec.json.encode(secrets), f"{kind}:{number}")


def make_old(data_dir: Path, owners: Mapping[tuple[str, int], Mapping[str, Any]], pepper: Pepper | None = None) -> None:
    """Take the secrets of owners out of the vault of a server that is stopped, and seal them in their rows."""
    box = SealedBox(pepper or DataDir(data_dir).pepper())
    with closing(sqlite3.connect(data_dir / CONTROL_FILE, isolation_level=None)) as database:
        database.execute("PRAGMA foreign_keys = ON")
        for (kind, number), secrets in owners.items():
            database.execute("DELETE FROM secrets WHERE owner_kind = ? AND owner_id = ?", (kind, number))
            sealed = old_form(box, kind, number, secrets)
            query = f"UPDATE {TABLES[kind]} SET sealed = ?, secret_paths = '{{}}' WHERE id = ?"
            assert database.execute(query, (sealed, number)).rowcount == 1


def sealed_rows(data_dir: Path) -> int:
    """How many owners still have an old column."""
    with closing(sqlite3.connect(data_dir / CONTROL_FILE)) as database:
        return sum(
            int(database.execute(f"SELECT count(*) FROM {table} WHERE sealed != x''").fetchone()[0]) for table in TABLES.values()
        )
