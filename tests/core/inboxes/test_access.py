"""A caller that can access only what is granted to it: by itself, its user, or a group; and nothing after the grant."""

from __future__ import annotations

from pathlib import Path

import pytest

from penstock.core.inboxes.errors import AddressNotFound, GrantedOnly, InboxMessageNotFound
from penstock.core.inboxes.models import AddressPatch, Channel, NewAddress, NewSms, Subject, SubjectKind
from penstock.core.tenancy.models import KeyRequest
from penstock.kit.ids import GroupId, KeyId, UserId
from tests.support.inboxes import NUMBER, OTHER, PEER, InboxSite, open_inboxes


async def owner_of(site: InboxSite) -> UserId:
    async with site.server.database.snapshot(site.actor.org_id) as tx:
        return (await tx.members.list(1, 0))[0].user_id


async def group_with(site: InboxSite, user_id: UserId) -> GroupId:
    group = await site.server.people.groups.create(site.actor, "Support")
    await site.server.people.groups.add(site.actor, group.id, user_id)
    return group.id


async def new_key(site: InboxSite) -> KeyId:
    made = await site.server.keys.create(site.actor, KeyRequest(name="CI", scopes=frozenset({"sms:read"})))
    return made.key.id


@pytest.mark.parametrize("kind", SubjectKind)
async def test_a_grant_opens_one_number_and_its_end_closes_it(tmp_path: Path, kind: SubjectKind) -> None:
    async with open_inboxes(tmp_path) as site:
        mine, other = await site.add_number(NUMBER), await site.add_number(OTHER)
        addresses, messages = site.inboxes.addresses, site.inboxes.messages
        shown, hidden = await site.receive("one", "a"), await site.receive("two", "b", OTHER)
        assert shown is not None
        assert hidden is not None
        user_id, key_id = await owner_of(site), await new_key(site)
        number = {SubjectKind.USER: user_id, SubjectKind.KEY: key_id, SubjectKind.GROUP: await group_with(site, user_id)}[kind]
        caller = site.restricted(key=key_id, user=user_id)
        assert (await site.messages(caller), (await addresses.list(caller, None, 10, None)).items) == ([], [])
        subject = Subject(kind, number)
        for _ in range(2):
            await addresses.grant(site.actor, mine.id, subject)
        assert [one.message.id for one in await site.messages(caller)] == [shown]
        assert [one.id for one in (await addresses.list(caller, None, 10, None)).items] == [mine.id]
        assert (await messages.get(caller, shown)).content is not None
        assert await addresses.reaches(caller, mine.id)
        await site.inboxes.sending.send(caller, NewSms(sender=NUMBER, recipient=PEER, body="x"))
        with pytest.raises(InboxMessageNotFound):
            await messages.get(caller, hidden)
        with pytest.raises(AddressNotFound):
            await site.messages(caller, number=OTHER)
        with pytest.raises(AddressNotFound):
            await site.messages(caller, address_id=other.id)
        with pytest.raises(AddressNotFound):
            await messages.begin(caller, OTHER, None)
        with pytest.raises(AddressNotFound):
            await site.inboxes.sending.send(caller, NewSms(sender=OTHER, recipient=PEER, body="x"))
        await addresses.revoke(site.actor, mine.id, subject)
        assert await site.messages(caller) == []
        assert not await addresses.reaches(caller, mine.id)


async def test_who_sees_only_what_is_granted_cannot_grant_itself_the_rest(tmp_path: Path) -> None:
    async with open_inboxes(tmp_path) as site:
        address, caller = await site.add_number(), site.restricted(user=7)
        addresses = site.inboxes.addresses
        for call in (
            lambda: addresses.create(caller, NewAddress(channel=Channel.SMS, value=OTHER)),
            lambda: addresses.update(caller, address.id, AddressPatch(label="x")),
            lambda: addresses.release(caller, address.id),
            lambda: addresses.grant(caller, address.id, Subject(SubjectKind.USER, 7)),
            lambda: addresses.revoke(caller, address.id, Subject(SubjectKind.USER, 7)),
            lambda: addresses.grants(caller, address.id),
        ):
            with pytest.raises(GrantedOnly):
                await call()


async def test_a_key_of_the_operator_has_only_its_own_grants(tmp_path: Path) -> None:
    async with open_inboxes(tmp_path) as site:
        address, key_id = await site.add_number(), await new_key(site)
        caller = site.restricted(key=key_id)
        assert not await site.inboxes.addresses.reaches(caller, address.id)
        await site.inboxes.addresses.grant(site.actor, address.id, Subject(SubjectKind.KEY, key_id))
        assert await site.inboxes.addresses.reaches(caller, address.id)
