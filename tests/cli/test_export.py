"""`penstock export`: a file of readings that an import takes back."""

from __future__ import annotations

import gzip
import os
import stat
import subprocess
from pathlib import Path

import msgspec
import pytest

from tests.cli.commands import create_device, refusal
from tests.support.server import Org, RunningServer, run_cli


def run(server: RunningServer, org: Org, *args: str, home: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = {"PENSTOCK_URL": server.base_url, "PENSTOCK_API_KEY": org.api_key, "XDG_STATE_HOME": str(home)}
    return run_cli(*args, environment=environment)


DATA = [{"n": 1, "note": "=1+1", "v": {"rms": 0.5}}, {"n": 2, "on": True, "list": [1, "x"]}, {"n": 3, "note": "'quoted"}]
SINCE = ("--from", "2026-05-02T00:00:00Z")


@pytest.fixture(scope="module")
def exported(server: RunningServer, acme: Org) -> str:
    with server.client(acme) as api:
        device, _ = create_device(api, "Exported")
        rows = [{"time": f"2026-05-02T09:0{n}:00Z", "data": data} for n, data in enumerate(DATA)]
        assert api.post(f"/api/v2/devices/{device}/telemetry", json=rows).status_code == 201
    return device


@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz", "a.ndjson", "a.ndjson.gz"])
def test_what_is_exported_can_be_imported(server: RunningServer, acme: Org, exported: str, tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    done = run(server, acme, "export", exported, "--output", str(file), *SINCE)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert stat.S_IMODE(file.stat().st_mode) & 0o077 == 0
    assert os.listdir(tmp_path) == [name]
    content = gzip.decompress(file.read_bytes()) if name.endswith(".gz") else file.read_bytes()
    assert content.count(b"\n") == 3 + ("csv" in name)
    with server.client(acme) as api:
        other, _ = create_device(api, f"Imported {name}")
        assert run(server, acme, "import", str(file), "--device", other, home=tmp_path / "state").returncode == 0
        found = api.get(f"/api/v2/devices/{other}/telemetry?from=2026-05-02T00:00:00Z&order=asc").json()["data"]
        assert [row["data"] for row in found] == DATA


def test_standard_output_gets_lines_of_json_of_any_number_of_devices(server: RunningServer, acme: Org, exported: str) -> None:
    done = run(server, acme, "export", "Exported", exported, *SINCE, "--fields", "n")
    assert (done.returncode, done.stderr) == (0, "")
    assert [msgspec.json.decode(line)["data"]["n"] for line in done.stdout.splitlines()] == [1, 2, 3] * 2


def test_a_file_that_breaks_off_leaves_the_one_of_before(server: RunningServer, acme: Org, exported: str, tmp_path: Path) -> None:
    file = tmp_path / "a.ndjson"
    file.write_text("before")
    refused = refusal(run(server, acme, "export", exported, "dev_0c2k9fq7w3m1x", "-o", str(file), *SINCE))
    assert "was not found" in refused
    assert (file.read_text(), os.listdir(tmp_path)) == ("before", ["a.ndjson"])


def test_what_cannot_be_exported_is_one_line(server: RunningServer, acme: Org, exported: str, tmp_path: Path) -> None:
    assert "a name that ends in" in refusal(run(server, acme, "export", exported, "-o", str(tmp_path / "a.txt")))
    assert "contains one device, not 2" in refusal(run(server, acme, "export", exported, exported, "--format", "csv"))
    assert "No such file" in refusal(run(server, acme, "export", exported, "-o", str(tmp_path / "no" / "a.csv")))
