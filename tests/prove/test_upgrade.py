"""D8: data of an older schema is brought up to date, whatever happens meanwhile; data of a newer one is left alone."""

from __future__ import annotations

import copy
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from penstock.adapters.storage.sqlite import migrations
from tests.support.server import RunningServer

from .conftest import Note
from .servers import Refusal, end, serving, start
from .site import Site
from .stored import check_stored
from .traced import killed_at, need_strace
from .writers import Writer, fleet, run_load

OLD_VERSION = 1
PADDING_ORGANIZATIONS = 2_000
"""Rows that make the copy before the migration take a moment."""


def version(file: Path) -> int:
    with closing(sqlite3.connect(file)) as connection:
        return migrations.schema_version(connection)


def names(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as connection:
        return [row[0] for row in connection.execute("SELECT name FROM organizations ORDER BY name")]


def make_old(site: Site, monkeypatch: pytest.MonkeyPatch, folder: Path) -> list[str]:
    """Turn the control database into one of the first schema with the same rows, made by the machinery of old.

    The names of the organisations in it, with which one can tell whether rows were lost.
    """
    folder.mkdir()
    shutil.copy(migrations.migration_files()[0], folder)
    new = site.data_dir / migrations.CONTROL_FILE
    old = folder / migrations.CONTROL_FILE
    with monkeypatch.context() as patch:
        patch.setattr(migrations, "MIGRATIONS", folder)
        assert migrations.migrate(folder, "then") == ["0001_init"]
    with closing(sqlite3.connect(old)) as connection:
        connection.execute("ATTACH ? AS new", [str(new)])
        tables = "SELECT name FROM main.sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
        for (table,) in connection.execute(tables).fetchall():
            columns = ", ".join(row[1] for row in connection.execute(f"PRAGMA main.table_info({table})"))
            connection.execute(f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM new.{table}")
        rows = [(number, f"Padding {number}", "enterprise", 0) for number in range(1, PADDING_ORGANIZATIONS + 1)]
        connection.executemany("INSERT INTO organizations (id, name, plan, created_us) VALUES (?, ?, ?, ?)", rows)
        connection.commit()
    for leftover in site.data_dir.glob(f"{migrations.CONTROL_FILE}*"):
        leftover.unlink()
    old.rename(new)
    for segment in (site.data_dir / "telemetry").glob("*.db"):
        with closing(sqlite3.connect(segment)) as connection:
            connection.execute("PRAGMA application_id = 0")  # the machinery of old knew no numbers of directories
    return names(new)


@pytest.fixture
def old_site(site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> tuple[Site, list[str], list[Writer]]:
    """A site with readings, whose control database has the first schema."""
    writers = fleet(site)
    server = serving(site.data_dir)
    run_load(writers, server.base_url, 0.1)
    assert end(server) == 0
    return site, make_old(site, monkeypatch, tmp_path / "old"), writers


def check_upgraded(site: Site, known: list[str], writers: list[Writer]) -> None:
    server = serving(site.data_dir)
    run_load(writers, server.base_url, 0.1)
    with server.client(site.org) as client:
        assert len(client.get("/api/v2/devices").json()["data"]) == len(site.devices["Acme"])
    assert end(server) == 0
    check_stored(site.data_dir, writers)
    control = site.data_dir / migrations.CONTROL_FILE
    assert version(control) == migrations.known_version()
    assert names(control) == known


def check_snapshots(site: Site, known: list[str]) -> int:
    """Each copy is a whole database of the old schema; how many there are."""
    snapshots = list((site.data_dir / "snapshots").glob("*.db"))
    assert [(version(file), len(names(file))) for file in snapshots] == [(OLD_VERSION, len(known))] * len(snapshots)
    return len(snapshots)


def test_an_older_schema_is_brought_up_to_date(old_site: tuple[Site, list[str], list[Writer]]) -> None:
    site, known, writers = old_site
    assert version(site.data_dir / migrations.CONTROL_FILE) == OLD_VERSION
    check_upgraded(site, known, writers)
    assert check_snapshots(site, known) == 1


def test_a_newer_schema_is_refused(site: Site) -> None:
    control = site.data_dir / migrations.CONTROL_FILE
    with closing(sqlite3.connect(control)) as connection:
        connection.execute(f"PRAGMA user_version = {migrations.known_version() + 1}")
    before = control.read_bytes()
    refusal = start(site.data_dir)
    assert isinstance(refusal, Refusal)
    assert refusal.status == 1
    assert refusal.said.startswith(f"penstock: {migrations.CONTROL_FILE} has a newer schema than this program supports")
    assert refusal.said.count("\n") == 1
    assert control.read_bytes() == before


@pytest.mark.parametrize(
    ("call", "numbers"),
    [
        # Under strace a start can take longer than a busy machine allows: these are for the long runs.
        pytest.param("fdatasync", (3, 8), marks=pytest.mark.prove),
        pytest.param("pwrite64", (20, 60, 100), marks=pytest.mark.prove),
        pytest.param("fdatasync", range(1, 12), marks=pytest.mark.prove),
        pytest.param("pwrite64", range(2, 120, 4), marks=pytest.mark.prove),
        pytest.param("unlink", range(1, 5), marks=pytest.mark.prove),
    ],
    ids=str,
)
def test_kill_9_while_migrating(
    old_site: tuple[Site, list[str], list[Writer]], tmp_path: Path, note: Note, call: str, numbers: range
) -> None:
    need_strace()
    original, known, writers = old_site
    died = 0
    for number in numbers:
        site = original.copied(tmp_path / f"{call}-{number}")
        server = start(site.data_dir, under=killed_at(call, number))
        died += not isinstance(server, RunningServer)
        if isinstance(server, RunningServer):
            end(server, hard=True)
        # Each migration is a transaction of its own.
        assert version(site.data_dir / migrations.CONTROL_FILE) in range(OLD_VERSION, migrations.known_version() + 1)
        check_snapshots(site, known)
        check_upgraded(site, known, copy.deepcopy(writers))
    note("kills, violations", f"{died} at {len(numbers)} points, 0", "0")
