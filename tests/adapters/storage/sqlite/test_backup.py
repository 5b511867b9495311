"""A backup as a function: whatever happens beside it, the file holds one moment, or there is none."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from penstock.adapters.storage.key_files import KeyFiles
from penstock.adapters.storage.sqlite.backup import Backup, BackupFailed, write_backup
from penstock.adapters.storage.sqlite.restore import restore_backup
from penstock.adapters.storage.vault_archive import read_archive
from penstock.core.vault.models import KeyVersion, OrganizationKeys
from penstock.kit.ids import OrgId
from tests.cli.commands import create_device
from tests.support.server import Org, running_server
from tests.support.waiting import eventually

OF_OTHER_LOGS = "('alerts_connectivity', 998), ('webhooks.audit.5', 999)"


def wanted(data_dir: Path, file: Path, **more: object) -> Backup:
    told = {"settings_file": None, "program_version": "0", "created_us": 1, "created_at": "1970-01-01T00:00:00Z"}
    return Backup(data_dir=data_dir, file=file, **{**told, **more})  # type: ignore[arg-type]


def test_two_backups_to_one_name_do_not_meet(data_dir: Path, tmp_path: Path) -> None:
    def second(name: str, size_bytes: int) -> None:
        with pytest.raises(BackupFailed, match="another backup"):
            write_backup(wanted(data_dir, tmp_path / "b.tar"))

    write_backup(wanted(data_dir, tmp_path / "b.tar"), second)
    restore_backup(tmp_path / "b.tar", tmp_path / "restored")


def test_a_backup_that_is_interrupted_leaves_nothing(data_dir: Path, tmp_path: Path) -> None:
    def interrupted(name: str, size_bytes: int) -> None:
        if name == "penstock.db":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_backup(wanted(data_dir, tmp_path / "b.tar"), interrupted)
    assert {path.name for path in tmp_path.iterdir()} == {"data"}


def test_a_copy_shows_one_moment_while_it_is_written_to(data_dir: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(data_dir / "penstock.db", isolation_level=None)) as writer:
        writer.execute("CREATE TABLE pad (n INTEGER PRIMARY KEY, text BLOB)")
        writer.execute("BEGIN")
        writer.executemany("INSERT INTO pad VALUES (?, randomblob(3000))", [(n,) for n in range(20_000)])
        writer.execute("COMMIT")
        steps = 0

        def change(name: str, size_bytes: int) -> None:
            nonlocal steps
            if name == "penstock.db" and size_bytes > 1_000_000:  # a step of the copy, not of packing it
                steps += 1
                writer.execute("INSERT INTO pad VALUES (?, 'late')", (100_000 + steps,))
                writer.execute("DELETE FROM pad WHERE n = ?", (20_000 - steps,))

        write_backup(wanted(data_dir, tmp_path / "b.tar"), change)
    assert steps > 5
    restore_backup(tmp_path / "b.tar", tmp_path / "restored")
    with closing(sqlite3.connect(tmp_path / "restored" / "penstock.db")) as copy:
        assert copy.execute("SELECT count(*), max(n) FROM pad").fetchone() == (20_000, 19_999)


def test_a_segment_that_retention_removes_meanwhile_is_left_out(data_dir: Path, tmp_path: Path) -> None:
    telemetry = data_dir / "telemetry"
    (newest,) = telemetry.glob("*.db")
    for day in ("2026-01-01", "2026-01-02", "2026-01-03"):
        (telemetry / f"{day}.db").write_bytes(newest.read_bytes())

    def remove(name: str, size_bytes: int) -> None:
        if name.endswith("2026-01-01.db"):  # the one being copied, and the one listed after it
            for path in [*telemetry.glob("2026-01-01*"), *telemetry.glob("2026-01-02*")]:
                path.unlink()

    manifest = write_backup(wanted(data_dir, tmp_path / "b.tar"), remove)
    segments = [entry.name for entry in manifest.files if entry.name.startswith("telemetry/")]
    assert segments == ["telemetry/2026-01-03.db", f"telemetry/{newest.name}"]
    assert not list(telemetry.glob("2026-01-01*")), "nothing of a removed segment is left behind"
    restore_backup(tmp_path / "b.tar", tmp_path / "restored")


def test_consumers_ahead_of_the_copied_log_go_back_to_its_end(data_dir: Path, tmp_path: Path) -> None:
    """They would otherwise pass over the first readings that come after a restore."""
    with closing(sqlite3.connect(data_dir / "penstock.db")) as connection:
        connection.execute("DELETE FROM consumers WHERE name <> 'observer'")
        connection.execute(f"INSERT INTO consumers VALUES ('alerts', 999), ('rules', 17), {OF_OTHER_LOGS}")
        connection.commit()
    write_backup(wanted(data_dir, tmp_path / "b.tar"))
    restore_backup(tmp_path / "b.tar", tmp_path / "restored")
    with closing(sqlite3.connect(tmp_path / "restored" / "penstock.db")) as connection:
        assert dict(connection.execute("SELECT name, seq FROM consumers")) == {
            "observer": 600,
            "alerts": 600,
            "rules": 17,
            "alerts_connectivity": 998,
            "webhooks.audit.5": 999,
        }


def test_redecodes_that_ran_during_the_backup_start_again(data_dir: Path, tmp_path: Path) -> None:
    """They count payloads that they replaced in a segment after it was copied."""
    columns = "id, org_id, from_us, to_us, only_failed, until_seq, author, chain, created_us, reason, changed, failed, skipped"
    states = [("queued", None, None), ("running", 5, None), ("done", 5, 10), ("done", 5, 9), ("cancelled", 5, 10)]
    with closing(sqlite3.connect(data_dir / "penstock.db")) as connection:
        org_id = connection.execute("SELECT id FROM organizations").fetchone()[0]
        for number, (state, started_us, finished_us) in enumerate(states):
            row = (number, org_id, 0, 1, 0, 1, "", "[]", 1, "", 2, 0, 0, state, 3, started_us, finished_us)
            names = f"{columns}, state, done, started_us, finished_us"
            connection.execute(f"INSERT INTO redecodes ({names}) VALUES ({', '.join('?' * len(row))})", row)
        connection.commit()
    write_backup(wanted(data_dir, tmp_path / "b.tar", created_us=10))
    restore_backup(tmp_path / "b.tar", tmp_path / "restored")
    with closing(sqlite3.connect(tmp_path / "restored" / "penstock.db")) as connection:
        found = connection.execute("SELECT state, done, changed, started_us FROM redecodes ORDER BY id").fetchall()
    queued = ("queued", 0, 0, None)
    assert found == [("queued", 3, 2, None), queued, queued, ("done", 3, 2, 5), ("cancelled", 3, 2, 5)]


def test_a_device_deleted_during_the_backup_does_not_come_back(filled: tuple[Path, Org], data_dir: Path, tmp_path: Path) -> None:
    """Its readings are in the segment that was copied before; the restored server removes them."""
    restored, org = tmp_path / "restored", filled[1]
    with running_server(data_dir, orgs=()) as server, server.client(org) as api:
        device, _ = create_device(api, "Short-lived")
        rows = [{"data": {"n": n}} for n in range(50)]
        assert api.post(f"/api/v2/devices/{device}/telemetry", json=rows).status_code == 201
        gone = False

        def delete(name: str, size_bytes: int) -> None:
            nonlocal gone
            if name == "penstock.db" or gone:
                return
            gone = True
            assert api.delete(f"/api/v2/devices/{device}").status_code == 204
            assert eventually(lambda: not outbox(server.data_dir))

        write_backup(wanted(server.data_dir, tmp_path / "b.tar"), delete)
        assert gone
    restore_backup(tmp_path / "b.tar", restored)
    assert count(restored) == 650
    with running_server(restored, orgs=()) as server, server.client(org) as api:
        assert api.get(f"/api/v2/devices/{device}").status_code == 404
        assert eventually(lambda: count(restored) <= 600)


def outbox(data_dir: Path) -> int:
    with closing(sqlite3.connect(data_dir / "penstock.db")) as connection:
        return int(connection.execute("SELECT count(*) FROM outbox").fetchone()[0])


def count(data_dir: Path) -> int:
    total = 0
    for path in (data_dir / "telemetry").glob("*.db"):
        with closing(sqlite3.connect(path)) as connection:
            total += connection.execute("SELECT count(*) FROM readings").fetchone()[0]
    return total


def test_a_key_that_is_destroyed_during_the_backup_is_not_beside_it(
    data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    org_id, files = OrgId(7), KeyFiles(data_dir / "keys")
    asyncio.run(files.add(org_id, KeyVersion(1, "local-1", b"wrapped", 0)))

    def destroyed(name: str, size_bytes: int) -> None:
        asyncio.run(files.shred(org_id, 5))

    found: list[Path] = []
    write_backup(wanted(data_dir, tmp_path / "b.tar"), destroyed, found.append)
    [path] = found
    assert read_archive(path).owned()[org_id] == OrganizationKeys((), 1, 5)
