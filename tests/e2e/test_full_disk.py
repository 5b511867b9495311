"""A disk that is full: a server starts on it, shows what it has, says what is wrong once, and stops; with room it works again."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.cli.commands import create_device
from tests.support.server import Org, RunningServer, bootstrap_org, start_server
from tests.support.waiting import CEILING_S, eventually

DISK = "24m"
FILES_LEFT = ("-wal", "-shm")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of one's own."""
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(disk)]
    tried = subprocess.run(command, capture_output=True, text=True, check=False)
    if tried.returncode != 0:
        pytest.skip(f"a tmpfs cannot be mounted here: {tried.stderr.strip()}")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def fill(disk: Path) -> Path:
    """Occupy the disk to its last byte."""
    ballast = disk / "ballast"
    with ballast.open("ab", buffering=0) as file:
        for size in (1 << 20, 4096, 1):
            try:
                while file.write(bytes(size)) == size:
                    pass
            except OSError:
                continue
    return ballast


def stopped(server: RunningServer) -> int:
    status = server.stop()
    assert server.process.stdout is not None
    server.process.stdout.close()
    return status


def check_full(server: RunningServer, org: Org, device_id: str) -> None:
    """What is stored can be read; a new reading is refused in one way; readiness names the disk."""
    with server.client(org) as api:
        assert eventually(lambda: api.get("/ready").status_code == 503)
        ready = api.get("/ready")
        assert "full" in ready.json()["checks"]["disk"]
        assert api.get("/health").status_code == 200
        assert api.get("/api/v2/devices").json()["data"][0]["id"] == device_id
        assert len(api.get(f"/api/v2/devices/{device_id}/telemetry").json()["data"]) >= 20
        for _ in range(3):
            refused = api.post(f"/api/v2/devices/{device_id}/telemetry", json={"data": {"v": 1}})
            assert (refused.status_code, refused.json()["code"]) == (503, "telemetry.disk_full")
            assert "retry-after" in refused.headers


def check_well(server: RunningServer, org: Org, device_id: str) -> None:
    """It accepts readings again by itself."""
    with server.client(org) as api:
        assert eventually(lambda: api.get("/ready").status_code == 200)
        sent: list[httpx.Response] = []
        assert eventually(
            lambda: (
                sent.append(api.post(f"/api/v2/devices/{device_id}/telemetry", json={"data": {"v": 2}}))
                or sent[-1].status_code == 201
            )
        )


@pytest.mark.parametrize("killed", [False, True], ids=["stopped", "killed"])
def test_a_server_starts_on_a_full_disk_and_recovers(small_disk: Path, killed: bool) -> None:
    data_dir = small_disk / "data"
    org = bootstrap_org(data_dir)
    server = start_server(data_dir)
    with server.client(org) as api:
        device_id, _ = create_device(api, "pump")
        assert api.post(f"/api/v2/devices/{device_id}/telemetry", json=[{"data": {"v": v}} for v in range(20)]).status_code == 201
    if killed:
        server.kill()
        assert server.process.stdout is not None
        server.process.stdout.close()
    else:
        assert stopped(server) == 0
    ballast = fill(small_disk)
    server.log_path.unlink()
    for _ in range(2):  # a stop on a full disk leaves the next start possible
        server = start_server(data_dir)
        check_full(server, org, device_id)
        assert stopped(server) == 0
    server = start_server(data_dir)
    check_full(server, org, device_id)
    lines = [line for line in server.log().splitlines() if "disk" in line or "delayed" in line]
    assert len(lines) <= 3 * 3, lines
    ballast.unlink()
    check_well(server, org, device_id)
    assert stopped(server) == 0


def test_a_disk_that_becomes_full_under_a_server(small_disk: Path) -> None:
    data_dir = small_disk / "data"
    org = bootstrap_org(data_dir)
    server = start_server(data_dir)
    with server.client(org) as api:
        device_id, _ = create_device(api, "pump")
        assert api.post(f"/api/v2/devices/{device_id}/telemetry", json=[{"data": {"v": v}} for v in range(20)]).status_code == 201
        ballast = fill(small_disk)
        check_full(server, org, device_id)
        server.process.terminate()
        assert server.process.wait(CEILING_S) == 0
    ballast.unlink()
    assert server.process.stdout is not None
    server.process.stdout.close()
    server = start_server(data_dir)
    check_well(server, org, device_id)
    assert stopped(server) == 0
    assert [path.name for path in data_dir.rglob("*") if path.name.endswith(FILES_LEFT)] == []
