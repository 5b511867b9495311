"""The doctor as a command: what it prints, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.commands import names_in, output
from tests.support.server import RunningServer, run_cli

pytestmark = pytest.mark.usefixtures("free_port")


def test_all_is_well_with_a_stopped_server(data_dir: Path, free_port: int) -> None:
    before = names_in(data_dir)
    environment = {"PENSTOCK_HTTP_PORT": str(free_port)}
    done = run_cli("doctor", "--data-dir", str(data_dir), "--json", environment=environment)
    assert done.returncode == 0, done.stdout
    report = json.loads(done.stdout)
    found = {check["name"]: check for check in report["checks"]}
    assert {name for name, check in found.items() if check["status"] == "fail"} == set()
    assert list(found) == [
        "python",
        "sqlite",
        "data directory",
        "permissions",
        "files",
        "disk space",
        "disk sync",
        "secret.key",
        "penstock.db",
        "audit log",
        "deleted devices",
        "segments",
        "clock",
        "vault",
        "durability",
        "server",
        "port",
        "workers",
        "mqtt port",
    ]
    assert "the last reading has seq 600" in found["segments"]["detail"]
    assert found["port"]["detail"] == f"127.0.0.1:{free_port} is free"
    left = {name for name in names_in(data_dir) - before if not name.endswith(("-wal", "-shm"))}
    assert left == set()


def test_all_is_well_beside_a_running_server(server: RunningServer) -> None:
    environment = {"PENSTOCK_HTTP_PORT": server.base_url.rpartition(":")[2]}
    done = run_cli("doctor", "--data-dir", str(server.data_dir), environment=environment)
    assert done.returncode == 0, done.stdout
    assert "a server uses this directory" in done.stdout
    assert "Penstock responds at 127.0.0.1" in done.stdout
    assert "fail" not in done.stdout


def test_a_failed_check_is_exit_1_in_both_forms(data_dir: Path, free_port: int) -> None:
    (data_dir / "secret.key").unlink()
    environment = {"PENSTOCK_HTTP_PORT": str(free_port)}
    for more in ((), ("--json",)):
        done = run_cli("doctor", "--data-dir", str(data_dir), *more, environment=environment)
        assert done.returncode == 1
        assert done.stderr == ""
        assert "all keys and tokens are invalid" in done.stdout
    assert json.loads(done.stdout)["status"] == "fail"


def test_a_directory_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    done = run_cli("doctor", "--data-dir", str(tmp_path / "none"))
    assert done.returncode == 1
    assert "does not exist" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_people_get_a_table(data_dir: Path) -> None:
    assert "result" in output("doctor", "--data-dir", str(data_dir))
