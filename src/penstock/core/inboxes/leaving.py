"""What happens to the grants of addresses when a person, a group or a key changes: in the transaction of that change."""

from __future__ import annotations

from collections.abc import Sequence

from penstock.core.actor import Actor, ActorKind
from penstock.core.audit.trail import AuditTrail
from penstock.core.inboxes.access import check_manages
from penstock.core.inboxes.addresses import NOUNS, maker_of, target_of, text_of_subject
from penstock.core.inboxes.errors import GrantedOnly
from penstock.core.inboxes.models import Address, AddressGrant, Subject, SubjectKind
from penstock.core.inboxes.store import InboxTransaction
from penstock.core.people.models import Group, Member, Role
from penstock.core.people.store import PeopleTransaction
from penstock.core.tenancy.models import ApiKey
from penstock.core.tenancy.store import TenancyTransaction
from penstock.kit.clock import Clock
from penstock.kit.ids import MAX_ID, UserId

WRITE = "sms:write"


class AddressKeeper:
    """Implements `MemberWatcher` and `KeyWatcher`."""

    def __init__(self, trail: AuditTrail, clock: Clock) -> None:
        self._trail = trail
        self._clock = clock

    async def removing(self, tx: PeopleTransaction, actor: Actor, member: Member) -> None:
        """A member is about to be removed: what was granted to them and to their keys ends, also for when they come back."""
        own = _with_inboxes(tx)
        keys = await own.inbox_addresses.keys_of(member.user_id)
        subjects = [Subject(SubjectKind.USER, member.user_id), *(Subject(SubjectKind.KEY, key_id) for key_id in keys)]
        for subject in subjects:
            await self._end(own, actor, subject)

    async def changing_role(self, tx: PeopleTransaction, actor: Actor, member: Member, role: Role) -> None:
        """Nothing: grants count for every role that needs them."""

    async def suspending(self, tx: PeopleTransaction, actor: Actor, user_id: UserId) -> None:
        """Nothing: the user may come back."""

    async def deleting_group(self, tx: PeopleTransaction, actor: Actor, group: Group) -> None:
        """A group is about to be deleted: what was granted to it ends."""
        await self._end(_with_inboxes(tx), actor, Subject(SubjectKind.GROUP, group.id))

    async def joining_group(self, tx: PeopleTransaction, actor: Actor, group: Group) -> None:
        """A member is about to join a group, and gets the messages of its addresses: no one gives more than they have.

        Raises:
            ScopeMissing: the caller could not grant them.
            GrantedOnly: the caller can access only what is granted.
        """
        if await _granted(_with_inboxes(tx), Subject(SubjectKind.GROUP, group.id)):
            actor.require(WRITE)
            check_manages(actor)

    async def revoking_key(self, tx: TenancyTransaction, actor: Actor, key: ApiKey) -> None:
        """A key is about to be revoked: what was granted to it ends."""
        await self._end(_with_inboxes(tx), actor, Subject(SubjectKind.KEY, key.id))

    async def rotating_key(self, tx: TenancyTransaction, actor: Actor, old: ApiKey, new: ApiKey) -> None:
        """A key has a successor, which gets what was granted to it. The old one keeps it until the end of the overlap.

        Raises:
            GrantedOnly: the caller can access only what is granted, and this key more than that.
        """
        own, before, after = _with_inboxes(tx), Subject(SubjectKind.KEY, old.id), Subject(SubjectKind.KEY, new.id)
        granted = await _granted(own, before)
        is_own = actor.kind is ActorKind.KEY and actor.key_id == old.id
        if granted and actor.granted_only and not is_own:
            raise GrantedOnly()
        for address in granted:
            made = AddressGrant(address_id=address.id, subject=after, created_by=maker_of(actor), created_us=self._clock.now_us())
            await own.inbox_addresses.grant(made)
            await self._trail.record(own, actor, f"{NOUNS[address.channel]}.grant", target_of(address), to=text_of_subject(after))
        if old.valid_until_us == old.rotated_us:
            await self._end(own, actor, before)

    async def _end(self, tx: InboxTransaction, actor: Actor, subject: Subject) -> None:
        for address in await _granted(tx, subject):
            await tx.inbox_addresses.revoke(address.id, subject)
            action = f"{NOUNS[address.channel]}.revoke"
            await self._trail.record(tx, actor, action, target_of(address), of=text_of_subject(subject))


async def _granted(tx: InboxTransaction, subject: Subject) -> Sequence[Address]:
    """The addresses that are granted to a subject, also released ones."""
    return await tx.inbox_addresses.list(None, (subject,), MAX_ID, MAX_ID, released=True)


def _with_inboxes(tx: object) -> InboxTransaction:
    # A transaction has the stores of all nouns, and people and keys know none of those above them.
    assert isinstance(tx, InboxTransaction)
    return tx
