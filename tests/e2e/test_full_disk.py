"""A disk that is full: a server starts on it, shows what it has, says what is wrong once, and stops; with room it works again."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from penstock.bootstrap import DataDir, open_server
from penstock.core.actor import Actor
from penstock.core.devices.models import NewDevice
from penstock.core.telemetry.models import NewReading
from penstock.kit.clock import DAY_US, format_time
from penstock.kit.ids import Prefix, encode
from penstock.settings import load_settings
from tests.cli.commands import create_device
from tests.support.days import NOON_US, HeldClock
from tests.support.server import Org, RunningServer, bootstrap_org, org_of, start_server
from tests.support.waiting import CEILING_S, eventually

DISK = "24m"
DAYS = 50
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
        fill(small_disk)  # another program takes what the stop has left
    server = start_server(data_dir)
    check_full(server, org, device_id)
    lines = [line for line in server.log().splitlines() if "disk" in line or "delayed" in line]
    assert len(lines) <= 3 * 3, lines
    ballast.unlink()
    check_well(server, org, device_id)
    assert stopped(server) == 0


async def write_days(data_dir: Path) -> tuple[Org, str]:
    """A device with one reading a day, each in a file of its own."""
    clock = HeldClock()
    async with open_server(DataDir(data_dir), load_settings(environment={}), clock, run_workers=False) as server:
        made = await server.tenancy.bootstrap("Acme", "acme@example.org")
        actor = Actor.system(made.organization.id)
        device_id = (await server.devices.create(actor, NewDevice(name="pump"))).device.id
        ref = await server.directory.get(actor.org_id, device_id)
        for day in range(DAYS):
            await server.telemetry.ingest([NewReading(ref, b'{"v":%d}' % day)])
            clock.next_day()
    return org_of(made, data_dir), encode(Prefix.DEVICE, device_id)


def test_every_day_can_be_read_on_a_full_disk(small_disk: Path) -> None:
    """Each has files next to it while it is read, and the reserve has no room for those of many days."""
    data_dir = small_disk / "data"
    org, device_id = asyncio.run(write_days(data_dir))
    fill(small_disk)
    server = start_server(data_dir)
    with server.client(org) as api:
        times = {"from": format_time(NOON_US), "to": format_time(NOON_US + DAYS * DAY_US), "limit": DAYS}
        found = api.get(f"/api/v2/devices/{device_id}/telemetry", params=times).json()["data"]
        assert sorted(one["data"]["v"] for one in found) == list(range(DAYS))
    assert stopped(server) == 0
    assert [path.name for path in (data_dir / "telemetry").iterdir() if path.name.endswith(FILES_LEFT)] == []


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
