"""What is wrong with a file of a data directory is harmless or named: by the server and by the doctor, never by a traceback.

Every file × what can become of it. A file that a later version adds to the directory is among them by itself.
"""

from __future__ import annotations

import random
import shutil
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from penstock.cli.checks import examine
from penstock.core.system.models import Status
from tests.cli.commands import create_device
from tests.support.cases import check_all
from tests.support.server import RunningServer, run_cli, running_server, start_server
from tests.support.waiting import eventually

VALUES = [f"value-{number:03}" for number in range(50)]
FLIPS = 6
LASTING = ("id", "name", "email", "seq", "v")
OF_THE_MACHINE = ("disk space", "disk sync", "port", "mqtt port")


class Site:
    """A data directory with two organisations and their readings, whose server was stopped, and what its owner sees."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        with running_server(data_dir, orgs=("Acme", "Other")) as server:
            self.org = server.orgs["Acme"]
            with server.client(self.org) as api:
                self.device_id, _ = create_device(api, "pump")
                sent = api.post(f"/api/v2/devices/{self.device_id}/telemetry", json=[{"data": {"v": value}} for value in VALUES])
                assert sent.status_code == 201
                assert eventually(lambda: api.get(f"/api/v2/devices/{self.device_id}/sensors").json()["data"])
        with running_server(data_dir, orgs=()) as server:
            self.seen = self.look(server)

    def look(self, server: RunningServer) -> dict[str, httpx.Response]:
        paths = ["/api/v2/devices", "/api/v2/me", "/api/v2/projects", f"/api/v2/devices/{self.device_id}"]
        paths += [f"/api/v2/devices/{self.device_id}/telemetry{rest}" for rest in ("?limit=100", "/latest")]
        with server.client(self.org) as api:
            return {path: api.get(path) for path in paths}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return Site(tmp_path_factory.mktemp("site") / "data")


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Site(tmp_path_factory.mktemp("foreign") / "data").data_dir


def flipped(path: Path, at: int, bit: int) -> None:
    content = bytearray(path.read_bytes())
    content[at % len(content)] ^= 1 << bit
    path.write_bytes(content)


def cases(site: Site, foreign: Path) -> dict[str, Callable[[Path], object]]:
    """What can become of each file: its name and that, and the change itself, of a copy of the file."""
    found: dict[str, Callable[[Path], object]] = {}
    for path in sorted(site.data_dir.rglob("*")):
        if not path.is_file():
            continue
        name = path.relative_to(site.data_dir).as_posix()
        found[f"{name} missing"] = lambda copy: copy.unlink()
        found[f"{name} empty"] = lambda copy: copy.write_bytes(b"")
        found[f"{name} truncated"] = lambda copy: copy.write_bytes(copy.read_bytes()[: copy.stat().st_size // 2])
        if (foreign / name).exists():
            found[f"{name} of another server"] = lambda copy, other=foreign / name: shutil.copy(other, copy)  # type: ignore[misc]
        if path.stat().st_size:
            chance = random.Random(zlib.crc32(name.encode()))
            for number in range(FLIPS):
                at, bit = chance.randrange(path.stat().st_size), chance.randrange(8)
                found[f"{name} bit {number}"] = lambda copy, at=at, bit=bit: flipped(copy, at, bit)  # type: ignore[misc]
    (segment,) = (site.data_dir / "telemetry").glob("*.db")
    at = segment.read_bytes().index(VALUES[7].encode())
    found[f"telemetry/{segment.name} bit in a payload"] = lambda copy: flipped(copy, at, 0)
    found[f"telemetry/{segment.name} bit in a quote"] = lambda copy: flipped(copy, at - 1, 2)
    return found


def faults(site: Site, data_dir: Path, name: str) -> list[str]:
    """What is wrong with how the doctor and the server take a changed directory."""
    file = name.split(" ", maxsplit=1)[0]
    named = [
        check for check in examine(data_dir, None) if check.status is not Status.OK and check.name not in ("disk space", "port")
    ]
    try:
        server = start_server(data_dir)
    except AssertionError as refused:
        said = str(refused)
        found = [] if "penstock: " in said and Path(file).name in said and "Traceback" not in said else [f"refused: {said}"]
        return found + ([] if named else ["the doctor is content with what the server refuses"])
    try:
        seen = site.look(server)
    finally:
        server.kill()
        assert server.process.stdout is not None
        server.process.stdout.close()
    found = [f"{path}: {one.status_code} {one.text[:200]}" for path, one in seen.items() if not is_told(one)]
    lost = [path for path, one in seen.items() if shown(one) != shown(site.seen[path])]
    found += [] if named or not lost or name.startswith("penstock.db bit") else [f"the doctor is content, but {lost} changed"]
    return found + (["there is a traceback in the log"] if "Traceback" in server.log() else [])


def shown(answer: httpx.Response) -> object:
    """What an answer shows, without what changes with time: when it was asked for, and whether a device is online."""
    return _lasting(answer.json()) if answer.status_code == 200 else answer.status_code


def _lasting(value: Any) -> object:
    if isinstance(value, list):
        return [_lasting(one) for one in value]
    if isinstance(value, dict):
        return {key: _lasting(one) for key, one in value.items() if isinstance(one, list | dict) or key in LASTING}
    return value


def is_told(answer: httpx.Response) -> bool:
    """Whether an answer is JSON, and the refusals among them have a reason."""
    try:
        answer.json()
    except ValueError:
        return False
    # A key or a device whose row has changed is not found. SQLite has no checksums for these rows.
    return answer.status_code in (200, 401, 404, 503)


def test_whatever_becomes_of_a_file_is_harmless_or_named(site: Site, foreign: Path, tmp_path: Path) -> None:
    changes = cases(site, foreign)

    def check(name: str) -> None:
        data_dir = tmp_path / str(list(changes).index(name)) / "data"
        shutil.copytree(site.data_dir, data_dir)
        changes[name](data_dir / name.split(" ", maxsplit=1)[0])
        assert faults(site, data_dir, name) == []

    check_all(changes, check)


def test_a_stopped_server_leaves_only_its_files(site: Site) -> None:
    assert [path.name for path in site.data_dir.rglob("*") if path.name.endswith(("-wal", "-shm", "-journal", ".new"))] == []
    list(examine(site.data_dir, None))
    assert run_cli("org", "list", "--data-dir", str(site.data_dir)).returncode == 0
    assert [path.name for path in site.data_dir.rglob("*") if path.name.endswith(("-wal", "-shm", "-journal", ".new"))] == []


def test_a_start_without_a_segment_says_which_readings_are_missing(site: Site, tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    shutil.copytree(site.data_dir, data_dir)
    for path in (data_dir / "telemetry").glob("*.db"):
        path.unlink()
    with running_server(data_dir, orgs=()) as server:
        (line,) = [line for line in server.log().splitlines() if "readings_missing" in line]
        assert '"from_seq": 1' in line
        assert f'"to_seq": {len(VALUES)}' in line
    assert "readings_missing" not in (site.data_dir.parent / f"{site.data_dir.name}-server.log").read_text()
