"""The first set-up over HTTP: with the link, once, while there is no organisation."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.in_process import InProcessServer, in_process_server

PATH, PASSWORD = "/api/v2/setup", "correct horse battery"


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[InProcessServer]:
    with in_process_server(tmp_path / "data", orgs=()) as server:
        yield server


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_the_link_makes_the_first_organisation_once(empty: InProcessServer) -> None:
    token = empty.call(lambda server: server.parts.setup.issue())
    later = empty.call(lambda server: server.parts.setup.issue())
    body: dict[str, Any] = {"token": token, "organization": " North Pumps ", "email": "ada@example.org", "password": PASSWORD}
    with empty.client() as client:
        assert code(client.post(PATH, json=body | {"token": "pol_x"})) == (400, "auth.link_invalid")
        assert code(client.post(PATH, json=body | {"token": "pol_ß"})) == (400, "auth.link_invalid")
        weak = client.post(PATH, json=body | {"password": "short"})
        assert (weak.status_code, weak.json()["errors"][0]["field"]) == (400, "password")
        assert client.post(PATH, json=body | {"organization": "a\u202eb"}).status_code == 400
        answer = client.post(PATH, json=body)
        assert answer.status_code == 201, answer.text
        made = answer.json()
        assert (made["organization_name"], made["email"], made["plan"]) == ("North Pumps", "ada@example.org", "enterprise")
        tokens = client.post("/api/v2/auth/sign-in", json={"email": "ada@example.org", "password": PASSWORD}).json()
        assert (tokens["role"], tokens["organization_id"]) == ("owner", made["organization_id"])
        headers = {"X-API-Key": made["api_key"], "X-Organization-Id": made["organization_id"]}
        (key,) = client.get("/api/v2/keys", headers=headers).json()["data"]
        assert (key["id"], key["root"]) == (made["key_id"], made["user_id"]), "the owner answers for the first key"
        (entry,) = client.get("/api/v2/logs", params={"action": "org.create"}, headers=headers).json()["data"]
        assert (entry["user"], entry["actor_kind"]) == ("ada@example.org", "user")
        assert PASSWORD not in str(entry)
        for spent in (token, later):
            assert code(client.post(PATH, json=body | {"token": spent, "organization": "Second"})) == (404, "setup.done")
    assert empty.call(lambda server: server.parts.setup.issue()) is None


def test_an_address_may_try_so_often(empty: InProcessServer) -> None:
    with empty.client() as client:
        body = {"token": "pol_x", "organization": "x", "email": "a@example.org", "password": PASSWORD}
        answers = [client.post(PATH, json=body) for _ in range(31)]
    assert [answer.status_code for answer in answers] == [400] * 30 + [429]
    assert int(answers[-1].headers["retry-after"]) > 0
