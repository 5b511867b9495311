"""Agents over HTTP: paired by a code that is shown once, and unpaired."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.support.in_process import InProcessServer


@pytest.fixture
def api(in_process: InProcessServer) -> Iterator[httpx.Client]:
    with in_process.client(in_process.orgs["Acme"]) as client:
        yield client


@pytest.fixture
def path(api: httpx.Client) -> str:
    return f"/api/v2/devices/{api.post('/api/v2/devices', json={'name': 'Gateway'}).json()['device']['id']}"


def provision(api: httpx.Client, code: str) -> httpx.Response:
    body = {"pair_code": code, "macaddress": "02:5a:9e:11:20:7c", "agent_version": "1.0.0"}
    return api.post("/api/v2/agents/provision", json=body)


def test_a_device_is_paired_and_unpaired(api: httpx.Client, path: str) -> None:
    assert api.get(f"{path}/agent").json()["paired"] is False
    made = api.post(f"{path}/pair-code")
    assert made.status_code == 201, made.text
    answer = provision(api, made.json()["pair_code"])
    assert answer.json()["device_id"] == made.json()["device_id"] == path.rpartition("/")[2]
    found = api.get(f"{path}/agent").json()
    assert (found["paired"], found["agent_version"], found["macaddress"]) == (True, "1.0.0", "02:5a:9e:11:20:7c")
    assert answer.json()["token"] not in str(found)
    for _ in range(2):
        assert api.delete(f"{path}/agent").status_code in (200, 204)
    assert api.get(f"{path}/agent").json() == {"paired": False, "paired_at": None, "agent_version": None, "macaddress": None}


def test_a_code_is_good_once_and_only_the_last_one(api: httpx.Client, path: str) -> None:
    old, new = [api.post(f"{path}/pair-code").json()["pair_code"] for _ in range(2)]
    assert provision(api, old).status_code == 401
    assert provision(api, new).status_code == 200
    assert provision(api, new).status_code == 401


def test_a_device_of_others_is_not_found(in_process: InProcessServer, path: str) -> None:
    with in_process.client(in_process.orgs["Other"]) as stranger:
        for answer in (stranger.get(f"{path}/agent"), stranger.post(f"{path}/pair-code"), stranger.delete(f"{path}/agent")):
            assert (answer.status_code, answer.json()["code"]) == (404, "devices.not_found")
