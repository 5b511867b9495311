"""A server whose workers cannot write says so where operators look, and goes on taking readings."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.support.server import RunningServer, run_cli, running_server
from tests.support.waiting import eventually

READINGS = 20


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RunningServer]:
    environment = {"PENSTOCK_WORKERS_BEHIND_AFTER_S": "1"}
    with running_server(tmp_path / "data", environment=environment) as running:
        yield running


def ready(client: httpx.Client) -> httpx.Response:
    return client.get("/ready")


def metric(client: httpx.Client, name: str, worker: str) -> float | None:
    for family in text_string_to_metric_families(client.get("/metrics").text):
        for sample in family.samples:
            if sample.name == name and sample.labels == {"worker": worker}:
                return sample.value
    return None


def workers_in_doctor(server: RunningServer) -> dict[str, str]:
    environment = {"PENSTOCK_HTTP_PORT": server.base_url.rpartition(":")[2]}
    done = run_cli("doctor", "--data-dir", str(server.data_dir), "--json", environment=environment)
    return next(check for check in json.loads(done.stdout)["checks"] if check["name"] == "workers")


def test_a_worker_that_is_behind_is_named_and_readings_are_still_taken(server: RunningServer) -> None:
    with server.client(server.orgs["Acme"]) as client:
        device = client.post("/api/v2/devices", json={"name": "m"}).json()["device"]
        assert ready(client).json()["status"] == "ok"
        assert workers_in_doctor(server)["status"] == "ok"
        with closing(sqlite3.connect(server.data_dir / "penstock.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")  # no worker can write now
            for number in range(READINGS):
                answer = client.post(f"/api/v2/devices/{device['id']}/telemetry", json={"data": {"t": number}})
                assert answer.status_code == 201, answer.text
            assert eventually(lambda: ready(client).json()["followers"]["observer"]["status"] == "behind")
            found = ready(client)
            assert (found.status_code, found.json()["status"]) == (200, "degraded")
            observer = found.json()["followers"]["observer"]
            assert (observer["rows"], observer["seconds"] >= 1) == (READINGS, True)
            assert metric(client, "penstock_worker_behind_rows", "observer") == READINGS
            assert (metric(client, "penstock_worker_behind_seconds", "observer") or 0) > 1
            doctor = workers_in_doctor(server)
            assert doctor["status"] == "warn"
            assert "observer by" in doctor["detail"]
            other.execute("ROLLBACK")
        assert eventually(lambda: ready(client).json()["status"] == "ok")
        assert eventually(lambda: ready(client).json()["followers"]["observer"]["rows"] == 0)
        assert metric(client, "penstock_worker_behind_seconds", "outbox") is not None


def test_what_waits_for_a_stopped_server_is_told(server: RunningServer) -> None:
    with server.client(server.orgs["Acme"]) as client:
        device = client.post("/api/v2/devices", json={"name": "m"}).json()["device"]
        with closing(sqlite3.connect(server.data_dir / "penstock.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            for number in range(READINGS):
                client.post(f"/api/v2/devices/{device['id']}/telemetry", json={"data": {"t": number}})
            server.kill()
    doctor = workers_in_doctor(server)
    assert (doctor["status"], f"{READINGS} rows for observer" in doctor["detail"]) == ("ok", True)
