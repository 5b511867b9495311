"""Backups made while readings pour in, and the little that can go wrong with them."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import stat
import subprocess
import tarfile
import time
from contextlib import closing
from pathlib import Path

import pytest

from penstock.adapters.storage.sqlite.restore import restore_backup
from penstock.cli import backup as backup_command
from penstock.cli import recording
from tests.cli.commands import create_device, names_in, output, refusal
from tests.cli.load import load_on
from tests.support.server import PENSTOCK, clean_environment, run_cli, running_server
from tests.support.waiting import eventually


def stored(directory: Path) -> dict[int, str]:
    """Every reading of a directory by its sequence number; each database is sound."""
    found: dict[int, str] = {}
    for path in [directory / "penstock.db", *sorted((directory / "telemetry").glob("*.db"))]:
        with closing(sqlite3.connect(path)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            if path.parent.name == "telemetry":
                rows = connection.execute("SELECT seq, payload FROM readings")
                found |= {seq: json.loads(payload)["text"] for seq, payload in rows}
    return found


def backups_under_load(tmp_path: Path, times: int) -> None:
    with running_server(tmp_path / "data") as server:
        org = server.orgs["Acme"]
        with server.client(org) as api:
            devices = [create_device(api, f"Load {number}")[0] for number in range(4)]
        with load_on(server, org, devices) as load:
            time.sleep(0.5)
            for number in range(times):
                file = tmp_path / f"{number}.tar{'.gz' if number % 2 else ''}"
                start = time.monotonic()
                output("backup", str(file), "--data-dir", str(server.data_dir))
                place = tmp_path / f"restored-{number}"
                output("restore", str(file), "--data-dir", str(place))
                found, due = stored(place), load.before(start)
                assert len(due) > number * 200, "no load"
                assert due.items() <= found.items(), "an acknowledged reading is missing"
                assert sorted(found) == list(range(1, len(found) + 1)), "the log has a hole"
                with closing(sqlite3.connect(place / "penstock.db")) as connection:
                    (cursor,) = connection.execute("SELECT coalesce(max(seq), 0) FROM consumers").fetchone()
                assert cursor <= max(found)
        everything = load.before(time.monotonic())
        assert server.stop() == 0
        assert stored(server.data_dir) == everything


def test_backups_under_load_hold_every_reading_acknowledged_before(tmp_path: Path) -> None:
    backups_under_load(tmp_path, 3)


@pytest.mark.prove
def test_twenty_backups_under_load_hold_every_reading_acknowledged_before(tmp_path: Path) -> None:
    backups_under_load(tmp_path, 20)


def test_a_lost_reading_would_be_found(archive: Path, tmp_path: Path) -> None:
    """The planted failure: the comparison above sees a single reading missing."""
    restore_backup(archive, tmp_path / "restored")
    (segment,) = (tmp_path / "restored" / "telemetry").glob("*.db")
    with closing(sqlite3.connect(segment)) as connection:
        connection.execute("""UPDATE readings SET payload = '{"text": "' || seq || '"}'""")
        connection.execute("DELETE FROM readings WHERE seq = 300")
        connection.commit()
    found = stored(tmp_path / "restored")
    assert not {seq: str(seq) for seq in range(1, 601)}.items() <= found.items()
    assert sorted(found) != list(range(1, len(found) + 1))


def test_a_backup_is_one_private_file_with_a_manifest(data_dir: Path, tmp_path: Path) -> None:
    (data_dir / "penstock.toml").write_text("[http]\nport = 9001\n")
    printed = output("backup", str(tmp_path / "b.tar.gz"), "--data-dir", str(data_dir))
    assert len(printed.splitlines()) == 1
    assert "600 readings, the last has seq 600" in printed
    assert stat.S_IMODE((tmp_path / "b.tar.gz").stat().st_mode) == 0o600
    assert {path.name for path in tmp_path.iterdir()} == {"b.tar.gz", "data"}
    with tarfile.open(tmp_path / "b.tar.gz", "r:gz") as found:
        names = found.getnames()
        content = found.extractfile("manifest.json")
        assert content is not None
        manifest = json.load(content)
    day = next((data_dir / "telemetry").glob("*.db")).name
    assert names == [f"telemetry/{day}", "penstock.db", "secret.key", "penstock.toml", "manifest.json"]
    assert manifest["format"] == 1
    assert manifest["last_seq"] == manifest["readings"] == 600
    assert [entry["name"] for entry in manifest["files"]] == names[:-1]
    assert manifest.keys() == {
        "format",
        "program_version",
        "created_at",
        "schema_versions",
        "last_seq",
        "readings",
        "files",
    }


def test_settings_named_by_a_flag_come_along(data_dir: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text("[http]\nport = 9002\n")
    config = str(tmp_path / "mine.toml")
    output("backup", str(tmp_path / "b.tar"), "--data-dir", str(data_dir), "--config", config)
    restore_backup(tmp_path / "b.tar", tmp_path / "restored")
    assert (tmp_path / "restored" / "penstock.toml").read_text() == "[http]\nport = 9002\n"


def test_a_file_is_replaced_only_when_told(data_dir: Path, tmp_path: Path) -> None:
    file = tmp_path / "b.tar"
    file.write_text("precious")
    command = ("backup", str(file), "--data-dir", str(data_dir))
    assert "already exists; --force replaces it" in refusal(run_cli(*command))
    assert file.read_text() == "precious"
    output(*command, "--force")
    restore_backup(file, tmp_path / "restored")


def test_what_a_killed_backup_left_is_cleared_away_by_the_next(data_dir: Path, tmp_path: Path) -> None:
    for name in ("b.tar.partial", "b.tar.partial.db", "b.tar.partial.db-wal"):
        (tmp_path / name).write_bytes(b"rubbish" * 10_000)
    output("backup", str(tmp_path / "b.tar"), "--data-dir", str(data_dir))
    assert {path.name for path in tmp_path.iterdir()} == {"b.tar", "data"}
    restore_backup(tmp_path / "b.tar", tmp_path / "restored")


def test_what_cannot_be_restored_is_not_backed_up(data_dir: Path, tmp_path: Path) -> None:
    (segment,) = (data_dir / "telemetry").glob("*.db")
    content = bytearray(segment.read_bytes())
    content[5 * 4096 : 5 * 4096 + 512] = bytes(512)
    segment.write_bytes(content)
    command = ("backup", str(tmp_path / "b.tar"), "--data-dir", str(data_dir))
    told = refusal(run_cli(*command))
    assert told.startswith(f"the backup failed: telemetry/{segment.name}")
    assert {path.name for path in tmp_path.iterdir()} == {"data"}


def test_a_disk_that_takes_no_more_leaves_nothing(data_dir: Path, tmp_path: Path) -> None:
    command = [*PENSTOCK, "backup", str(tmp_path / "b.tar"), "--data-dir", str(data_dir)]
    limited = ["prlimit", f"--fsize={150_000}", *command]
    told = refusal(subprocess.run(limited, capture_output=True, text=True, check=False, env=clean_environment()))
    assert told.startswith("the backup failed: ")
    assert {path.name for path in tmp_path.iterdir()} == {"data"}


def test_a_newer_schema_is_refused(data_dir: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(data_dir / "penstock.db")) as connection:
        connection.execute("PRAGMA user_version = 99")
    told = refusal(run_cli("backup", str(tmp_path / "b.tar"), "--data-dir", str(data_dir)))
    assert "has a newer schema than this program" in told
    assert {path.name for path in tmp_path.iterdir()} == {"data"}


def test_a_killed_backup_leaves_no_file_of_the_name(data_dir: Path, tmp_path: Path) -> None:
    file = tmp_path / "b.tar"
    os.mkfifo(tmp_path / "pipe")
    # The settings come from a pipe that nobody writes to, so the backup waits with everything else written.
    process = subprocess.Popen(
        [*PENSTOCK, "backup", str(file), "--data-dir", str(data_dir), "--config", str(tmp_path / "pipe")],
        env=clean_environment(),
    )
    assert eventually((tmp_path / "b.tar.partial").exists)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert names_in(tmp_path) >= {"b.tar.partial"}
    assert not file.exists()


def test_a_backup_counts_although_its_record_cannot_be_written(
    data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def read_only(*_: object) -> None:
        raise sqlite3.OperationalError("attempt to write a readonly database")

    monkeypatch.setattr(recording, "append_for_all", read_only)
    backup_command.backup(tmp_path / "backup.tar", data_dir=data_dir)
    assert "the audit log does not record this backup: attempt to write a readonly database" in capsys.readouterr().err
    restore_backup(tmp_path / "backup.tar", tmp_path / "restored")
