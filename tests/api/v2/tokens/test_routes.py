"""Tokens over HTTP: created, listed, changed; their codes, limits and seeds; and what each scope allows."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pyotp
import pytest

from tests.support.days import PassingClock
from tests.support.in_process import InProcessServer, in_process_server
from tests.support.server import Org, RunningServer

PATH = "/api/v2/tokens"
BASE32 = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
URI = f"otpauth://totp/AWS:root%40example.org?secret={BASE32}&issuer=AWS&algorithm=SHA256&digits=8&period=60"


@pytest.fixture
def api(in_process: InProcessServer) -> Iterator[httpx.Client]:
    with in_process.client(in_process.new_org()) as client:
        yield client


def made(api: httpx.Client, **fields: Any) -> dict[str, Any]:
    answer = api.post(PATH, json={"name": "aws-prod", "secret": BASE32} | fields)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def key(api: httpx.Client, *scopes: str, **fields: Any) -> dict[str, str]:
    answer = api.post("/api/v2/keys", json={"name": "ci", "scopes": scopes} | fields)
    assert answer.status_code == 201, answer.text
    return {"X-API-Key": answer.json()["value"]}


def fault(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 400, answer.text
    return [one["field"] for one in answer.json()["errors"]]


def test_a_token_from_its_creation_to_its_end(api: httpx.Client) -> None:
    token = made(api, issuer="AWS", account="root@example.org")
    shown = {"name": "aws-prod", "issuer": "AWS", "algorithm": "SHA1", "digits": 6, "period_s": 30, "rotate_reason": None}
    assert token.items() >= shown.items()
    assert BASE32 not in str(token)
    by_id = f"{PATH}/{token['id']}"
    assert api.get(by_id).json() == api.get(f"{PATH}/aws-prod").json() == token
    assert api.post(PATH, json={"name": "aws-prod", "secret": BASE32}).json()["code"] == "tokens.name_taken"
    changed = api.patch(by_id, json={"name": "aws", "description": "Root account"})
    assert changed.json() == token | {"name": "aws", "description": "Root account", "updated_at": changed.json()["updated_at"]}
    assert api.get(f"{PATH}/aws-prod").status_code == 404
    assert api.patch(by_id, json={"name": "No"}).status_code == 400
    assert api.patch(by_id, json={"digits": 8}).status_code == 400
    assert api.delete(f"{PATH}/aws").status_code == 204
    for path in (by_id, f"{by_id}/code", f"{by_id}/seed"):
        assert api.get(path).json()["code"] == "tokens.not_found"


def test_the_code_of_a_secret_and_of_a_uri(api: httpx.Client) -> None:
    made(api)
    token = api.post(PATH, json={"name": "by-uri", "uri": URI}).json()
    assert (token["issuer"], token["account"], token["algorithm"], token["digits"]) == ("AWS", "root@example.org", "SHA256", 8)
    for name, other in (("aws-prod", pyotp.TOTP(BASE32)), ("by-uri", pyotp.parse_uri(URI))):
        assert isinstance(other, pyotp.TOTP)
        before = other.now()
        found = api.get(f"{PATH}/{name}/code").json()
        assert found["code"] in (before, other.now())
        assert 1 <= found["expires_in_s"] <= found["period_s"] == other.interval


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, ["secret"]),
        ({"secret": BASE32, "uri": URI}, ["secret"]),
        ({"secret": "GEZDGNBV"}, ["secret"]),
        ({"secret": "no base32!!!"}, ["secret"]),
        ({"uri": "otpauth://hotp/a?secret=GEZDGNBVGY3TQOJQ"}, ["uri"]),
        ({"uri": "otpauth://totp/a?secret=GEZDGNBV"}, ["uri.secret"]),
        ({"uri": URI, "digits": 6}, ["digits"]),
        ({"secret": BASE32, "digits": 9}, ["digits"]),
        ({"secret": BASE32, "period_s": 14}, ["period_s"]),
        ({"uri": URI, "period_s": 60}, ["period_s"]),
        ({"secret": BASE32, "algorithm": "MD5"}, ["algorithm"]),
        ({"secret": BASE32, "name": "Aws prod"}, ["name"]),
        ({"secret": BASE32, "more": 1}, ["more"]),
    ],
)
def test_bad_input_names_its_field(body: dict[str, Any], fields: list[str], api: httpx.Client) -> None:
    answer = api.post(PATH, json={"name": "aws-prod"} | body)
    assert fault(answer) == fields
    assert BASE32 not in answer.text


def test_lists_have_filters_orders_and_pages(api: httpx.Client) -> None:
    for name in ("b", "c", "a"):
        made(api, name=name, issuer=name.upper())

    def names(**query: Any) -> list[str]:
        found = api.get(PATH, params=query).json()
        return [one["name"] for one in found["data"]] + ([found["next_cursor"]] if found["next_cursor"] else [])

    assert names() == ["a", "b", "c"]
    assert names(sort="-created_at") == ["a", "c", "b"]
    assert names(search="B") == names(issuer="B") == ["b"]
    assert names(rotate="true") == []
    *page, cursor = names(limit=2)
    assert (page, names(limit=2, cursor=cursor)) == (["a", "b"], ["c"])
    assert fault(api.get(PATH, params={"cursor": cursor, "sort": "-name"})) == ["cursor"]
    assert fault(api.get(PATH, params={"sort": "issuer"})) == ["sort"]


def test_each_scope_allows_one_thing(api: httpx.Client) -> None:
    token = made(api)
    path = f"{PATH}/{token['id']}"
    calls = {
        "tokens:read": (("GET", PATH, None), ("GET", path, None)),
        "tokens:code": (("GET", f"{path}/code", None),),
        "tokens:seed": (("GET", f"{path}/seed", None), ("POST", f"{path}/seed/rotate", {"secret": BASE32})),
        "tokens:write": (("PATCH", path, {"issuer": "AWS"}), ("POST", PATH, {"name": "x", "secret": BASE32})),
    }
    for scope in calls:
        headers = key(api, scope)
        for needed, few in calls.items():
            for method, called, body in few:
                answer = api.request(method, called, json=body, headers=headers)
                assert answer.is_success == (needed == scope), (scope, method, called, answer.text)
                if needed == scope != "tokens:seed":
                    assert BASE32 not in answer.text
        api.delete(f"{PATH}/x")


def test_the_restrictions_of_a_key_hold(api: httpx.Client) -> None:
    made(api)
    code = f"{PATH}/aws-prod/code"
    elsewhere = key(api, "tokens:code", allowed_cidrs=["203.0.113.0/24"])
    assert api.get(code, headers=elsewhere).json()["code"] == "auth.address_not_allowed"
    once = key(api, "tokens:code", single_use="spend")
    with ThreadPoolExecutor(8) as at_once:
        statuses = list(at_once.map(lambda _: api.get(code, headers=once).status_code, range(16)))
    assert sorted(statuses) == [200] + [401] * 15


def test_a_code_is_consumed_by_one_call(in_process: InProcessServer, api: httpx.Client) -> None:
    made(api, period_s=300)
    code = f"{PATH}/aws-prod/code"
    with ThreadPoolExecutor(8) as at_once:
        answers = list(at_once.map(lambda _: api.get(code, params={"consume": "true"}), range(20)))
    assert sorted(one.status_code for one in answers) == [200] + [409] * 19
    lost = next(one for one in answers if one.status_code == 409)
    assert lost.json()["code"] == "tokens.code_consumed"
    assert 1 <= int(lost.headers["retry-after"]) == lost.json()["retry_after_s"] <= 300
    assert api.get(code).status_code == 200
    assert fault(api.get(code, params={"consume": "yes"})) == ["consume"]


def test_the_seed_is_shown_and_replaced(api: httpx.Client) -> None:
    made(api, algorithm="SHA512", digits=8, period_s=60, issuer="AWS", account="ada")
    path = f"{PATH}/aws-prod/seed"
    shown = api.get(path).json()
    assert shown["secret"] == BASE32
    assert pyotp.parse_uri(shown["uri"]).secret == BASE32
    new = api.post(f"{path}/rotate").json()
    assert len(new["secret"]) == 103
    other = pyotp.parse_uri(new["uri"])
    assert isinstance(other, pyotp.TOTP)
    assert other.verify(api.get(f"{PATH}/aws-prod/code").json()["code"], valid_window=1)
    assert api.post(f"{path}/rotate", json={"secret": "gezd gnbv gy3t qojq"}).json()["secret"] == "GEZDGNBVGY3TQOJQ"
    assert fault(api.post(f"{path}/rotate", json={"secret": "GEZDGNBV"})) == ["secret"]
    flagged = [one for one in api.get("/api/v2/logs").json()["data"] if one["details"].get("flagged")]
    assert [one["action"] for one in flagged] == ["token.seed.rotate", "token.seed.rotate", "token.seed.view"]
    assert BASE32 not in str(flagged)


def test_a_code_is_in_the_log_before_it_is_answered(api: httpx.Client) -> None:
    made(api)
    with ThreadPoolExecutor(8) as at_once:
        list(at_once.map(lambda _: api.get(f"{PATH}/aws-prod/code").raise_for_status(), range(40)))
    query = {"action": "token.code.generate", "target": "token:aws-prod", "since": "1d"}
    rows = api.get("/v1/audit", params=query).json()
    assert len(rows) == 40
    assert {row["target"] for row in rows} == {"token:aws-prod"}


def test_limits(tmp_path: Path) -> None:
    names = {"TOKENS_MAX_PER_ORGANIZATION": 1, "LIMITS_CODES_PER_MINUTE": 60, "LIMITS_KAITO_CODE_PER_MINUTE": 60}
    environment = {f"PENSTOCK_{name}": str(count) for name, count in names.items()}
    with in_process_server(tmp_path / "data", environment=environment) as server, server.client(server.orgs["Acme"]) as api:
        made(api)
        # 60 codes in a minute and key, over all surfaces together.
        paths = (f"{PATH}/aws-prod/code", "/v1/tokens/aws-prod/code")
        assert {api.get(paths[number % 2]).status_code for number in range(60)} == {200}
        for path in paths:
            answer = api.get(path)
            assert answer.status_code == 429
            assert 1 <= int(answer.headers["retry-after"]) <= 61
        assert api.get(paths[0], headers=key(api, "tokens:code")).status_code == 200, "another key"
        assert api.get(PATH).status_code == 200, "another group"
        answer = api.post(PATH, json={"name": "b", "secret": BASE32})
        assert (answer.status_code, answer.json()["code"]) == (429, "tokens.limit_reached")


def test_over_a_socket_and_beside_another_organisation(server: RunningServer, acme: Org, other_api: httpx.Client) -> None:
    with server.client(acme) as api:
        token = made(api, name="over-a-socket")
        headers = key(api, "tokens:code")
        other = pyotp.TOTP(BASE32)
        assert other.verify(api.get(f"{PATH}/over-a-socket/code", headers=headers).json()["code"], valid_window=1)
    for name in ("over-a-socket", token["id"]):
        for path in ("", "/code", "/seed"):
            assert other_api.get(f"{PATH}/{name}{path}").status_code == 404


def test_a_consumed_code_stays_so_over_a_restart(tmp_path: Path) -> None:
    statuses: list[int] = []
    for _ in range(2):
        with in_process_server(tmp_path / "data", orgs=() if statuses else ("Acme",), clock=PassingClock()) as server:
            if not statuses:
                org = server.orgs["Acme"]
            with server.client(org) as api, ThreadPoolExecutor(8) as at_once:
                if not statuses:
                    made(api)
                calls = at_once.map(lambda _: api.get(f"{PATH}/aws-prod/code", params={"consume": "true"}), range(25))
                statuses += [one.status_code for one in calls]
    assert sorted(statuses) == [200] + [409] * 49
