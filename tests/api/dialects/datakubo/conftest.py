"""Organisations on a server of their own: one on DataKubo's plan whose month is short, one that is without limit."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from penstock.kit.ids import Prefix, decode
from penstock.kit.uuids import to_uuid
from tests.support.server import Org, RunningServer, run_cli, running_server
from tests.support.waiting import awaited

FIXTURES = Path(__file__).parents[3] / "ingress" / "lorawan" / "fixtures"
INGEST = "/api/v1/ingest/water-consumption"
SMALL_MONTH = 3


@pytest.fixture(scope="session")
def kubo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    data_dir = tmp_path_factory.mktemp("datakubo") / "data"
    data_dir.mkdir(mode=0o700)
    (data_dir / "penstock.toml").write_text(f"[plans.small]\nmonthly_readings = {SMALL_MONTH}\n")
    with running_server(data_dir, orgs=("Kubo", "Small", "Other", "Billed")) as server:
        for name, plan in (("Small", "small"), ("Billed", "datakubo_starter")):
            done = run_cli("org", "set-plan", "--data-dir", str(data_dir), "--org", name, "--plan", plan)
            assert done.returncode == 0, done.stderr
            with server.client(server.orgs[name]) as api:  # the server reads plans anew once a second
                awaited(lambda plan=plan: api.get("/api/v2/me").json()["plan"] == plan)
        yield server


@pytest.fixture(scope="session")
def org(kubo: RunningServer) -> Org:
    return kubo.orgs["Kubo"]


@pytest.fixture(scope="session")
def api(kubo: RunningServer, org: Org) -> Iterator[httpx.Client]:
    """A client as the vendor's are: with the key and nothing else."""
    with httpx.Client(base_url=kubo.base_url, headers={"X-API-Key": org.api_key}, timeout=30) as client:
        yield client


@pytest.fixture(scope="session")
def small(kubo: RunningServer) -> Iterator[httpx.Client]:
    """A client of the organisation whose plan has few readings a month."""
    org = kubo.orgs["Small"]
    with httpx.Client(base_url=kubo.base_url, headers={"X-API-Key": org.api_key}, timeout=30) as client:
        yield client


@pytest.fixture(scope="session")
def native(kubo: RunningServer, org: Org) -> Iterator[httpx.Client]:
    """A client of the native API of the same organisation."""
    with kubo.client(org) as client:
        yield client


def fixture_body(file: str, name: str) -> dict[str, Any]:
    """A network server's body as it is documented."""
    found = json.loads((FIXTURES / f"{file}.json").read_text("utf-8"))
    body: dict[str, Any] = next(one["body"] for one in found if one["name"] == name)
    return body


def uuid_of(prefix: Prefix, text: str) -> str:
    """An id of the native API as DataKubo shows it."""
    return to_uuid(prefix, decode(prefix, text) or 0)


def readings_of(native: httpx.Client, eui: str, count: int) -> list[dict[str, Any]]:
    """The readings of a device, newest first, once there are so many."""
    device_id = native.get(f"/api/v2/devices/by-identifier/eui/{eui}").json()["id"]

    def look() -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = native.get(f"/api/v2/devices/{device_id}/telemetry?range=3000d").json()["data"]
        return found

    return eventually(look, lambda rows: len(rows) >= count)


def eventually(look: Callable[[], Any], enough: Callable[[Any], bool]) -> Any:
    """What is seen once it is enough; a worker needs a moment."""
    (found,) = awaited(lambda: [found for found in [look()] if enough(found)])
    return found
