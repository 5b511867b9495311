"""Limits of numbers and grants."""

from __future__ import annotations

from pathlib import Path

import pytest

from penstock.core.inboxes.errors import TooManyAddresses, TooManyGrants
from penstock.core.inboxes.models import AddressPatch, Channel, NewAddress, Subject, SubjectKind
from penstock.kit.errors import InvalidInput
from tests.support.inboxes import NUMBER, OTHER, open_inboxes


async def test_a_limited_number_of_addresses_is_in_use(tmp_path: Path) -> None:
    async with open_inboxes(tmp_path, PENSTOCK_INBOXES_MAX_ADDRESSES="1") as site:
        first = await site.add_number(NUMBER)
        with pytest.raises(TooManyAddresses):
            await site.add_number(OTHER)
        await site.inboxes.addresses.release(site.actor, first.id)
        await site.add_number(OTHER)
        with pytest.raises(TooManyAddresses):
            await site.add_number(NUMBER)


async def test_a_limited_number_of_grants(tmp_path: Path) -> None:
    async with open_inboxes(tmp_path, PENSTOCK_INBOXES_MAX_GRANTS="1") as site:
        address = await site.add_number()
        groups = [await site.server.people.groups.create(site.actor, name) for name in "ab"]
        subjects = [Subject(SubjectKind.GROUP, group.id) for group in groups]
        await site.inboxes.addresses.grant(site.actor, address.id, subjects[0])
        with pytest.raises(TooManyGrants):
            await site.inboxes.addresses.grant(site.actor, address.id, subjects[1])
        (grant,) = await site.inboxes.addresses.grants(site.actor, address.id)
        assert grant.subject == subjects[0]


async def test_an_alias_has_no_options_of_numbers(tmp_path: Path) -> None:
    async with open_inboxes(tmp_path) as site:
        alias = await site.inboxes.addresses.create(site.actor, NewAddress(channel=Channel.MAIL, value="ci"))
        with pytest.raises(InvalidInput, match="for_notifications"):
            await site.inboxes.addresses.update(site.actor, alias.id, AddressPatch(for_notifications=True))
