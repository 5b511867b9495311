"""What happens to grants when a person, a group or a key changes: in the transaction of that change.

A member who could read a seed may have written it down. So when they leave, or lose the role by which they could, the tokens are
marked: their seeds should be replaced.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from penstock.core.actor import Actor, ActorKind
from penstock.core.audit.models import Target
from penstock.core.audit.trail import AuditTrail
from penstock.core.people.models import Group, Member, Role
from penstock.core.people.roles import SCOPES
from penstock.core.people.store import PeopleTransaction
from penstock.core.tenancy.models import ApiKey
from penstock.core.tenancy.scopes import REACHES_ALL
from penstock.core.tenancy.store import TenancyTransaction
from penstock.core.tokens.access import user_of
from penstock.core.tokens.errors import ReachesGrantedOnly
from penstock.core.tokens.grant_events import Change, GrantNotes
from penstock.core.tokens.grant_models import Granted, Subject
from penstock.core.tokens.grant_transaction import GrantTransaction
from penstock.core.tokens.models import Permission, SubjectKind
from penstock.kit.clock import Clock
from penstock.kit.ids import GrantId, IdSource, Prefix, UserId, encode

SEED = "tokens:seed"


class GrantKeeper:
    """Implements `MemberWatcher` and `KeyWatcher`."""

    def __init__(self, trail: AuditTrail, ids: IdSource, clock: Clock) -> None:
        self._trail = trail
        self._notes = GrantNotes(trail, clock)
        self._ids = ids
        self._clock = clock

    async def removing(self, tx: PeopleTransaction, actor: Actor, member: Member) -> None:
        """A member is about to be removed: the tokens that they could read in full are marked, and their grants end."""
        own = _with_grants(tx)
        subjects = await own.grants.subjects_of(member.user_id)
        await self._mark(own, actor, member, f"{member.email} was removed", SCOPES[member.role], subjects)
        await self._end(own, actor, [one for one in subjects if one.kind is not SubjectKind.GROUP])
        await own.seed_requests.end_of(member.user_id)
        await own.seed_requests.end_approvals_of(member.user_id)

    async def changing_role(self, tx: PeopleTransaction, actor: Actor, member: Member, role: Role) -> None:
        """A member is about to get another role: the tokens are marked that they can no longer read in full."""
        before, after = SCOPES[member.role], SCOPES[role]
        lost = frozenset({SEED, REACHES_ALL}) & (before - after)
        if SEED not in before or not lost:
            return
        own = _with_grants(tx)
        # Of those who lose only the reach of all tokens, the ones that are granted to them are marked as well.
        subjects = await own.grants.subjects_of(member.user_id)
        reason = f"{member.email} is no longer {member.role.value}"
        await self._mark(own, actor, member, reason, before, subjects)
        await own.seed_requests.end_approvals_of(member.user_id)
        if SEED in lost:
            await own.seed_requests.end_of(member.user_id)

    async def suspending(self, tx: PeopleTransaction, actor: Actor, user_id: UserId) -> None:
        """The operator is about to suspend a user. Their grants stay, because they may come back."""
        own = _with_grants(tx)
        member = await own.members.find(user_id)
        if member is not None:
            subjects = await own.grants.subjects_of(user_id)
            await self._mark(own, actor, member, f"{member.email} was suspended", SCOPES[member.role], subjects)
            await own.seed_requests.end_of(user_id)
            await own.seed_requests.end_approvals_of(user_id)

    async def deleting_group(self, tx: PeopleTransaction, actor: Actor, group: Group) -> None:
        """A group is about to be deleted: what was granted to it ends."""
        await self._end(_with_grants(tx), actor, [Subject(SubjectKind.GROUP, group.id)])

    async def joining_group(self, tx: PeopleTransaction, actor: Actor, group: Group) -> None:
        """A member is about to join a group, and gets what is granted to it: no one gives more than they have.

        Raises:
            ScopeMissing: the caller could not grant it.
            ReachesGrantedOnly: the caller reaches only what is granted.
        """
        now_us = self._clock.now_us()
        granted = await _with_grants(tx).grants.of_subject(Subject(SubjectKind.GROUP, group.id))
        live = {one.grant.permission for one in granted if one.grant.expires_us is None or one.grant.expires_us > now_us}
        if not live:
            return
        actor.require(REACHES_ALL)
        if Permission.SEED in live:
            actor.require(SEED)
        if actor.granted_only:
            raise ReachesGrantedOnly()

    async def revoking_key(self, tx: TenancyTransaction, actor: Actor, key: ApiKey) -> None:
        """A key is about to be revoked: what was granted to it ends."""
        await self._end(_with_grants(tx), actor, [Subject(SubjectKind.KEY, key.id)])

    async def rotating_key(self, tx: TenancyTransaction, actor: Actor, old: ApiKey, new: ApiKey) -> None:
        """A key has a successor, which gets what was granted to it. The old one keeps it until the end of the overlap.

        Raises:
            ReachesGrantedOnly: the caller reaches only what is granted, and this key could reach more than they do.
        """
        own, now_us = _with_grants(tx), self._clock.now_us()
        found = await own.grants.of_subject(Subject(SubjectKind.KEY, old.id))
        _check_rotates(actor, old, has_grants=bool(found))
        granted = [one for one in found if one.grant.expires_us is None or one.grant.expires_us > now_us]
        handed = self._inherited(granted, new)
        for one in handed:
            await own.grants.create(one.grant)
        await self._notes.note(own, actor, Change.GRANTED, handed)
        for one in granted:
            if one.grant.expires_us is None or one.grant.expires_us > (old.valid_until_us or 0):
                await own.grants.set_end(one.grant.id, old.valid_until_us)

    def _inherited(self, granted: Sequence[Granted], new: ApiKey) -> list[Granted]:
        successors = {one.grant.id: self._ids.next(GrantId) for one in granted}
        return [
            Granted(
                msgspec.structs.replace(
                    one.grant,
                    id=successors[one.grant.id],
                    subject_id=new.id,
                    elevates=None if one.grant.elevates is None else successors.get(one.grant.elevates),
                ),
                one.token,
                new.name,
            )
            for one in granted
        ]

    async def _end(self, tx: GrantTransaction, actor: Actor, subjects: Sequence[Subject]) -> None:
        for subject in subjects:
            await self._notes.note(tx, actor, Change.REVOKED, await tx.grants.delete_of(subject))

    async def _mark(
        self,
        tx: GrantTransaction,
        actor: Actor,
        member: Member,
        reason: str,
        scopes: frozenset[str],
        subjects: Sequence[Subject],
    ) -> None:
        """Mark the tokens whose seeds a member with these scopes and these grants could read."""
        if SEED not in scopes:
            return
        now_us = self._clock.now_us()
        reads_all = REACHES_ALL in scopes
        marked = await (tx.grants.mark_all(reason, now_us) if reads_all else tx.grants.mark_of(subjects, reason, now_us))
        if marked:
            target = Target("user", encode(Prefix.USER, member.user_id), member.email)
            await self._trail.record(tx, actor, "token.seed.mark", target, reason=reason, tokens=marked)


def _check_rotates(actor: Actor, old: ApiKey, *, has_grants: bool) -> None:
    """Check that a caller who reaches only what is granted gets nothing more by the value of a key's successor.

    Raises:
        ReachesGrantedOnly.
    """
    is_own = actor.kind is ActorKind.KEY and actor.key_id == old.id
    if actor.granted_only and not is_own and (has_grants or old.root_id != user_of(actor)):
        raise ReachesGrantedOnly()


def _with_grants(tx: object) -> GrantTransaction:
    # A transaction has the stores of all nouns, and people and keys know none of those above them.
    assert isinstance(tx, GrantTransaction)
    return tx
