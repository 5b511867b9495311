"""Tokens as Kaito's clients use them: the documented example verbatim, and everything around it."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pyotp
import pytest

from tests.api.v2.tokens.test_routes import BASE32, key
from tests.support.days import PassingClock
from tests.support.in_process import InProcessServer, in_process_server
from tests.support.server import Org, RunningServer

QUICKSTART = """curl https://api.kaito.io/v1/tokens/aws-prod/code \\
-H "Authorization: Bearer $KAITO_KEY"
"""
"""As the vendor's page has it. Source: seeds/kaito.txt."""


@pytest.fixture
def api(in_process: InProcessServer) -> Iterator[httpx.Client]:
    with in_process.client(in_process.new_org()) as client:
        yield client


def create(api: httpx.Client, name: str = "aws-prod") -> httpx.Response:
    answer = api.post("/v1/tokens", json={"name": name, "secret": BASE32})
    assert answer.status_code == 201, answer.text
    return answer


def test_the_documented_example_to_the_byte(tmp_path: Path) -> None:
    clock = PassingClock(1_777_713_304_500_000)
    with in_process_server(tmp_path / "data", clock=clock) as server, server.client(server.orgs["Acme"]) as api:
        create(api)
        answer = api.get("/v1/tokens/aws-prod/code")
        assert answer.content == b'{"code":"497539","expires_in":26,"period":30}'
        assert answer.headers["content-type"] == "application/json"


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed here")
def test_the_quickstart_as_it_is_printed(server: RunningServer, acme: Org, tmp_path: Path) -> None:
    with server.client(acme) as api:
        api.post("/v1/tokens", json={"name": "aws-prod", "secret": BASE32})
        value = api.post("/api/v2/keys", json={"name": "ci", "scopes": ["tokens:code"], "style": "kaito"}).json()["value"]
        assert value.startswith("kto_live_")
        script = QUICKSTART.replace("https://api.kaito.io", server.base_url)
        done = subprocess.run(
            ["sh", "-c", script], env={"KAITO_KEY": value, "PATH": "/usr/bin:/bin"}, capture_output=True, check=True
        )
        found = json.loads(done.stdout)
        assert list(found) == ["code", "expires_in", "period"]
        assert pyotp.TOTP(BASE32).verify(found["code"], valid_window=1)
        assert api.delete("/v1/tokens/aws-prod").status_code == 204


def test_a_token_from_its_creation_to_its_end(api: httpx.Client) -> None:
    made = create(api).json()
    assert list(made) == [
        *("id", "name", "issuer", "account", "algorithm", "digits", "period", "groups", "created_at", "updated_at")
    ]
    assert (made["period"], made["groups"]) == (30, [])
    assert api.get("/v1/tokens/aws-prod").json() == made
    changed = api.patch("/v1/tokens/aws-prod", json={"issuer": "AWS"}).json()
    assert changed == made | {"issuer": "AWS", "updated_at": changed["updated_at"]}
    assert api.get("/v1/tokens/aws-prod/seed").json()["secret"] == BASE32
    rotated = api.post("/v1/tokens/aws-prod/seed/rotate").json()
    assert len(rotated["secret"]) == 32
    assert pyotp.parse_uri(rotated["uri"]).secret == rotated["secret"]
    assert api.delete("/v1/tokens/aws-prod").status_code == 204
    assert api.get("/v1/tokens/aws-prod/code").json() == {
        "error": {"code": "not_found", "message": "token aws-prod was not found"}
    }


def test_a_list_is_a_bare_array_with_its_cursor_in_a_header(api: httpx.Client) -> None:
    for name in ("b", "c", "a"):
        create(api, name)
    first = api.get("/v1/tokens", params={"limit": 2})
    assert [one["name"] for one in first.json()] == ["a", "b"]
    rest = api.get("/v1/tokens", params={"cursor": first.headers["x-next-cursor"]})
    assert [one["name"] for one in rest.json()] == ["c"]
    assert "x-next-cursor" not in rest.headers
    assert BASE32 not in first.text


def test_errors_are_in_the_form_of_the_surface(api: httpx.Client) -> None:
    create(api)
    refused = api.get("/v1/tokens", headers=key(api, "tokens:code"))
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "insufficient_scope")
    again = api.post("/v1/tokens", json={"name": "aws-prod", "secret": BASE32})
    assert (again.status_code, again.json()["error"]["code"]) == (409, "conflict")
    wrong = api.post("/v1/tokens", json={"name": "x", "secret": "GEZDGNBV"})
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (400, "invalid_request")
    consumed = [api.get("/v1/tokens/aws-prod/code", params={"consume": "true"}) for _ in range(3)][-1]
    assert (consumed.status_code, consumed.json()["error"]["code"]) == (409, "code_consumed")
    assert 1 <= int(consumed.headers["retry-after"]) <= 30
