"""An import through kill -9 of the command and of the server: nothing is lost, and nothing is doubled."""

from __future__ import annotations

import subprocess
from pathlib import Path

import msgspec
import pytest

from penstock.cli.imports.run import BLOCK_ROWS
from tests.cli.imports.imported import UNPACED, Target, written
from tests.support.server import PENSTOCK, running_server, start_server
from tests.support.waiting import awaited

ROWS = BLOCK_ROWS * 12 + 17


def state_of(target: Target) -> dict[str, object] | None:
    """What the command has noted so far."""
    for file in (target.home / "state").rglob("*.json"):
        return msgspec.json.decode(file.read_bytes(), type=dict[str, object])
    return None


def rows_noted(target: Target) -> int:
    found = state_of(target)
    return 0 if found is None else int(str(found["row"]))


def started(target: Target, *args: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*PENSTOCK, "import", *args], env=target.whole_environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "compressed"])
def test_kills_of_the_command_and_the_server_lose_and_double_nothing(tmp_path: Path, packed: bool) -> None:
    data_dir = tmp_path / "data"
    with running_server(data_dir, environment=UNPACED) as server:
        target = Target(server, tmp_path)
        devices = target.devices(7)
        file = written(tmp_path / "readings.csv", devices, ROWS)
        if packed:
            import gzip

            (tmp_path / "readings.csv.gz").write_bytes(gzip.compress(file.read_bytes(), 1))
            file = tmp_path / "readings.csv.gz"

        first = started(target, str(file))  # the command is killed as soon as it has noted a block
        awaited(lambda: rows_noted(target) > 0)
        first.kill()
        first.communicate()
        noted = rows_noted(target)
        assert 0 < noted < ROWS

        second = started(target, str(file))  # the server is killed, and another one takes its place
        awaited(lambda: rows_noted(target) > noted or second.poll() is not None)
        server.kill()
        port = int(server.base_url.rpartition(":")[2])
        assert second.poll() is None, "the import was over before the server was killed"
        restarted = start_server(data_dir, port=port, environment=UNPACED)
        try:
            restarted.orgs = server.orgs
            target.server = restarted
            out, err = second.communicate(timeout=120)
            assert second.returncode == 0, err
            assert f"{ROWS:,} records" in out
            assert target.values(devices) == dict.fromkeys(range(ROWS), 1)
            found = state_of(target)
            assert found is not None
            assert (found["done"], found["accepted"], found["rejected"]) == (True, ROWS, 0)

            third = target.run("import", str(file))
            assert "was imported before" in third.stdout
            assert target.values(devices).total() == ROWS
        finally:
            assert restarted.stop() == 0
            assert restarted.process.stdout is not None
            restarted.process.stdout.close()


def test_a_lost_state_doubles_nothing_because_keys_follow_from_the_file(target: Target, tmp_path: Path) -> None:
    devices = target.devices(2)
    file = written(tmp_path / "readings.csv", devices, 900)
    own = Target(target.server, tmp_path)
    assert own.run("import", str(file)).returncode == 0
    for one in (tmp_path / "state").rglob("*.json"):
        one.unlink()
    done = own.run("import", str(file), "--json")
    assert done.returncode == 0, done.stderr
    report = msgspec.json.decode(done.stdout)
    assert (report["accepted"], report["duplicates"]) == (900, 900)
    assert own.values(devices) == dict.fromkeys(range(900), 1)
