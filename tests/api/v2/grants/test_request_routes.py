"""Four eyes, over HTTP: a seed that is read once, by whoever asked, after another person approved it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from penstock.core.tokens import approvals
from tests.support.granting import Caller, Site, granting

TOKENS, REQUESTS = "/api/v2/tokens", "/api/v2/seed-requests"
APPROVAL_S = 900


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with granting(tmp_path_factory.mktemp("requests")) as found:
        yield found


def problem(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code", "")


NEEDED = (403, "tokens.approval_required")


def asked(caller: Caller, token: str, **about: Any) -> str:
    answer = caller.http.post(f"{TOKENS}/{token}/seed-requests", json={"reason": "new phone"} | about)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def decided(caller: Caller, token: str, request: str, how: str = "approve") -> httpx.Response:
    return caller.http.post(f"{TOKENS}/{token}/seed-requests/{request}/{how}")


def seed(caller: Caller, token: str) -> httpx.Response:
    return caller.http.get(f"{TOKENS}/{token}/seed")


def test_an_approval_is_for_one_read_of_the_one_who_asked(site: Site) -> None:
    token, lena, ada = site.token(four_eyes=True), site.person("admin"), site.person("admin")
    assert problem(seed(lena, token)) == NEEDED
    request = asked(lena, token)
    assert problem(seed(lena, token)) == NEEDED
    approved = decided(ada, token, request).raise_for_status().json()
    assert (approved["state"], approved["decided_by"]) == ("approved", ada.person and ada.person.email)
    assert problem(seed(ada, token)) == NEEDED, "the approval is not for whoever gave it"
    assert problem(seed(site.key(of=site.person("owner")), token)) == NEEDED
    assert seed(lena, token).status_code == 200
    assert problem(seed(lena, token)) == NEEDED
    assert [one["state"] for one in lena.http.get(REQUESTS, params={"token": token, "state": "used"}).json()["data"]] == ["used"]
    acts = [site.acts(f"token.seed.{name}")[-1] for name in ("request", "approve", "approval.use", "view")]
    assert [one["actor"] for one in acts] == [one.person and one.person.email for one in (lena, ada, lena, lena)]


def test_nobody_approves_for_themselves(site: Site) -> None:
    token, lena = site.token(four_eyes=True), site.person("admin")
    key, other_key = site.key(of=lena), site.key(of=lena)
    for requester, deciders in ((lena, (lena, key)), (key, (lena, key, other_key))):
        request = asked(requester, token)
        for decider in deciders:
            for how in ("approve", "deny"):
                assert problem(decided(decider, token, request, how)) == (403, "tokens.own_request")
    operators = site.key(), site.key()
    assert problem(decided(operators[1], token, asked(operators[0], token))) == (403, "tokens.own_request")
    assert decided(operators[0], token, request).status_code == 200


def test_only_who_may_read_the_seed_asks_and_decides(site: Site) -> None:
    token, lena, member, stranger = site.token(four_eyes=True), site.person("admin"), site.person(), site.person()
    site.grant(token, member.id)
    request = asked(lena, token)
    for caller, expected in ((member, (403, "tokens.seed_not_granted")), (stranger, (404, "tokens.not_found"))):
        assert problem(decided(caller, token, request)) == expected
        assert problem(caller.http.post(f"{TOKENS}/{token}/seed-requests", json={"reason": "x"})) == expected
        assert caller.http.get(REQUESTS).json()["data"] == []
    assert problem(decided(site.key("tokens:code"), token, request)) == (403, "auth.scope_missing")
    site.grant(token, member.id, "seed")
    assert [one["id"] for one in member.http.get(REQUESTS).json()["data"]] == [request]
    assert decided(member, token, request).status_code == 200
    assert seed(lena, token).status_code == 200


def test_time_ends_requests_and_approvals(site: Site) -> None:
    token, lena, ada = site.token(four_eyes=True), site.key(of=site.person("admin")), site.key(of=site.person("admin"))
    request = asked(lena, token)
    decided(ada, token, request).raise_for_status()
    site.pass_time(APPROVAL_S)
    assert problem(seed(lena, token)) == NEEDED
    late = asked(lena, token)
    site.pass_time(86_400)
    assert problem(decided(ada, token, late)) == (409, "tokens.request_decided")
    states = [one["state"] for one in ada.http.get(REQUESTS, params={"token": token, "state": "expired"}).json()["data"]]
    assert states == ["expired", "expired"]
    again = asked(lena, token)
    decided(ada, token, again).raise_for_status()
    site.pass_time(APPROVAL_S - 0.001)
    assert seed(lena, token).status_code == 200


def test_a_decision_is_final(site: Site) -> None:
    token, lena, ada = site.token(four_eyes=True), site.person("admin"), site.person("admin")
    request = asked(lena, token)
    assert decided(ada, token, request, "deny").json()["state"] == "denied"
    assert problem(decided(ada, token, request)) == (409, "tokens.request_decided")
    assert problem(seed(lena, token)) == NEEDED
    assert problem(decided(ada, site.token(four_eyes=True), request)) == (404, "tokens.request_not_found")


def test_one_of_many_concurrent_reads_uses_an_approval(site: Site) -> None:
    token, lena = site.token(four_eyes=True), site.person("admin")
    decided(site.person("admin"), token, asked(lena, token)).raise_for_status()
    with ThreadPoolExecutor(8) as pool:
        statuses = sorted(answer.status_code for answer in pool.map(lambda _: seed(lena, token), range(8)))
    assert statuses == [200] + [403] * 7


def test_a_rotation_shows_a_seed_and_needs_an_approval(site: Site) -> None:
    token, lena, ada = site.token(four_eyes=True), site.person("admin"), site.person("admin")
    rotate = f"{TOKENS}/{token}/seed/rotate"
    assert problem(lena.http.post(rotate, json={})) == NEEDED
    decided(ada, token, asked(lena, token)).raise_for_status()
    assert lena.http.post(rotate, json={}).status_code == 200
    assert problem(lena.http.post(rotate, json={})) == NEEDED


def test_to_end_four_eyes_needs_a_second_person_too(site: Site) -> None:
    token, lena, ada = site.token(), site.person("admin"), site.person("admin")
    path = f"{TOKENS}/{token}"
    assert problem(lena.http.post(f"{path}/seed-requests", json={"reason": "x"})) == (422, "tokens.approval_not_needed")
    writer = site.key("tokens:write", "tokens:read")
    assert problem(writer.http.patch(path, json={"four_eyes": True})) == (403, "auth.scope_missing")
    assert lena.http.patch(path, json={"four_eyes": True}).json()["four_eyes"] is True
    assert writer.http.patch(path, json={"four_eyes": True, "issuer": "AWS"}).status_code == 200, "it changes nothing about it"
    assert problem(lena.http.patch(path, json={"four_eyes": False})) == NEEDED
    decided(ada, token, asked(lena, token)).raise_for_status()
    assert problem(lena.http.patch(path, json={"four_eyes": False})) == NEEDED, "an approval to read is for a read"
    decided(ada, token, asked(lena, token, purpose="end_four_eyes")).raise_for_status()
    assert lena.http.patch(path, json={"four_eyes": False}).json()["four_eyes"] is False
    assert seed(ada, token).status_code == 200


def test_requests_of_a_person_are_limited(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(approvals, "MAX_REQUESTS", 3)
    token, lena = site.token(four_eyes=True), site.person("admin")
    for _ in range(3):
        asked(lena, token)
    refused = lena.http.post(f"{TOKENS}/{token}/seed-requests", json={"reason": "x"})
    assert problem(refused) == (429, "tokens.request_limit_reached")
    asked(site.person("admin"), token)


def test_who_leaves_has_no_approvals(site: Site) -> None:
    token, lena, ada = site.token(four_eyes=True), site.person("admin"), site.person("admin")
    request, approved = asked(lena, token), asked(lena, token)
    decided(ada, token, approved).raise_for_status()
    site.api.delete(f"/api/v2/members/{lena.id}").raise_for_status()
    assert problem(decided(ada, token, request)) == (409, "tokens.request_decided")
    assert {one["state"] for one in ada.http.get(REQUESTS, params={"token": token, "state": "expired"}).json()["data"]} == {
        "expired"
    }


@pytest.mark.parametrize("body", [{}, {"reason": ""}, {"reason": "x" * 501}, {"reason": "x", "purpose": "all"}])
def test_bad_requests_are_rejected(site: Site, body: dict[str, Any]) -> None:
    assert site.api.post(f"{TOKENS}/{site.token(four_eyes=True)}/seed-requests", json=body).status_code in (400, 422)
