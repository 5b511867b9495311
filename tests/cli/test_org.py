"""Organisations from the command line, beside a running server."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing

import httpx
import pytest

from penstock.adapters.storage.sqlite.migrations import CONTROL_FILE
from penstock.bootstrap.dialects import KEY_STYLES
from tests.security.table import plain_reads
from tests.support.pace import in_time
from tests.support.server import RunningServer, run_cli, running_server
from tests.support.waiting import CEILING_S, awaited, eventually

from .commands import create_device, output, refusal

STYLE = KEY_STYLES.names[-1]
"""A vendor's, where there is one."""


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    settings = {"PENSTOCK_SUBSCRIPTION_INTERVAL_S": "0.2", "PENSTOCK_SUBSCRIPTION_FALLBACK_PLAN": "starter"}
    orgs = ("Acme", "Other", "Trying")
    with running_server(tmp_path_factory.mktemp("orgs") / "data", orgs=orgs, environment=settings) as server:
        yield server


def wait_for(client: httpx.Client, path: str, status: int) -> httpx.Response:
    """The first answer of this status: another process changed what the server knows, which takes up to a second."""

    def answered() -> httpx.Response | None:
        answer = client.get(path)
        return answer if answer.status_code == status else None

    return awaited(answered)


def test_a_suspended_organisation_is_answered_403_everywhere(own: RunningServer) -> None:
    place = ("--data-dir", str(own.data_dir), "--org", "Acme")
    with own.client(own.orgs["Acme"]) as acme, own.client(own.orgs["Other"]) as other:
        made = acme.post("/api/v2/devices", json={"name": "d"}).json()
        device = (made["device"]["id"], made["access_token"])
        assert send(own, *device) == 201
        output("org", "suspend", *place)
        assert wait_for(acme, "/api/v2/me", 403).json()["code"] == "organizations.suspended"
        assert {acme.get(path).status_code for path in plain_reads().values()} == {403}
        assert send(own, *device) == 403
        assert acme.get("/api/v2/streams/sse").status_code == 403
        assert other.get("/api/v2/me").status_code == 200
        listed = {row["name"]: row["status"] for row in json.loads(output("org", "list", *place[:2], "--json"))}
        assert listed == {"Acme": "suspended", "Other": "active", "Trying": "active"}
        output("org", "resume", *place)
        wait_for(acme, "/api/v2/me", 200)
        actions = [row["action"] for row in acme.get("/api/v2/logs", params={"action": "org.*"}).json()["data"]]
        assert actions == ["org.resume", "org.suspend", "org.create"]


def test_another_plan(own: RunningServer) -> None:
    place = ("--data-dir", str(own.data_dir), "--org", "Other")
    with own.client(own.orgs["Other"]) as api:
        assert api.get("/api/v2/me").json()["plan"] == "enterprise"
        devices = [create_device(api, f"d{number}") for number in range(5)]
        assert [send(own, *device) for device in devices] == [201] * 5
        said = output("org", "set-plan", *place, "--plan", "free", "--until", "2099-06-01", "--trial")
        assert said.splitlines() == ["Other is on the plan free until 2099-06-01", "2 devices were paused", "1 keys were revoked"]
        wait_for(api, "/api/v2/me", 401)
    made = json.loads(output("key", "create", *place, "--name", "x", "--scopes", "profile:read,usage:read", "--json"))
    headers = {"X-API-Key": made["api_key"], "X-Organization-Id": made["organization_id"]}
    with httpx.Client(base_url=own.base_url, headers=headers) as api:
        assert wait_for(api, "/api/v2/me", 200).json()["plan"] == "free"
        limits = api.get("/api/v2/limits").json()
        assert (limits["plan_until"], limits["trial"]) == ("2099-06-01T00:00:00Z", True)
        assert limits["retention_days"] is None, "what the plan before kept stays for a while"
    assert eventually(lambda: sorted(send(own, *device) for device in devices) == [201, 201, 201, 403, 403])
    listed = {row["name"]: row["plan_until"] for row in json.loads(output("org", "list", *place[:2], "--json"))}
    assert listed["Other"] == "2099-06-01T00:00:00Z"


def test_a_plan_ends_by_itself(own: RunningServer) -> None:
    place = ("--data-dir", str(own.data_dir), "--org", "Trying")
    output("org", "set-plan", *place, "--plan", "business", "--until", "2099-06-01", "--trial")
    with closing(sqlite3.connect(own.data_dir / CONTROL_FILE, timeout=CEILING_S)) as database, database:
        # The day comes at once: the command takes no day of the past, and how long it takes itself depends on the machine.
        database.execute("UPDATE organizations SET plan_until_us = 1 WHERE name = 'Trying'")
    with own.client(own.orgs["Trying"]) as api:
        assert eventually(lambda: api.get("/api/v2/limits").json()["plan"] == "starter")
        limits = api.get("/api/v2/limits").json()
        assert (limits["plan_until"], limits["trial"], limits["key_limit"]) == (None, False, 5)
        rows = api.get("/api/v2/logs", params={"action": "billing.plan.change"}).json()["data"]
    assert [row["details"]["reason"] for row in rows] == ["ended", "set"]


def test_a_plan_that_cannot_be_set_is_refused(own: RunningServer) -> None:
    place = ("--data-dir", str(own.data_dir), "--org", "Acme")
    assert "plan gold was not found" in refusal(run_cli("org", "set-plan", *place, "--plan", "gold"))
    for wrong, reason in (
        (("--until", "2020-01-01"), "must be in the future"),
        (("--until", "soon"), "--until 'soon'"),
        (("--trial",), "required for a trial"),
    ):
        assert reason in refusal(run_cli("org", "set-plan", *place, "--plan", "scale", *wrong))


def send(server: RunningServer, device_id: str, token: str) -> int:
    path, own = f"/api/v2/devices/{device_id}/telemetry", {"Authorization": f"Bearer {token}"}
    return httpx.post(f"{server.base_url}{path}", json={"data": {"n": 1}}, headers=own).status_code


@pytest.mark.prove
def test_a_key_revoked_beside_the_server_is_refused_within_a_second(own: RunningServer) -> None:
    place = ("--data-dir", str(own.data_dir), "--org", "Acme")
    made = json.loads(output("key", "create", *place, "--name", "x", "--scopes", "profile:read", "--style", STYLE, "--json"))
    headers = {"X-API-Key": made["api_key"], "X-Organization-Id": made["organization_id"]}
    with httpx.Client(base_url=own.base_url, headers=headers) as api:
        wait_for(api, "/api/v2/me", 200)
        output("key", "revoke", *place, "--key-id", made["key_id"])
        began = time.monotonic()
        wait_for(api, "/api/v2/me", 401)
    assert in_time(time.monotonic() - began, 1)


def test_a_key_revoked_beside_the_server_is_refused(own: RunningServer) -> None:
    place = ("--data-dir", str(own.data_dir), "--org", "Acme")
    made = json.loads(output("key", "create", *place, "--name", "x", "--scopes", "profile:read", "--style", STYLE, "--json"))
    assert KEY_STYLES.looks_like_key(made["api_key"].encode())
    headers = {"X-API-Key": made["api_key"], "X-Organization-Id": made["organization_id"]}
    with httpx.Client(base_url=own.base_url, headers=headers) as api:
        wait_for(api, "/api/v2/me", 200)
        new = json.loads(output("key", "rotate", *place, "--key-id", made["key_id"], "--json"))
        wait_for(api, "/api/v2/me", 401)
    headers["X-API-Key"] = new["api_key"]
    with httpx.Client(base_url=own.base_url, headers=headers) as api:
        wait_for(api, "/api/v2/me", 200)
        output("key", "revoke", *place, "--key-id", new["key_id"])
        wait_for(api, "/api/v2/me", 401)
