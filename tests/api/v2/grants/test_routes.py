"""Who may use a token, over HTTP: by role, grant, group and key, and until when."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.support.granting import SCOPES, Caller, Site, granting

TOKENS = "/api/v2/tokens"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with granting(tmp_path_factory.mktemp("grants")) as found:
        yield found


def reached(caller: Caller, token: str) -> tuple[int, int, int, bool]:
    """The statuses of the metadata, the code and the seed, and whether the token is listed."""
    http = caller.http
    listed = http.get(TOKENS, params={"search": token}).raise_for_status().json()["data"]
    statuses = [http.get(f"{TOKENS}/{token}{rest}").status_code for rest in ("", "/code", "/seed")]
    return statuses[0], statuses[1], statuses[2], [one["name"] for one in listed] == [token]


ALL, CODE, NONE = (200, 200, 200, True), (200, 200, 403, True), (404, 404, 404, False)


@pytest.mark.parametrize("way", ["user", "group", "key of the member", "key of the owner"])
@pytest.mark.parametrize("permission", ["code", "seed"])
@pytest.mark.parametrize("expires_in_s", [None, 60])
def test_a_grant_gives_what_it_says_until_its_end(site: Site, way: str, permission: str, expires_in_s: int | None) -> None:
    token, caller = site.token(), site.person()
    subject = caller.id
    if way == "group":
        subject = site.group(caller)
    if way == "key of the member":
        caller = site.key_of(caller)
        subject = caller.id
    if way == "key of the owner":
        caller = site.key(of=site.person("owner"))
        subject = caller.id
        assert reached(caller, token) == ALL, "the key of an owner reaches everything before the first grant to it"
    else:
        assert reached(caller, token) == NONE
    site.grant(token, subject, permission, expires_in_s=expires_in_s)
    other = site.token()
    assert reached(caller, token) == (ALL if permission == "seed" else CODE)
    assert reached(caller, other) == NONE
    site.pass_time(59.999)
    assert reached(caller, token) == (ALL if permission == "seed" else CODE)
    site.pass_time(0.001)
    ended = ALL if permission == "seed" else CODE
    assert reached(caller, token) == (NONE if expires_in_s else ended)


@pytest.mark.parametrize(
    ("role", "expected"), [("owner", ALL), ("admin", ALL), ("member", NONE), ("viewer", (404, 403, 403, False))]
)
def test_a_role_reaches_all_or_what_is_granted(site: Site, role: str, expected: tuple[Any, ...]) -> None:
    assert reached(site.person(role), site.token()) == expected


def test_a_viewer_sees_what_is_granted_and_gets_no_code(site: Site) -> None:
    token, viewer = site.token(), site.person("viewer")
    site.grant(token, viewer.id, "seed")
    assert reached(viewer, token) == (200, 403, 403, True)


def test_a_role_applies_at_the_next_call(site: Site) -> None:
    token, person = site.token(), site.person("admin")
    key = site.key(of=person)
    assert reached(person, token) == reached(key, token) == ALL
    site.api.patch(f"/api/v2/members/{person.id}", json={"role": "member"}).raise_for_status()
    assert reached(person, token) == reached(key, token) == NONE


def test_a_group_applies_at_the_next_call(site: Site) -> None:
    token, person, group = site.token(), site.person(), site.group()
    key = site.key_of(person)
    site.grant(token, group)
    path = f"/api/v2/groups/{group}/members/{person.id}"
    for change, expected in ((site.api.put, CODE), (site.api.delete, NONE), (site.api.put, CODE)):
        change(path).raise_for_status()
        assert reached(person, token) == reached(key, token) == expected
    site.api.delete(f"/api/v2/groups/{group}").raise_for_status()
    assert reached(person, token) == NONE
    assert site.api.get(f"{TOKENS}/{token}/grants").json()["data"] == []


def test_an_error_says_nothing_about_what_is_not_granted(site: Site) -> None:
    token, person = site.token(), site.person()
    token_id = site.api.get(f"{TOKENS}/{token}").json()["id"]
    for rest in ("", "/code", "/code?consume=true", "/seed", "/grants"):
        hidden, missing = (person.http.get(f"{TOKENS}/{ref}{rest}") for ref in (token_id, "tok_0000000000000"))
        assert (hidden.status_code, missing.status_code) == (404, 404), rest
        assert hidden.text.replace(token_id, "x") == missing.text.replace("tok_0000000000000", "x") or token not in hidden.text


def test_a_key_is_bound_by_its_first_grant_for_ever(site: Site) -> None:
    token, other, key = site.token(), site.token(), site.key()
    assert reached(key, other) == ALL
    grant = site.grant(token, key.id, "seed")
    assert (reached(key, token), reached(key, other)) == (ALL, NONE)
    site.api.delete(f"{TOKENS}/{token}/grants/{grant['id']}").raise_for_status()
    assert (reached(key, token), reached(key, other)) == (NONE, NONE)


def test_a_bound_key_makes_no_key_that_reaches_more(site: Site) -> None:
    token, other = site.token(), site.token()
    key = site.key("org:admin", "tokens:read", "tokens:code", "tokens:seed")
    free = site.key()
    site.grant(token, key.id)
    made = site.key(of=key)
    assert (reached(made, token), reached(made, other)) == (NONE, NONE)
    refused = key.http.post(f"/api/v2/keys/{free.id}/rotate", json={})
    assert refused.status_code == 403, "the response would contain a value that reaches more"


def test_a_rotated_key_hands_its_grants_on(site: Site) -> None:
    token, key = site.token(), site.key()
    site.grant(token, key.id, "code")
    made = site.api.post(f"/api/v2/keys/{key.id}/rotate", json={"overlap_s": 60}).raise_for_status().json()
    successor = Caller(made["key"]["id"], site.of_value(made["value"]))
    assert reached(successor, token) == reached(key, token) == CODE
    assert reached(successor, site.token()) == NONE
    site.pass_time(60)
    assert reached(successor, token) == CODE
    site.worker()
    listed = site.api.get(f"{TOKENS}/{token}/grants").json()["data"]
    assert [one["subject"] for one in listed] == [successor.id]


def test_a_revoked_key_has_no_grants(site: Site) -> None:
    token, key = site.token(), site.key()
    site.grant(token, key.id)
    site.api.post(f"/api/v2/keys/{key.id}/revoke").raise_for_status()
    assert site.api.get(f"{TOKENS}/{token}/grants").json()["data"] == []


def problem(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code", "")


def test_nobody_gives_more_than_they_have(site: Site) -> None:
    token, person = site.token(), site.person()
    path, code, seed = (
        f"{TOKENS}/{token}/grants",
        {"subject": person.id, "permission": "code"},
        {"subject": person.id, "permission": "seed"},
    )
    reader, writer, bound = (
        site.key("tokens:read"),
        site.key("tokens:read", "tokens:write"),
        site.key("tokens:write", "tokens:seed"),
    )
    site.grant(token, bound.id, "seed")
    assert problem(reader.http.post(path, json=code)) == (403, "auth.scope_missing")
    assert problem(writer.http.post(path, json=seed)) == (403, "auth.scope_missing")
    assert problem(bound.http.post(path, json=code)) == (403, "tokens.reaches_granted_only")
    made = writer.http.post(path, json=code | {"expires_in_s": 600}).raise_for_status().json()
    granted = site.grant(token, person.id, "seed", expires_in_s=600)
    change = {"expires_in_s": 900}
    assert writer.http.patch(f"{path}/{made['id']}", json=change).status_code == 200
    assert problem(writer.http.patch(f"{path}/{granted['id']}", json=change)) == (403, "auth.scope_missing")
    assert problem(writer.http.post(f"{path}/{made['id']}/elevate", json=change)) == (403, "auth.scope_missing")
    assert problem(bound.http.delete(f"{path}/{made['id']}")) == (403, "tokens.reaches_granted_only")


def test_whoever_fills_a_group_gives_what_was_granted_to_it(site: Site) -> None:
    token, person = site.token(), site.person()
    codes, seeds = site.group(), site.group()
    site.grant(token, codes)
    site.grant(token, seeds, "seed")
    people = site.key("organization:write")
    writer = site.key("organization:write", "tokens:write")
    assert problem(people.http.put(f"/api/v2/groups/{codes}/members/{person.id}")) == (403, "auth.scope_missing")
    assert writer.http.put(f"/api/v2/groups/{codes}/members/{person.id}").status_code == 204
    assert problem(writer.http.put(f"/api/v2/groups/{seeds}/members/{person.id}")) == (403, "auth.scope_missing")
    assert people.http.put(f"/api/v2/groups/{site.group()}/members/{person.id}").status_code == 204


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"subject": "dev_0c2k9fq7w3m1x", "permission": "code"}, "subject"),
        ({"subject": "nobody", "permission": "code"}, "subject"),
        ({"permission": "code"}, "subject"),
        ({"permission": "all"}, "permission"),
        ({"permission": "code", "expires_at": "2020-01-01T00:00:00Z"}, "expires_at"),
        ({"permission": "code", "expires_at": "soon"}, "expires_at"),
        ({"permission": "code", "expires_in_s": 0}, "expires_in_s"),
        ({"permission": "code", "expires_in_s": 60, "expires_at": "2027-01-01T00:00:00Z"}, "expires_in_s"),
    ],
)
def test_bad_grants_name_their_field(site: Site, body: dict[str, Any], field: str) -> None:
    person = site.person() if "subject" not in body else None
    filled = {"subject": person.id} | body if person and field != "subject" else body
    answer = site.api.post(f"{TOKENS}/{site.token()}/grants", json=filled)
    assert answer.status_code in (400, 422), answer.text
    assert field in answer.text


def test_subjects_are_of_the_same_organisation(site: Site) -> None:
    token, own = site.token(), site.person()
    other = Site(site.server, site.clock)
    foreign = [other.person().id, other.group(), other.key().id, "grp_0000000000000"]
    for subject in foreign:
        answer = site.api.post(f"{TOKENS}/{token}/grants", json={"subject": subject, "permission": "code"})
        assert answer.status_code == 404, subject
        assert site.api.get("/api/v2/token-grants", params={"subject": subject}).status_code == 404
    grant = site.grant(token, own.id)
    their_token = other.token()
    for path in (f"{TOKENS}/{token}/grants/{grant['id']}", f"{TOKENS}/{their_token}/grants/{grant['id']}"):
        assert other.api.patch(path, json={"expires_in_s": 60}).status_code == 404
        assert other.api.delete(path).status_code == 404
        assert other.api.post(f"{path}/elevate", json={"expires_in_s": 60}).status_code == 404
    assert reached(own, token) == CODE


def test_the_same_is_granted_once_and_again_after_its_end(site: Site) -> None:
    token, person = site.token(), site.person()
    first = site.grant(token, person.id, expires_in_s=60)
    body = {"subject": person.id, "permission": "code"}
    assert problem(site.api.post(f"{TOKENS}/{token}/grants", json=body)) == (409, "tokens.grant_exists")
    site.pass_time(60)
    assert site.api.patch(f"{TOKENS}/{token}/grants/{first['id']}", json={"expires_in_s": 60}).status_code == 404
    assert site.grant(token, person.id)["id"] != first["id"]
    assert reached(person, token) == CODE


def test_the_end_of_a_grant_moves(site: Site) -> None:
    token, person = site.token(), site.person()
    path = f"{TOKENS}/{token}/grants/{site.grant(token, person.id, expires_in_s=60)['id']}"
    assert site.api.patch(path, json={}).status_code in (400, 422)
    site.api.patch(path, json={"expires_in_s": 120}).raise_for_status()
    site.pass_time(100)
    assert reached(person, token) == CODE
    assert site.api.patch(path, json={"expires_at": None}).raise_for_status().json()["expires_at"] is None
    site.pass_time(600)
    assert reached(person, token) == CODE


def test_an_elevation_ends_by_itself_and_leaves_the_codes(site: Site) -> None:
    token, person = site.token(), site.person()
    grant = site.grant(token, person.id)
    path = f"{TOKENS}/{token}/grants/{grant['id']}/elevate"
    for too_long in (86_401, 0):
        assert site.api.post(path, json={"expires_in_s": too_long}).status_code in (400, 422)
    made = site.api.post(path, json={"expires_in_s": 7200, "reason": "new phone"})
    assert (made.status_code, made.json()["permission"], made.json()["subject"]) == (201, "seed", person.id)
    assert problem(site.api.post(path, json={"expires_in_s": 60})) == (409, "tokens.grant_exists")
    assert site.api.post(f"{TOKENS}/{token}/grants/{made.json()['id']}/elevate", json={"expires_in_s": 60}).status_code in (
        400,
        422,
    )
    assert reached(person, token)[:3] == (200, 200, 200)
    with_key = site.key_of(person)
    site.pass_time(7200)
    assert reached(with_key, token) == CODE
    site.worker()
    assert [one["change"] for one in site.acts("token.permission.revoke") if one["subject"] == person.id] == ["expired"]


def test_an_elevation_does_not_outlast_the_grant(site: Site) -> None:
    token, person = site.token(), site.person()
    grant = site.grant(token, person.id, expires_in_s=60)
    made = site.api.post(f"{TOKENS}/{token}/grants/{grant['id']}/elevate", json={"expires_in_s": 7200}).json()
    assert made["expires_at"] == grant["expires_at"]


def test_lists_have_pages_and_show_the_granted_only_their_own(site: Site) -> None:
    token, person, stranger = site.token(), site.person(), site.person()
    group = site.group(person)
    ids = [site.grant(token, one)["id"] for one in (person.id, stranger.id, group)]
    first = site.api.get(f"{TOKENS}/{token}/grants", params={"limit": 2}).json()
    rest = site.api.get(f"{TOKENS}/{token}/grants", params={"limit": 2, "cursor": first["next_cursor"]}).json()
    assert [one["id"] for one in first["data"] + rest["data"]] == ids
    assert rest["next_cursor"] is None
    own = person.http.get(f"{TOKENS}/{token}/grants").json()["data"]
    assert [one["id"] for one in own] == [ids[0], ids[2]]
    of = "/api/v2/token-grants"
    assert [one["id"] for one in site.api.get(of, params={"subject": person.id}).json()["data"]] == [ids[0]]
    assert [one["id"] for one in person.http.get(of, params={"subject": group}).json()["data"]] == [ids[2]]
    assert problem(person.http.get(of, params={"subject": stranger.id})) == (403, "tokens.reaches_granted_only")


def test_a_token_takes_its_grants_with_it(site: Site) -> None:
    token, person = site.token(), site.person()
    site.grant(token, person.id)
    site.api.delete(f"{TOKENS}/{token}").raise_for_status()
    assert site.api.get("/api/v2/token-grants", params={"subject": person.id}).json()["data"] == []


def elevated(site: Site, token: str, subject: str, **about: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """A grant of codes, and the one that elevates it for an hour."""
    base = site.grant(token, subject, **about)
    answer = site.api.post(f"{TOKENS}/{token}/grants/{base['id']}/elevate", json={"expires_in_s": 3600})
    return base, answer.raise_for_status().json()


def test_an_elevation_ends_with_what_it_elevates(site: Site) -> None:
    token, person = site.token(), site.person()
    base, _ = elevated(site, token, person.id)
    assert reached(person, token) == ALL
    site.api.delete(f"{TOKENS}/{token}/grants/{base['id']}").raise_for_status()
    assert reached(person, token) == NONE
    base, _ = elevated(site, token, person.id)
    site.api.patch(f"{TOKENS}/{token}/grants/{base['id']}", json={"expires_in_s": 60}).raise_for_status()
    site.pass_time(60)
    assert reached(person, token) == NONE


@pytest.mark.parametrize("end", [{"expires_in_s": 86_401}, {"expires_at": None}, {"expires_in_s": 7_201}])
def test_an_elevation_is_not_prolonged_beyond_its_limits(site: Site, end: dict[str, Any]) -> None:
    token, person = site.token(), site.person()
    _, elevation = elevated(site, token, person.id, expires_in_s=7_200)
    path = f"{TOKENS}/{token}/grants/{elevation['id']}"
    assert site.api.patch(path, json={"expires_in_s": 7_200}).status_code == 200
    assert site.api.patch(path, json=end).status_code == 400


def test_a_seed_is_not_shown_again_to_who_may_no_longer_see_it(site: Site) -> None:
    token, person = site.token(), site.person()
    grant = site.grant(token, person.id, "seed")
    path, once = f"{TOKENS}/{token}/seed/rotate", {"Idempotency-Key": "once"}
    first = person.http.post(path, json={}, headers=once).raise_for_status().json()
    assert person.http.post(path, json={}, headers=once).json()["secret"] != first["secret"], "it is not stored"
    site.api.delete(f"{TOKENS}/{token}/grants/{grant['id']}").raise_for_status()
    assert person.http.post(path, json={}, headers=once).status_code == 404


def test_a_restricted_key_gets_nothing_more_by_rotating_another(site: Site) -> None:
    owner, lena = site.person("owner"), site.person()
    own, other, hers = (site.token() for _ in range(3))
    key, second, plain = (site.key(*SCOPES, "org:admin", of=owner) for _ in range(3))
    of_lena = site.key_of(lena)
    site.grant(own, key.id)
    site.grant(other, second.id)
    site.grant(hers, lena.id)
    for one in (second, of_lena, plain):
        answer = key.http.post(f"/api/v2/keys/{one.id}/rotate", json={})
        assert answer.status_code == 403, answer.text
    assert key.http.post(f"/api/v2/keys/{key.id}/rotate", json={}).status_code == 201


def test_a_rotated_key_hands_over_an_elevation_that_ends_with_its_base(site: Site) -> None:
    token, key = site.token(), site.key(of=site.person("owner"))
    elevated(site, token, key.id)
    site.grant(ended := site.token(), key.id, expires_in_s=60)
    site.pass_time(60)
    made = site.api.post(f"/api/v2/keys/{key.id}/rotate", json={}).raise_for_status().json()
    new = Caller(made["key"]["id"], site.of_value(made["value"]))
    assert reached(new, token) == ALL
    found = {one["subject"] for one in site.api.get(f"{TOKENS}/{ended}/grants").json()["data"]}
    assert new.id not in found, "what had ended is not granted again"
    grants = site.api.get("/api/v2/token-grants", params={"subject": new.id}).json()["data"]
    base = next(one for one in grants if one["permission"] == "code")
    site.api.delete(f"{TOKENS}/{token}/grants/{base['id']}").raise_for_status()
    assert reached(new, token) == NONE


def test_the_list_of_secrets_shows_no_tokens_that_are_not_granted(site: Site) -> None:
    site.token()
    managed = site.api.get("/api/v2/secrets", params={"owner_kind": "token"}).raise_for_status().json()["data"]
    assert managed, "the seeds are secrets"
    member = site.person()
    for query in ({}, {"owner_kind": "token"}, {"managed": "true"}):
        assert member.http.get("/api/v2/secrets", params=query).raise_for_status().json()["data"] == []
    for rest in ("", "/versions", "/used-by"):
        assert member.http.get(f"/api/v2/secrets/{managed[0]['id']}{rest}").status_code == 404


def test_a_restricted_key_learns_of_no_other_tokens_by_events(site: Site) -> None:
    key = site.key("tokens:write", "webhooks:write", "rules:write", "rules:read", of=site.person("owner"))
    hook = {"url": "https://example.org/hook", "topics": ["token.permission.changed"]}
    rule = {"name": "told", "definition": {"trigger": {"type": "event", "topics": ["token.permission.changed"]}}}
    assert key.http.post("/api/v2/webhooks", json=hook).status_code == 201
    answer = key.http.post("/api/v2/rules", json=rule)
    assert answer.status_code == 201, answer.text
    site.grant(site.token(), key.id)
    for path, body in (("/api/v2/webhooks", hook), ("/api/v2/rules", rule | {"name": "again"})):
        answer = key.http.post(path, json=body)
        assert (answer.status_code, answer.json()["code"]) == (403, "auth.granted_topics"), answer.text
