"""The folder of a dialect can be deleted, and its folder of tests: the server starts without it, everything else is served as
before, and all other tests pass."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import cache_from_source
from pathlib import Path

import httpx
import pytest

from penstock.bootstrap.dialects import DIALECTS
from penstock.settings import LIMITS_OF_DIALECTS
from tests.house.tree import ROOT, SRC, committed_files
from tests.support.server import RunningServer, bootstrap_org, clean_environment, run_cli, start_server

WHERE = "import penstock, penstock.bootstrap.dialects as found; print(penstock.__file__, *found.DIALECTS)"


PLAIN: dict[str, str | None] = {f"PENSTOCK_LIMITS_{name.upper()}": None for name in LIMITS_OF_DIALECTS}
"""An environment without the limits of dialects: with its dialect, a setting is gone."""


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package, to be copied again without one of its folders."""
    copy = tmp_path_factory.mktemp("source") / "penstock"
    shutil.copytree(SRC, copy)  # what is compiled comes along, or each server would compile everything anew
    return copy


@contextmanager
def serving(data_dir: Path, environment: dict[str, str | None]) -> Iterator[RunningServer]:
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


BRINGS_MOST = "siliconwit" if "siliconwit" in DIALECTS else next(iter(DIALECTS), "")
EACH = [pytest.param(name, marks=() if name == BRINGS_MOST else pytest.mark.prove) for name in sorted(DIALECTS)]
"""The one that brings most in every run, all of them in long runs: each starts a server, or tests, over a tree of its own."""
QUICK = (
    "tests/house/test_errors_documented.py",
    "tests/house/test_layers.py",
    "tests/house/test_lists_whole.py",
    "tests/house/test_mirror.py",
    "tests/house/test_settings_documented.py",
    "tests/house/test_vendors_unnamed.py",
    "tests/bootstrap/test_dialect_endpoints.py",
    "tests/bootstrap/test_dialects.py",
    "tests/bootstrap/test_nouns.py",
    "tests/core/tenancy/test_key_styles.py",
    "tests/core/tenancy/test_plans.py",
    "tests/core/webhooks/test_formats.py",
    "tests/core/webhooks/test_registry.py",
    "tests/api/v2/keys",
    "tests/api/v2/webhooks",
)
"""Tests that say most of a tree for the time they take: its rules, what is installed, and where vendors' words could be."""
WHOLE_S = 3600


def tree_without(name: str, folder: Path) -> Path:
    """A copy of the repository without a dialect, and without these tests."""
    for path in committed_files():
        place = folder / path.relative_to(ROOT)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, place)
        compiled = Path(cache_from_source(str(path)))
        if path.suffix == ".py" and compiled.exists():  # or most of the time would be spent on compiling
            (place.parent / "__pycache__").mkdir(exist_ok=True)
            shutil.copy2(compiled, cache_from_source(str(place)))
    shutil.rmtree(folder / "tests" / "bootstrap" / "dialects")
    shutil.rmtree(folder / "src" / "penstock" / "api" / "dialects" / name)
    shutil.rmtree(folder / "tests" / "api" / "dialects" / name, ignore_errors=True)
    return folder


def run_tests(tree: Path, *arguments: str, timeout_s: int) -> None:
    """Run tests of a copy over its own package."""
    paths = os.pathsep.join(str(tree / folder) for folder in ("src", "agent"))
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    command = [sys.executable, "-m", "pytest", "-m", "not prove", f"--basetemp={tree / 'run'}", *arguments]
    done = subprocess.run(
        command, cwd=tree, env=kept | {"PYTHONPATH": paths}, capture_output=True, text=True, check=False, timeout=timeout_s
    )
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-5_000:]


@pytest.mark.parametrize("name", EACH)
def test_the_rules_and_a_part_of_the_rest_pass_without_a_dialect(name: str, tmp_path: Path) -> None:
    run_tests(tree_without(name, tmp_path), *QUICK, timeout_s=600)


@pytest.mark.prove
@pytest.mark.parametrize("name", sorted(DIALECTS))
def test_all_the_rest_passes_without_a_dialect(name: str, tmp_path: Path) -> None:
    run_tests(tree_without(name, tmp_path), "tests", "-n", "2", timeout_s=WHOLE_S)


@pytest.mark.parametrize("name", EACH)
def test_without_a_dialect(name: str, source: Path, tmp_path: Path) -> None:
    shutil.copytree(source, tmp_path / "penstock")
    shutil.rmtree(tmp_path / "penstock" / "api" / "dialects" / name)
    environment = PLAIN | {"PYTHONPATH": os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])}
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


FORMATS = [(name, form.name) for name, one in DIALECTS.items() for form in one.webhook_formats if not form.traits.of_project]


@pytest.mark.parametrize(("name", "form"), FORMATS[:1])
def test_a_webhook_of_a_format_that_is_gone_is_told_so(name: str, form: str, source: Path, tmp_path: Path) -> None:
    """An endpoint may have been made while its dialect was there."""
    data_dir = tmp_path / "data"
    org = bootstrap_org(data_dir)
    wanted = {"url": "https://hooks.example.org/in", "topics": ["device.*"], "format": form}
    with serving(data_dir, {}) as server, server.client(org) as client:
        created = client.post("/api/v2/webhooks", json=wanted)
        assert created.status_code == 201, created.text
    shutil.copytree(source, tmp_path / "penstock", ignore=shutil.ignore_patterns(name))
    with serving(data_dir, PLAIN | {"PYTHONPATH": str(tmp_path)}) as server, server.client(org) as client:
        [shown] = client.get("/api/v2/webhooks").json()["data"]
        assert shown["format"] == form
        for refused in (client.post("/api/v2/webhooks", json=wanted), client.post(f"/api/v2/webhooks/{shown['id']}/test")):
            assert refused.status_code == 400, refused.text
            assert [one["field"] for one in refused.json()["errors"]] == ["format"]
        assert client.post("/api/v2/devices", json={"name": "Pump"}).status_code == 201
        assert client.delete(f"/api/v2/webhooks/{shown['id']}").status_code == 204
    assert "Traceback" not in server.log()
