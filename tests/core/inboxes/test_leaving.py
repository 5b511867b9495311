"""Grants of addresses when people, groups and keys change."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest

from tests.support.granting import Caller, Site, granting

ADDRESSES = "/api/v2/inbox/addresses"
SMS = ("sms:read", "sms:send")
_COUNT = itertools.count()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with granting(tmp_path_factory.mktemp("addresses")) as found:
        yield found


def granted(site: Site, *subjects: str) -> str:
    """An address that is granted to some subjects."""
    made = site.api.post(ADDRESSES, json={"value": f"+4477009{next(_COUNT):05}"}).raise_for_status().json()["id"]
    for one in subjects:
        kind = {"usr": "users", "grp": "groups", "key": "keys"}[one[:3]]
        site.api.put(f"{ADDRESSES}/{made}/{kind}/{one}").raise_for_status()
    return str(made)


def subjects(site: Site, address: str) -> list[str]:
    found = site.api.get(f"{ADDRESSES}/{address}/grants").raise_for_status().json()["data"]
    return sorted(one["subject_id"] for one in found)


def status(caller: Caller, address: str) -> int:
    return caller.http.get(f"{ADDRESSES}/{address}").status_code


def test_who_comes_back_has_no_addresses(site: Site) -> None:
    lena, other = site.person(), site.person()
    key = site.key_of(lena, *SMS)
    address = granted(site, lena.id, key.id, other.id, group := site.group(lena, other))
    site.api.delete(f"/api/v2/members/{lena.id}").raise_for_status()
    back = site.joined(lena, "member")
    assert status(back, address) == 404
    assert status(other, address) == 200
    assert subjects(site, address) == sorted((other.id, group))
    assert {one["of"] for one in site.acts("sms.number.revoke")} >= {lena.id, key.id}


def test_a_revoked_key_and_a_deleted_group_keep_nothing(site: Site) -> None:
    key, group = site.key(*SMS), site.group()
    address = granted(site, key.id, group)
    site.api.post(f"/api/v2/keys/{key.id}/revoke").raise_for_status()
    site.api.delete(f"/api/v2/groups/{group}").raise_for_status()
    assert subjects(site, address) == []
    assert site.api.put(f"{ADDRESSES}/{address}/keys/{key.id}").status_code == 404, "a revoked key gets nothing"


@pytest.mark.parametrize("overlap_s", [0, 60])
def test_a_rotated_key_hands_its_addresses_over(site: Site, overlap_s: int) -> None:
    person = site.person()
    key = site.key_of(person, *SMS)
    address = granted(site, key.id)
    made = site.api.post(f"/api/v2/keys/{key.id}/rotate", json={"overlap_s": overlap_s}).raise_for_status().json()
    new = Caller(made["key"]["id"], site.of_value(made["value"]))
    assert status(new, address) == 200
    assert status(key, address) == (200 if overlap_s else 401)
    assert subjects(site, address) == sorted([new.id] + [key.id] * bool(overlap_s))


def test_nobody_lets_another_one_read_more_than_they_can(site: Site) -> None:
    lena, owner = site.person(), site.person("owner")
    address = granted(site, group := site.group())
    path = f"/api/v2/groups/{group}/members/{lena.id}"
    for key in (site.key("organization:write", "org:admin"), restricted := site.key("org:admin", "sms:write", of=owner)):
        if key is restricted:
            site.grant(site.token(), key.id)
        answer = key.http.put(path)
        assert answer.status_code == 403, answer.text
    assert status(lena, address) == 404
    site.api.put(path).raise_for_status()
    assert status(lena, address) == 200


def test_a_restricted_key_does_not_rotate_one_with_addresses(site: Site) -> None:
    owner = site.person("owner")
    restricted, other = (site.key(*SMS, "org:admin", of=owner) for _ in range(2))
    site.grant(site.token(), restricted.id)
    granted(site, other.id)
    assert restricted.http.post(f"/api/v2/keys/{other.id}/rotate", json={}).status_code == 403
    assert restricted.http.post(f"/api/v2/keys/{restricted.id}/rotate", json={}).status_code == 201
