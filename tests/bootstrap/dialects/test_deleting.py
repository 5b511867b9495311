"""The folder of a dialect can be deleted: the server starts without it, and everything else is served as before."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from penstock.bootstrap.dialects import DIALECTS
from tests.house.tree import SRC
from tests.support.server import RunningServer, bootstrap_org, clean_environment, run_cli, start_server

WHERE = "import penstock, penstock.bootstrap.dialects as found; print(penstock.__file__, *found.DIALECTS)"


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package, to be copied again without one of its folders."""
    copy = tmp_path_factory.mktemp("source") / "penstock"
    shutil.copytree(SRC, copy)  # what is compiled comes along, or each server would compile everything anew
    return copy


@contextmanager
def serving(data_dir: Path, environment: dict[str, str]) -> Iterator[RunningServer]:
    """A server, which has to end well."""
    server = start_server(data_dir, environment=environment)
    try:
        yield server
    finally:
        status = server.stop()
        assert server.process.stdout is not None
        server.process.stdout.close()
    assert status == 0


def check_native_api(server: RunningServer, headers: dict[str, str]) -> httpx.Response:
    """The native API is whole; the OpenAPI document."""
    with httpx.Client(base_url=server.base_url, headers=headers, timeout=30) as client:
        created = client.post("/api/v2/devices", json={"name": "Pump"})
        assert created.status_code == 201, created.text
        device_id = created.json()["device"]["id"]
        reading = client.post(f"/api/v2/devices/{device_id}/telemetry", json={"data": {"v": 1}})
        assert reading.status_code == 201, reading.text
        assert [one["id"] for one in client.get("/api/v2/devices").json()["data"]] == [device_id]
        assert client.get("/api/v2/nothing").status_code == 404
        document = client.get("/openapi.json")
        assert document.status_code == 200, document.text
        return document


def surfaces(document: httpx.Response) -> set[str]:
    """The surfaces of which refusals are described: each that has an operation."""
    return {name.rpartition("_")[0] for name in document.json()["components"]["responses"]}


# The one that brings most in every run, all of them in long runs: each starts a command and a server over a package of its own.
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name == "siliconwit" else pytest.mark.prove) for name in sorted(DIALECTS)]
)
def test_without_a_dialect(name: str, source: Path, tmp_path: Path) -> None:
    shutil.copytree(source, tmp_path / "penstock")
    shutil.rmtree(tmp_path / "penstock" / "api" / "dialects" / name)
    environment = {"PYTHONPATH": os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])}
    where = subprocess.run(
        [sys.executable, "-c", WHERE], capture_output=True, text=True, env=clean_environment(environment), check=True, timeout=60
    )
    file, *found = where.stdout.split()
    assert Path(file).is_relative_to(tmp_path)
    assert found == sorted(set(DIALECTS) - {name})

    data_dir = tmp_path / "data"
    options = ("--data-dir", str(data_dir), "--org", "Acme", "--email", "a@example.org", "--json")
    made = run_cli("bootstrap", *options, environment=environment)
    assert made.returncode == 0, made.stderr
    org = json.loads(made.stdout)
    with serving(data_dir, environment) as server:
        headers = {"X-API-Key": org["api_key"], "X-Organization-Id": org["organization_id"]}
        document = check_native_api(server, headers)
    described = {rule.surface for one in DIALECTS for rule in DIALECTS[one].rules if one != name}
    assert surfaces(document) == described | {"v2", "system"}


def test_a_webhook_of_a_format_that_is_gone_is_told_so(source: Path, tmp_path: Path) -> None:
    """An endpoint may have been made while its dialect was there."""
    data_dir = tmp_path / "data"
    org = bootstrap_org(data_dir)
    wanted = {"url": "https://hooks.example.org/in", "topics": ["device.*"], "format": "kaito"}
    with serving(data_dir, {}) as server, server.client(org) as client:
        created = client.post("/api/v2/webhooks", json=wanted)
        assert created.status_code == 201, created.text
    shutil.copytree(source, tmp_path / "penstock", ignore=shutil.ignore_patterns("kaito"))
    with serving(data_dir, {"PYTHONPATH": str(tmp_path)}) as server, server.client(org) as client:
        [shown] = client.get("/api/v2/webhooks").json()["data"]
        assert shown["format"] == "kaito"
        for refused in (client.post("/api/v2/webhooks", json=wanted), client.post(f"/api/v2/webhooks/{shown['id']}/test")):
            assert refused.status_code == 400, refused.text
            assert [one["field"] for one in refused.json()["errors"]] == ["format"]
        assert client.post("/api/v2/devices", json={"name": "Pump"}).status_code == 201
        assert client.delete(f"/api/v2/webhooks/{shown['id']}").status_code == 204
    assert "Traceback" not in server.log()
