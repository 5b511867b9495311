"""Grants, and marks of tokens, when people, groups and keys change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from penstock.kit.ids import Prefix, decode
from tests.support.granting import Site, granting

TOKENS = "/api/v2/tokens"


@pytest.fixture
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with granting(tmp_path_factory.mktemp("leaving")) as found:
        yield found


def marks(site: Site) -> dict[str, str]:
    """The reasons by token."""
    found = site.api.get(TOKENS, params={"rotate": "true"}).raise_for_status().json()["data"]
    for one in found:
        assert site.api.get(f"{TOKENS}/{one['name']}").json()["rotate_reason"] == one["rotate_reason"]
    return {one["name"]: one["rotate_reason"] for one in found}


def remove(site: Site, user_id: str) -> None:
    site.api.delete(f"/api/v2/members/{user_id}").raise_for_status()


def test_what_a_removed_member_could_read_in_full_is_marked(site: Site) -> None:
    lena, other = site.person(), site.person()
    own, by_group, by_key, code, gone, theirs = (site.token() for _ in range(6))
    key = site.key_of(lena)
    site.grant(own, lena.id, "seed")
    site.grant(by_group, site.group(lena, other), "seed")
    site.grant(by_key, key.id, "seed")
    site.grant(code, lena.id)
    site.grant(gone, lena.id, "seed", expires_in_s=60)
    site.grant(theirs, other.id, "seed")
    site.pass_time(60)
    remove(site, lena.id)
    email = lena.person.email if lena.person else ""
    assert marks(site) == dict.fromkeys((own, by_group, by_key), f"{email} was removed")
    (act,) = site.acts("token.seed.mark")
    assert (act["reason"], act["tokens"]) == (f"{email} was removed", 3)
    for token in (own, by_key, code, gone):
        assert site.api.get(f"{TOKENS}/{token}/grants").json()["data"] == []
    assert len(site.api.get(f"{TOKENS}/{by_group}/grants").json()["data"]) == 1, "the group keeps it"
    assert {one["change"] for one in site.acts("token.permission.revoke")} == {"revoked"}
    site.api.post(f"{TOKENS}/{own}/seed/rotate", json={}).raise_for_status()
    assert set(marks(site)) == {by_group, by_key}


def test_who_comes_back_has_nothing(site: Site) -> None:
    lena, token = site.person(), site.token()
    site.grant(token, lena.id)
    remove(site, lena.id)
    assert lena.person is not None
    back = site.joined(lena, "member")
    assert back.http.get(f"{TOKENS}/{token}").status_code == 404


@pytest.mark.parametrize(
    ("before", "after", "marked"),
    [
        ("owner", "admin", None),
        ("admin", "owner", None),
        ("admin", "member", "all"),
        ("admin", "viewer", "all"),
        ("member", "viewer", "granted"),
        ("member", "admin", None),
        ("viewer", "member", None),
    ],
)
def test_a_lost_role_marks_what_it_could_read(site: Site, before: str, after: str, marked: str | None) -> None:
    lena, granted, other = site.person(before), site.token(), site.token()
    site.grant(granted, lena.id, "seed")
    site.api.patch(f"/api/v2/members/{lena.id}", json={"role": after}).raise_for_status()
    assert set(marks(site)) == {"all": {granted, other}, "granted": {granted}, None: set()}[marked]


@pytest.mark.parametrize(("role", "all_tokens"), [("admin", True), ("member", False), ("viewer", None)])
def test_a_removal_marks_by_the_role(site: Site, role: str, all_tokens: bool | None) -> None:
    lena, granted, other = site.person(role), site.token(), site.token()
    site.grant(granted, lena.id, "seed")
    remove(site, lena.id)
    expected = {True: {granted, other}, False: {granted}, None: set()}[all_tokens]
    assert set(marks(site)) == expected


def test_a_suspension_by_the_operator_marks_and_keeps_the_grants(site: Site) -> None:
    lena, token, elsewhere = site.person(), site.token(), Site(site.server, site.clock)
    there, foreign = elsewhere.token(), elsewhere.token()
    assert lena.person is not None
    elsewhere.joined(lena, "admin")
    site.grant(token, lena.id, "seed")
    email = lena.person.email
    for suspended in (True, False):
        site.server.call(lambda server, wanted=suspended: server.people.users.set_suspended(email, suspended=wanted))
    assert marks(site) == {token: f"{email} was suspended"}
    assert set(marks(elsewhere)) == {there, foreign}, "where they were an admin"
    assert len(site.api.get(f"{TOKENS}/{token}/grants").json()["data"]) == 1


def test_a_second_reason_does_not_replace_the_first(site: Site) -> None:
    lena, ada, token = site.person("admin"), site.person("admin"), site.token()
    remove(site, lena.id)
    remove(site, ada.id)
    assert lena.person is not None
    assert marks(site) == {token: f"{lena.person.email} was removed"}


def test_a_removal_that_fails_marks_nothing(site: Site) -> None:
    token, owner = site.token(), site.api.get("/api/v2/members").json()["data"][0]
    assert site.api.delete(f"/api/v2/members/{owner['user_id'] if 'user_id' in owner else owner['id']}").status_code == 409
    assert marks(site) == {}
    assert site.api.get(f"{TOKENS}/{token}").status_code == 200


def test_a_deleted_group_ends_what_was_granted_to_it(site: Site) -> None:
    group = site.group()
    tokens = [site.token() for _ in range(3)]
    for token in tokens:
        site.grant(token, group)
    site.api.delete(f"/api/v2/groups/{group}").raise_for_status()
    assert [one["subject"] for one in site.acts("token.permission.revoke")] == [group] * 3
    for token in tokens:
        assert site.api.get(f"{TOKENS}/{token}/grants").json()["data"] == []


def test_a_hundred_thousand_tokens_are_marked_in_one_statement(site: Site) -> None:
    lena, first = site.person("admin"), site.token()
    org_id = decode(Prefix.ORGANIZATION, site.org.organization_id)

    async def fill(server: Any) -> None:
        async with server.database.system() as tx:
            token = await tx.for_organization(org_id).tokens.find_by_name(first)
            columns = "org_id, name, issuer, account, description, algorithm, digits, period_s, four_eyes, last_step, created_by"
            script = (
                f"INSERT INTO tokens (id, {columns}, created_us, updated_us) "
                f"SELECT {token.id} + w.value, {columns.replace('name', 'name || w.value', 1)}, created_us, updated_us "
                f"FROM tokens, (WITH RECURSIVE n (value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < 99999) "
                f"SELECT value FROM n) AS w WHERE id = {token.id}"
            )
            await tx.session.call(lambda connection: connection.execute(script))

    site.server.call(fill)
    remove(site, lena.id)
    assert site.acts("token.seed.mark")[-1]["tokens"] == 100_000


@pytest.mark.parametrize("leave", ["removed", "suspended", "member"])
def test_an_approval_ends_with_the_right_to_give_it(site: Site, leave: str) -> None:
    token, ada, grace = site.token(four_eyes=True), site.person("admin"), site.person("admin")
    made = ada.http.post(f"{TOKENS}/{token}/seed-requests", json={"reason": "x"}).raise_for_status().json()
    grace.http.post(f"{TOKENS}/{token}/seed-requests/{made['id']}/approve").raise_for_status()
    assert grace.person is not None
    email = grace.person.email
    if leave == "removed":
        remove(site, grace.id)
    elif leave == "suspended":
        site.server.call(lambda server: server.people.users.set_suspended(email, suspended=True))
    else:
        site.api.patch(f"/api/v2/members/{grace.id}", json={"role": leave}).raise_for_status()
    assert ada.http.get(f"{TOKENS}/{token}/seed").status_code == 403
