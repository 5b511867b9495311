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


def exchange(api: httpx.Client, code: str, **about: str) -> httpx.Response:
    return api.post("/api/v2/agents/provision", json={"pair_code": code} | about)


def test_an_agent_that_names_itself_gets_the_same_token_until_it_confirms(api: httpx.Client, path: str) -> None:
    code = api.post(f"{path}/pair-code").json()["pair_code"]
    first, second = [exchange(api, code, agent_id="a1") for _ in range(2)]
    assert (first.status_code, second.json()) == (200, first.json())
    assert exchange(api, code, agent_id="a2").status_code == 401  # another agent
    assert exchange(api, code).status_code == 401
    paired = [row for row in api.get("/api/v2/logs", params={"target": first.json()["device_id"]}).json()["data"]]
    assert [row["action"] for row in paired].count("agent.pair") == 1
    for _ in range(2):
        assert api.post("/api/v2/agents/confirm", json={"token": first.json()["token"]}).status_code == 204
    assert exchange(api, code, agent_id="a1").status_code == 401
    assert api.get(f"{path}/agent").json()["paired"] is True


def test_only_the_token_of_the_pairing_confirms_it(api: httpx.Client, path: str) -> None:
    code = api.post(f"{path}/pair-code").json()["pair_code"]
    old = exchange(api, code, agent_id="a1").json()["token"]
    newer = api.post(f"{path}/pair-code").json()["pair_code"]
    made = exchange(api, newer, agent_id="a1").json()["token"]
    for token in (old, "nonsense", made[::-1]):
        assert api.post("/api/v2/agents/confirm", json={"token": token}).status_code == 401
    assert exchange(api, newer, agent_id="a1").json()["token"] == made
    assert api.delete(f"{path}/agent").status_code in (200, 204)
    assert exchange(api, newer, agent_id="a1").status_code == 401


def test_what_the_agent_reports_is_shown_with_the_device(api: httpx.Client, path: str) -> None:
    code = api.post(f"{path}/pair-code").json()["pair_code"]
    assert (api.get(path).json()["agent_version"], api.get(path).json()["macaddress"]) == ("", "")
    exchange(api, code, agent_id="a1", macaddress="02:5a:9e:11:20:7c", agent_version="1.0.0")
    shown = api.get(path).json()
    assert (shown["agent_version"], shown["macaddress"]) == ("1.0.0", "02:5a:9e:11:20:7c")
    listed = next(one for one in api.get("/api/v2/devices").json()["data"] if one["id"] == shown["id"])
    assert listed == shown


def test_a_device_of_others_is_not_found(in_process: InProcessServer, path: str) -> None:
    with in_process.client(in_process.orgs["Other"]) as stranger:
        for answer in (stranger.get(f"{path}/agent"), stranger.post(f"{path}/pair-code"), stranger.delete(f"{path}/agent")):
            assert (answer.status_code, answer.json()["code"]) == (404, "devices.not_found")
