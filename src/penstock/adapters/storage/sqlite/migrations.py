"""Migrates the control database to the current schema.

Migrations are numbered files. Each runs in one transaction together with the new version number, so a crash leaves either the
schema before it or the one after it. The database is copied before the first one runs. All that make a new database run in one
transaction: to wait for the disk thirty times took half a second on a slow one.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from penstock.adapters.storage.sqlite.connection import StorageUnavailable, connect, make_private, schema_version
from penstock.kit.errors import Kind, PenstockError

MIGRATIONS = Path(__file__).parent.parent / "migrations"
CONTROL_FILE = "penstock.db"


class SchemaTooNew(PenstockError):
    """A newer program wrote the data directory."""

    kind, code = Kind.PRECONDITION, "storage.schema_too_new"
    message = "{path} has a newer schema than this program supports ({known}); use the newer program or restore a backup"


class DatabaseDamaged(PenstockError):
    """The control database is damaged."""

    kind, code = Kind.PRECONDITION, "storage.database_damaged"
    message = "{path} is damaged ({reason}); restore the data directory from a backup"


def migration_files() -> list[Path]:
    """The migrations in order; the n-th results in schema version n."""
    return sorted(MIGRATIONS.glob("*.sql"))


def known_version() -> int:
    """The schema version of this program."""
    return len(migration_files())


def schema_name(version: int) -> str:
    """How a schema version is shown: as its newest migration, whose number is a higher one because some were not used."""
    return migration_files()[version - 1].stem if version else "empty"


def migrate(data_dir: Path, now_text: str) -> list[str]:
    """Migrate the control database. Returns the names of the migrations that ran.

    Raises:
        SchemaTooNew, DatabaseDamaged: nothing was changed.
        StorageUnavailable: the disk is full, or another process locks the database.
    """
    path = data_dir / CONTROL_FILE
    try:
        return _migrate(path, now_text)
    except sqlite3.OperationalError as error:
        raise StorageUnavailable(reason=f"{path.name}: {error}") from error
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:  # the latter from SQLite's message about the damage
        raise DatabaseDamaged(path=path.name, reason=str(error)) from error


def _migrate(path: Path, now_text: str) -> list[str]:
    connection = connect(path)
    try:
        # Before any change. A full integrity_check also compares every index with its table; this one does not.
        found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            raise DatabaseDamaged(path=path.name, reason=found)
        version = schema_version(connection)
        if version > known_version():
            raise SchemaTooNew(path=path.name, known=schema_name(known_version()))
        pending = migration_files()[version:]
        if not version:
            _apply(connection, pending, known_version())
        elif pending:
            _snapshot(connection, path.parent / "snapshots" / f"penstock-v{version}-{now_text}.db")
            for number, file in enumerate(pending, start=version + 1):
                _apply(connection, [file], number)
        return [file.stem for file in pending]
    finally:
        connection.close()


def _snapshot(connection: sqlite3.Connection, target: Path) -> None:
    target.parent.mkdir(mode=0o700, exist_ok=True)
    draft = target.with_suffix(".new")
    draft.unlink(missing_ok=True)  # left by a crash
    make_private(draft)
    copy = sqlite3.connect(draft)
    try:
        copy.execute("PRAGMA synchronous = FULL")
        connection.backup(copy)
    finally:
        copy.close()
    _sync(draft)
    draft.rename(target)  # a copy exists completely or not at all
    _sync(target.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _apply(connection: sqlite3.Connection, files: list[Path], version: int) -> None:
    texts = "\n".join(file.read_text("utf-8") for file in files)
    # executescript would commit first, so the transaction is part of the script.
    connection.executescript(f"BEGIN IMMEDIATE;\n{texts}\nPRAGMA user_version = {version};\nCOMMIT;")
