"""Connections to SQLite files: how they are opened, what a search text matches, and which failures are told as what."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from penstock.adapters.storage.sqlite.connection import Session, StorageUnavailable, connect, like, schema_version


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    opened = Session(connect(tmp_path / "x.db"), ThreadPoolExecutor(1))
    yield opened
    opened.close()


def test_a_writer_has_a_log_of_its_own_and_foreign_keys(tmp_path: Path) -> None:
    connection = connect(tmp_path / "x.db", synchronous="NORMAL")
    try:
        found = [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous", "foreign_keys")]
        assert found == ["wal", 1, 1]
        assert schema_version(connection) == 0
        connection.execute("PRAGMA user_version = 7")
        assert schema_version(connection) == 7
    finally:
        connection.close()


def test_a_reader_writes_nothing_and_makes_no_file(tmp_path: Path) -> None:
    connect(tmp_path / "an odd?name.db").close()
    reader = connect(tmp_path / "an odd?name.db", read_only=True)
    try:
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            reader.execute("CREATE TABLE t (a)")
    finally:
        reader.close()
    with pytest.raises(sqlite3.OperationalError):
        connect(tmp_path / "none.db", read_only=True)
    assert not (tmp_path / "none.db").exists()


@pytest.mark.parametrize(
    ("text", "name", "matches"),
    [
        ("um", "pump", True),
        ("50%", "50% valve", True),
        ("50%", "50 valves", False),
        ("a_b", "a_b", True),
        ("a_b", "axb", False),
        ("a\\b", "a\\b", True),
        ("a\\", "a%", False),
        ("", "anything", True),
    ],
)
def test_a_text_is_found_anywhere_and_means_itself(text: str, name: str, matches: bool) -> None:
    connection = sqlite3.connect(":memory:")
    assert connection.execute("SELECT ? LIKE ? ESCAPE '\\'", (name, like(text))).fetchone() == (matches,)
    connection.close()


def test_no_text_is_no_pattern() -> None:
    assert like(None) is None


async def test_what_the_disk_refuses_is_unavailable_and_what_a_constraint_refuses_is_not(session: Session) -> None:
    await session.call(lambda connection: connection.execute("CREATE TABLE t (a UNIQUE)"))
    with pytest.raises(StorageUnavailable, match="no such table: u"):
        await session.call(lambda connection: connection.execute("INSERT INTO u VALUES (1)"))
    await session.call(lambda connection: connection.execute("INSERT INTO t VALUES (1)"))
    with pytest.raises(sqlite3.IntegrityError):
        await session.call(lambda connection: connection.execute("INSERT INTO t VALUES (1)"))


def test_what_is_deleted_is_overwritten(tmp_path: Path) -> None:
    connection = connect(tmp_path / "x.db")
    connection.execute("CREATE TABLE t (a)")
    connection.executemany("INSERT INTO t VALUES (?)", [("sealed-1",), ("sealed-2",)])
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.execute("UPDATE t SET a = '' WHERE a = 'sealed-1'")
    connection.close()
    content = (tmp_path / "x.db").read_bytes()
    assert (b"sealed-1" in content, b"sealed-2" in content) == (False, True)


async def test_no_cursor_leaves_the_thread_of_its_connection(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    freed_in: list[int] = []

    class Watched(sqlite3.Cursor):
        def __del__(self) -> None:
            freed_in.append(threading.get_ident())

    class Watching(sqlite3.Connection):
        def execute(self, *asked: Any) -> Watched:
            return self.cursor(Watched).execute(*asked)

        def executemany(self, *asked: Any) -> Watched:
            return self.cursor(Watched).executemany(*asked)

    texts = {"make": "CREATE TABLE t (a)", "add": "INSERT INTO t VALUES (:a)", "find": "SELECT a FROM t"}
    monkeypatch.setattr("penstock.adapters.storage.sqlite.connection.statements", lambda: texts)
    connection = sqlite3.connect(tmp_path / "x.db", isolation_level=None, check_same_thread=False, factory=Watching)
    opened = Session(connection, ThreadPoolExecutor(1))
    try:
        its_own = await opened.call(lambda _: threading.get_ident())
        await opened.run("make", {})
        for begin in ("BEGIN", "BEGIN IMMEDIATE"):
            await opened.call(lambda c, text=begin: c.execute(text))  # type: ignore[misc]
            for number in range(20):
                await opened.run_many("add", [{"a": number}])
            await opened.one("find", {})
            await opened.call(lambda c: c.execute("COMMIT"))
        assert len(await opened.all("find", {})) == 40
    finally:
        opened.close()
    assert len(freed_in) > 40, "they are not watched"
    assert set(freed_in) == {its_own}
