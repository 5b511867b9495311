"""Organisations from the command line, beside a running server."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import httpx
import pytest

from tests.support.server import RunningServer, run_cli, running_server

from .commands import output, refusal


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with running_server(tmp_path_factory.mktemp("orgs") / "data", orgs=("Acme", "Other")) as server:
        yield server


def wait_for(client: httpx.Client, path: str, status: int) -> httpx.Response:
    """The first answer of this status: another process changed what the server knows, which takes up to a second."""
    deadline = time.monotonic() + 3
    while (answer := client.get(path)).status_code != status:
        assert time.monotonic() < deadline, answer.text
        time.sleep(0.05)
    return answer


def test_a_suspended_organisation_is_answered_403_everywhere(own: RunningServer) -> None:
    place = ("--data-dir", str(own.data_dir), "--org", "Acme")
    with own.client(own.orgs["Acme"]) as acme, own.client(own.orgs["Other"]) as other:
        made = acme.post("/api/v2/devices", json={"name": "d"}).json()
        reading = {"device_id": made["device"]["id"], "access_token": made["access_token"], "data": {"n": 1}}
        assert acme.post("/api/devices/ingest", json=reading).status_code == 200
        output("org", "suspend", *place)
        assert wait_for(acme, "/api/v2/me", 403).json()["code"] == "organizations.suspended"
        assert acme.get("/v1/devices").status_code == 403
        assert acme.get("/v1/devices").json() == {"error": "Account suspended"}
        assert acme.post("/api/devices/ingest", json=reading).status_code == 403
        assert acme.get("/api/v2/streams/sse").status_code == 403
        assert other.get("/api/v2/me").status_code == 200
        listed = {row["name"]: row["status"] for row in json.loads(output("org", "list", *place[:2], "--json"))}
        assert listed == {"Acme": "suspended", "Other": "active"}
        output("org", "resume", *place)
        wait_for(acme, "/api/v2/me", 200)
        actions = [row["action"] for row in acme.get("/api/v2/logs", params={"action": "org.*"}).json()["data"]]
        assert actions == ["org.resume", "org.suspend"]


def test_another_plan(own: RunningServer) -> None:
    place = ("--data-dir", str(own.data_dir), "--org", "Other")
    with own.client(own.orgs["Other"]) as api:
        assert api.get("/api/v2/me").json()["plan"] == "enterprise"
        output("org", "set-plan", *place, "--plan", "free")
        deadline = time.monotonic() + 3
        while api.get("/api/v2/me").json()["plan"] != "free":
            assert time.monotonic() < deadline
            time.sleep(0.05)
    assert "no plan named 'gold'" in refusal(run_cli("org", "set-plan", *place, "--plan", "gold"))


def test_a_key_revoked_beside_the_server_is_refused_within_a_second(own: RunningServer) -> None:
    place = ("--data-dir", str(own.data_dir), "--org", "Acme")
    made = json.loads(output("key", "create", *place, "--name", "x", "--scopes", "profile:read", "--style", "kilo", "--json"))
    assert made["api_key"].startswith("kilo_")
    headers = {"X-API-Key": made["api_key"], "X-Organization-Id": made["organization_id"]}
    with httpx.Client(base_url=own.base_url, headers=headers) as api:
        wait_for(api, "/api/v2/me", 200)
        new = json.loads(output("key", "rotate", *place, "--key-id", made["key_id"], "--json"))
        wait_for(api, "/api/v2/me", 401)
    headers["X-API-Key"] = new["api_key"]
    with httpx.Client(base_url=own.base_url, headers=headers) as api:
        wait_for(api, "/api/v2/me", 200)
        output("key", "revoke", *place, "--key-id", new["key_id"])
        began = time.monotonic()
        wait_for(api, "/api/v2/me", 401)
        assert time.monotonic() - began < 1.5
