"""Preferences: one's own, of a bounded size, and ended with the membership."""

from __future__ import annotations

import pytest

from penstock.core.actor import Actor, ActorKind
from penstock.core.people.errors import SessionRequired
from penstock.core.preferences.models import MAX_BYTES, MAX_LISTS, Preferences, PreferencesPatch, Theme
from penstock.core.preferences.service import PreferenceService
from penstock.core.tenancy.errors import CredentialInvalid
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import OrgId, UserId
from tests.support.days import HeldClock
from tests.support.shelf import Shelf


async def user_of(shelf: Shelf, org_id: OrgId) -> Actor:
    """The owner of an organisation."""
    async with shelf.database.snapshot(org_id) as tx:
        [owner] = await tx.members.list(1, UserId(0))
    return Actor(org_id=org_id, kind=ActorKind.USER, id=owner.user_id)


def preferences(shelf: Shelf) -> PreferenceService:
    return PreferenceService(shelf.database, HeldClock())


async def test_a_patch_changes_what_it_names(shelf: Shelf) -> None:
    ada, calls = await user_of(shelf, shelf.acme), preferences(shelf)
    assert await calls.get(ada) == Preferences()
    await calls.update(ada, PreferencesPatch(theme=Theme.DARK, time_zone="Europe/Vienna"))
    changed = await calls.update(ada, PreferencesPatch(time_zone=None, pinned=("dev_1",)))
    assert changed == await calls.get(ada) == Preferences(theme=Theme.DARK, pinned=("dev_1",))


async def test_lists_are_changed_one_by_one(shelf: Shelf) -> None:
    ada, calls = await user_of(shelf, shelf.acme), preferences(shelf)
    await calls.update(ada, PreferencesPatch(lists={"devices": {"sort": "name"}, "alerts": {}}))
    changed = await calls.update(ada, PreferencesPatch(lists={"alerts": None, "rules": {"columns": ["name"]}}))
    assert changed.lists == {"devices": {"sort": "name"}, "rules": {"columns": ["name"]}}


async def test_each_organisation_has_its_own(shelf: Shelf) -> None:
    ada, grace, calls = await user_of(shelf, shelf.acme), await user_of(shelf, shelf.other), preferences(shelf)
    await calls.update(ada, PreferencesPatch(theme=Theme.DARK))
    assert await calls.get(grace) == Preferences()
    stranger = Actor(org_id=shelf.other, kind=ActorKind.USER, id=ada.id)
    assert await calls.get(stranger) == Preferences()
    with pytest.raises(CredentialInvalid):
        await calls.update(stranger, PreferencesPatch(theme=Theme.LIGHT))


async def test_only_a_person_has_preferences(shelf: Shelf) -> None:
    key = Actor(org_id=shelf.acme, kind=ActorKind.KEY, id=1)
    for call in (preferences(shelf).get(key), preferences(shelf).update(key, PreferencesPatch())):
        with pytest.raises(SessionRequired):
            await call


@pytest.mark.parametrize("zone", ["Europe/Nowhere", "../../etc/passwd", "/etc/localtime", "a\0b"])
async def test_a_time_zone_is_one_that_exists(shelf: Shelf, zone: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        await preferences(shelf).update(await user_of(shelf, shelf.acme), PreferencesPatch(time_zone=zone))
    assert refused.value.errors[0].field == "time_zone"


async def test_preferences_stay_small(shelf: Shelf) -> None:
    ada, calls = await user_of(shelf, shelf.acme), preferences(shelf)
    many: dict[str, dict[str, object] | None] = {f"list{number}": {} for number in range(MAX_LISTS)}
    await calls.update(ada, PreferencesPatch(lists=many))
    for patch in (PreferencesPatch(lists={"one more": {}}), PreferencesPatch(lists={"list0": {"filter": "x" * MAX_BYTES}})):
        with pytest.raises(InvalidInput) as refused:
            await calls.update(ada, patch)
        assert refused.value.errors[0].field == "lists"
    assert (await calls.get(ada)).lists == many
