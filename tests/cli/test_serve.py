"""Starting and stopping the server, and why it may not start."""

from __future__ import annotations

import re
import signal
import socket
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from penstock.adapters.storage.sqlite.migrations import migration_files
from penstock.cli import serve as serve_module
from penstock.cli.serve import serve as serve_command
from tests.support.server import PENSTOCK, RunningServer, clean_environment, run_cli, running_server, start_server
from tests.support.waiting import CEILING_S

from .commands import refusal
from .older import older_data_dir


def serve(data_dir: Path, *more: str) -> subprocess.CompletedProcess[str]:
    return run_cli("serve", "--data-dir", str(data_dir), "--http", "127.0.0.1:0", *more)


def rest_of_output(process: subprocess.Popen[str]) -> list[str]:
    assert process.stdout is not None
    with process.stdout:
        return process.stdout.read().splitlines()


def test_it_says_where_it_listens_hints_at_bootstrap_and_ends_on_sigterm(tmp_path: Path) -> None:
    server = start_server(tmp_path / "my data")
    assert httpx.get(f"{server.base_url}/ping").json() == {"status": "pong"}
    assert server.process.stdout is not None
    hint = server.process.stdout.readline().rstrip()
    assert server.stop() == 0
    printed = [hint, *rest_of_output(server.process)]
    assert printed[0].startswith("No organisation exists yet. Create one in a browser")
    (link,) = [line.strip() for line in printed if "/console/" in line]
    assert re.fullmatch(rf"{re.escape(server.base_url)}/console/setup#token=pol_\w+", link)
    assert printed[-1].endswith(f"penstock bootstrap --data-dir '{tmp_path / 'my data'}' --org NAME --email EMAIL")


def test_with_an_organisation_there_is_no_hint(data_dir: Path) -> None:
    with running_server(data_dir, orgs=()) as server:
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(timeout=CEILING_S) == 0
        assert rest_of_output(server.process) == []


def test_a_port_in_use_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run_cli("serve", "--data-dir", str(tmp_path / "data"), "--http", f"127.0.0.1:{port}")
    assert refusal(done) == (
        f"cannot listen on 127.0.0.1:{port}: Address already in use; "
        "select another address with --http HOST:PORT, or http.host and http.port in the settings"
    )


def test_a_grpc_port_in_use_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        told = refusal(serve(tmp_path / "data", "--mqtt", "127.0.0.1:0", "--grpc", f"127.0.0.1:{port}"))
    assert told == (
        f"cannot listen on 127.0.0.1:{port}: Address already in use; "
        "select another address with --grpc HOST:PORT, or grpc.host and grpc.port in the settings"
    )


def test_grpc_listens_where_it_is_asked_to(tmp_path: Path) -> None:
    with running_server(tmp_path / "data", args=("--grpc", "127.0.0.1:0")) as server:
        assert server.grpc_port > 0
    with running_server(tmp_path / "data", orgs=()) as server:
        assert server.grpc_port == 0


def test_a_second_server_on_the_directory_is_refused(server: RunningServer) -> None:
    assert "is in use by another server" in refusal(serve(server.data_dir))


@pytest.mark.parametrize("http", ["8080", ":8080", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:70000"])
def test_a_bad_address_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, http: str) -> None:
    monkeypatch.setattr(serve_module, "configure_logs", lambda level: None)  # those of this process stay as they are
    monkeypatch.setattr(serve_module, "ignore_signals", lambda: None)
    with pytest.raises(SystemExit, match="--http must be HOST:PORT"):
        serve_command(data_dir=tmp_path / "data", http=http)


def test_a_newer_schema_is_refused_with_advice(data_dir: Path) -> None:
    with closing(sqlite3.connect(data_dir / "penstock.db")) as connection:
        connection.execute("PRAGMA user_version = 99")
    told = refusal(serve(data_dir))
    assert told.startswith(f"penstock.db has a newer schema than this program supports ({migration_files()[-1].stem});")
    assert told.endswith("use the newer program or restore a backup")


def test_a_newer_segment_is_refused_with_advice(data_dir: Path) -> None:
    (segment,) = (data_dir / "telemetry").glob("*.db")
    with closing(sqlite3.connect(segment)) as connection:
        connection.execute("PRAGMA user_version = 99")
    assert refusal(serve(data_dir)).startswith(f"telemetry/{segment.name} has schema 99, but this program supports up to 1")


def test_an_older_schema_is_brought_up_to_date_with_a_copy_kept(tmp_path: Path) -> None:
    older = older_data_dir(tmp_path / "data")
    with running_server(tmp_path / "data", orgs=()) as server:
        assert httpx.get(f"{server.base_url}/ready").status_code == 200
        assert '"schema_migrated"' in server.log()
    (snapshot,) = (tmp_path / "data" / "snapshots").iterdir()
    for path, version in ((snapshot, older), (tmp_path / "data" / "penstock.db", older + 1)):
        with closing(sqlite3.connect(path)) as connection:
            assert connection.execute("PRAGMA user_version").fetchone() == (version,)
            assert connection.execute("SELECT name FROM organizations").fetchall() == [("Old",)]


def test_a_damaged_database_is_one_line(data_dir: Path) -> None:
    (data_dir / "penstock.db").write_bytes(b"SQLite format 3\0" + b"\xff" * 8192)
    assert "penstock.db" in refusal(serve(data_dir))


def test_a_missing_secret_is_one_line(data_dir: Path) -> None:
    (data_dir / "secret.key").unlink()
    assert "secret.key is missing" in refusal(serve(data_dir))


@pytest.mark.parametrize("path", ["file", "/proc/new"])
def test_a_place_that_cannot_be_a_data_directory_is_named(tmp_path: Path, path: str) -> None:
    (tmp_path / "file").write_text("")
    assert refusal(serve(tmp_path / path)).startswith(f"data directory {tmp_path / path}: ")


def test_a_directory_that_may_not_be_written_is_one_line(tmp_path: Path) -> None:
    """Run as nobody when the tests run as root, whom no permission stops."""
    (tmp_path / "data").mkdir(mode=0o555)
    tmp_path.chmod(0o755)
    as_nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    may = subprocess.run([*as_nobody, *PENSTOCK, "--version"], capture_output=True, check=False, env=clean_environment())
    if may.returncode:
        pytest.skip("no other user can run the program here")
    command = [*as_nobody, *PENSTOCK, "serve", "--data-dir", str(tmp_path / "data"), "--http", "127.0.0.1:0"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=clean_environment())
    assert "Permission denied" in refusal(done)
