"""Organisations, projects and keys as rows: aliases, states of keys by the statement and by the model, and first uses."""

from __future__ import annotations

from typing import Any

import pytest

from penstock.core.tenancy.errors import ProjectAliasTaken
from penstock.core.tenancy.models import ApiKey, KeyStatus, Organization, Project, SingleUse
from penstock.kit.clock import DAY_US
from penstock.kit.ids import DeviceId, KeyId, OrgId, ProjectId, UserId
from tests.support.shelf import Shelf

NOW = 100


def key(shelf: Shelf, number: int, **about: Any) -> ApiKey:
    known: dict[str, Any] = {
        "id": KeyId(number),
        "org_id": shelf.acme,
        "name": f"key {number}",
        "prefix": "psk_",
        "scopes": frozenset({"devices:read", "telemetry:read"}),
        "created_us": 1,
        "cidrs": ("192.0.2.0/24", "2001:db8::/32"),
    }
    return ApiKey(**known | about)


async def add(shelf: Shelf, *keys: ApiKey) -> None:
    async with shelf.own() as tx:
        for one in keys:
            await tx.keys.create(one, f"digest {one.id}".encode())
            await tx.keys.update(one)


async def test_an_alias_is_there_once_in_an_organisation(shelf: Shelf) -> None:
    project = Project(id=ProjectId(5), name="Roof", is_default=False, created_us=1, alias="a" * 24)
    async with shelf.own() as tx:
        await tx.projects.create(project)
        with pytest.raises(ProjectAliasTaken):
            await tx.projects.create(Project(id=ProjectId(6), name="Cellar", is_default=False, created_us=1, alias="a" * 24))
        assert await tx.projects.find_by_alias("a" * 24) == project
        default = await tx.projects.find_default()
        assert default is not None
        assert default.id == shelf.project_id
        assert {one.id for one in await tx.projects.list()} == {5, shelf.project_id}
    async with shelf.strange() as tx:
        assert await tx.projects.find(ProjectId(5)) is None
        await tx.projects.create(Project(id=ProjectId(7), name="Roof", is_default=False, created_us=1, alias="a" * 24))


@pytest.mark.parametrize(
    "about",
    [
        {},
        {"revoked_us": 1},
        {"expires_us": NOW},
        {"expires_us": NOW + 1},
        {"rotated_us": 1, "valid_until_us": NOW},
        {"rotated_us": 1, "valid_until_us": NOW + 1},
        {"rotated_us": 1, "valid_until_us": NOW + 1, "expires_us": NOW},
        {"rotated_us": 1, "revoked_us": 1, "valid_until_us": NOW + 1},
    ],
)
async def test_statements_judge_keys_as_the_model_does(about: dict[str, Any], shelf: Shelf) -> None:
    one = key(shelf, 5, **about)
    async with shelf.own() as tx:
        before = await tx.keys.count_active(NOW)
    await add(shelf, one)
    async with shelf.own() as tx:
        assert await tx.keys.find(KeyId(5)) == one
        for status in KeyStatus:
            listed = [found.id for found in await tx.keys.list(10, None, status, NOW)]
            assert (5 in listed) is (one.status(NOW) is status)
        assert await tx.keys.count_active(NOW) - before == (one.status(NOW) is KeyStatus.ACTIVE)
        assert (5 in [found.id for found in await tx.keys.list_usable(NOW)]) is one.is_usable(NOW)


async def test_of_two_first_uses_one_wins_and_running_servers_are_told(shelf: Shelf) -> None:
    await add(shelf, key(shelf, 5, single_use=SingleUse.SPEND))
    async with shelf.system() as tx:
        before = await tx.credentials.changes()
    async with shelf.strange() as tx:
        assert await tx.keys.spend(KeyId(5), "192.0.2.1", NOW) is False
    async with shelf.own() as tx:
        assert [await tx.keys.spend(KeyId(5), f"192.0.2.{n}", NOW) for n in (1, 2)] == [True, False]
        found = await tx.keys.find(KeyId(5))
    assert found is not None
    assert (found.used_from, found.status(NOW)) == ("192.0.2.1", KeyStatus.SPENT)
    async with shelf.system() as tx:
        assert await tx.credentials.changes() == before + 1
        assert await tx.credentials.find_key(b"digest 5") == found
        assert await tx.credentials.find_key(b"nobody's") is None


async def test_keys_of_the_operator_are_found_and_given_a_root_in_their_own_organisation(shelf: Shelf) -> None:
    async with shelf.strange() as tx:
        theirs = {one.id for one in await tx.keys.list_of_operator()}
    await add(shelf, key(shelf, 5))
    async with shelf.strange() as tx:
        assert {one.id for one in await tx.keys.list_of_operator()} == theirs
        await tx.keys.set_root(KeyId(5), UserId(7))
    async with shelf.own() as tx:
        assert KeyId(5) in {one.id for one in await tx.keys.list_of_operator()}


async def test_the_last_use_only_moves_forward_and_the_first_of_a_day_says_so(shelf: Shelf) -> None:
    await add(shelf, key(shelf, 5))
    noon = 10 * DAY_US + DAY_US // 2
    async with shelf.own() as tx:
        touched = [await tx.keys.touch(KeyId(5), str(at), at) for at in (noon, noon + 1, noon - 1, noon + DAY_US)]
        assert touched == [True, False, False, True]
        found = await tx.keys.find(KeyId(5))
        assert found is not None
        assert (found.last_used_us, found.last_address) == (noon + DAY_US, str(noon + DAY_US))
        assert await tx.keys.touch(KeyId(6), "", noon) is False
    async with shelf.strange() as tx:
        assert await tx.keys.touch(KeyId(5), "", noon + 9 * DAY_US) is False


async def test_organisations_whose_plan_has_ended_come_oldest_first(shelf: Shelf) -> None:
    async with shelf.system() as tx:
        for number, until_us in ((5, 30), (6, 20), (7, None)):
            made = Organization(
                id=OrgId(number), name=f"o{number}", plan="free", created_us=1, plan_until_us=until_us, trial=True
            )
            await tx.organizations.create(made)
            assert await tx.organizations.find_by_name(made.name) == made
        assert [one.id for one in await tx.organizations.list_due(30)] == [6, 5]
        assert [one.id for one in await tx.organizations.list_due(29)] == [6]
        assert await tx.organizations.find_by_name("O5") is None
        await tx.organizations.create_owner(OrgId(5), UserId(99), "ACME@example.org", "x", 1)
        owner = await tx.users.find_by_email("acme@example.org")
        assert owner is not None
        assert owner.id != 99, "whoever has the address already becomes the owner"
        assert [one.org_id for one in await tx.users.memberships(owner.id)] == [5, shelf.acme]


async def test_a_device_is_found_by_its_token_in_its_organisation(shelf: Shelf) -> None:
    await shelf.add_device(10, org_id=shelf.other)
    async with shelf.system() as tx:
        assert await tx.credentials.find_device_id(b"token of 10") == (shelf.other, DeviceId(10))
        assert await tx.credentials.find_device_id(b"token of 11") is None
