"""The schema up to date without a server."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from penstock.adapters.storage.sqlite.migrations import migration_files
from tests.support.server import RunningServer, run_cli

from .commands import output, refusal
from .older import older_data_dir


def test_it_tells_what_ran_and_where_the_copy_is(tmp_path: Path) -> None:
    older = older_data_dir(tmp_path / "data")
    printed = output("migrate", "--data-dir", str(tmp_path / "data")).splitlines()
    (snapshot,) = (tmp_path / "data" / "snapshots").iterdir()
    assert printed == [f"ran {migration_files()[-1].stem}", f"copy of the database from before: {snapshot}"]
    with closing(sqlite3.connect(snapshot)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (older,)
    assert output("migrate", "--data-dir", str(tmp_path / "data")) == f"up to date: schema {migration_files()[-1].stem}\n"
    assert list((tmp_path / "data" / "snapshots").iterdir()) == [snapshot]


def test_a_running_server_is_not_disturbed(server: RunningServer) -> None:
    assert "is in use by another server" in refusal(run_cli("migrate", "--data-dir", str(server.data_dir)))


def test_nothing_changes_when_a_segment_is_newer(data_dir: Path) -> None:
    (segment,) = (data_dir / "telemetry").glob("*.db")
    with closing(sqlite3.connect(segment)) as connection:
        connection.execute("PRAGMA user_version = 99")
    with closing(sqlite3.connect(data_dir / "penstock.db")) as connection:
        connection.execute("PRAGMA user_version = 1")
    assert "schema 99" in refusal(run_cli("migrate", "--data-dir", str(data_dir)))
    with closing(sqlite3.connect(data_dir / "penstock.db")) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)


def test_a_directory_without_data_is_refused(tmp_path: Path) -> None:
    assert "no data was stored there" in refusal(run_cli("migrate", "--data-dir", str(tmp_path)))
    assert list(tmp_path.iterdir()) == []
    assert "does not exist" in refusal(run_cli("migrate", "--data-dir", str(tmp_path / "none")))
