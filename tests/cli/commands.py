"""What the tests of the commands share: what a refusal looks like, and a directory that a server has filled."""

from __future__ import annotations

import subprocess
from pathlib import Path

import httpx

from tests.support.server import Org, RunningServer, run_cli
from tests.support.waiting import eventually

FROM, TO = "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"
"""A range that holds every reading of `fill`."""


def refusal(done: subprocess.CompletedProcess[str], status: int = 1) -> str:
    """The one line of a command that could not do it; log lines, which are JSON, do not count."""
    assert done.returncode == status, (done.returncode, done.stdout, done.stderr)
    lines = [line for line in done.stderr.splitlines() if not line.startswith("{")]
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("penstock: "), done.stderr
    assert done.stdout == ""
    return lines[0].removeprefix("penstock: ")


def output(*args: str) -> str:
    """What a command that must succeed prints."""
    done = run_cli(*args)
    assert done.returncode == 0, done.stderr
    return done.stdout


def create_device(api: httpx.Client, name: str) -> tuple[str, str]:
    """Id and access token of a new device."""
    answer = api.post("/api/v2/devices", json={"name": name, "sensors": [{"key": "n", "name": "Number", "unit": "kWh"}]})
    assert answer.status_code == 201, answer.text
    return answer.json()["device"]["id"], answer.json()["access_token"]


def fill(server: RunningServer, org: Org, devices: int = 3, readings: int = 200) -> list[str]:
    """Devices with readings of the past, the same each time; waits until the server has looked at them all."""
    with server.client(org) as api:
        found = [create_device(api, f"Meter {number}")[0] for number in range(devices)]
        for number, device_id in enumerate(found):
            rows = [
                {"time": f"2026-05-{1 + n // 24:02d}T{n % 24:02d}:00:00Z", "data": {"n": n * (number + 1), "unit": "kWh"}}
                for n in range(readings)
            ]
            answer = api.post(f"/api/v2/devices/{device_id}/telemetry", json=rows)
            assert answer.status_code == 201, answer.text
        assert eventually(lambda: "penstock_observer_lag_readings 0.0" in api.get("/metrics").text)
    return found


def answers(server: RunningServer, org: Org) -> dict[str, object]:
    """Everything a customer would look at after a restore, by its address."""
    with server.client(org) as api:
        listed = api.get("/api/v2/devices").json()
        paths = ["/api/v2/devices", "/api/v2/me", "/api/v2/projects"]
        for device in listed["data"]:
            path = f"/api/v2/devices/{device['id']}"
            paths += [
                path,
                f"{path}/sensors",
                f"{path}/telemetry/latest",
                f"{path}/telemetry?from={FROM}&to={TO}&limit=10000",
                f"{path}/telemetry/aggregate?from={FROM}&to={TO}&bucket=day&fields=n&functions=min,avg,max,count"
                "&timezone=Europe/Brussels",
            ]
        found: dict[str, object] = {}
        for path in paths:
            answer = api.get(path)
            assert answer.status_code == 200, (path, answer.text)
            found[path] = answer.json()
        return found


def names_in(directory: Path) -> set[str]:
    """Every file below a directory."""
    return {path.relative_to(directory).as_posix() for path in directory.rglob("*") if path.is_file()}
