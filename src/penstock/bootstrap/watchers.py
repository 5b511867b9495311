"""Those who are notified of changes of people, groups and keys, one after the other."""

from __future__ import annotations

from penstock.core.actor import Actor
from penstock.core.audit.trail import AuditTrail
from penstock.core.inboxes.leaving import AddressKeeper
from penstock.core.people.models import Group, Member, Role
from penstock.core.people.store import PeopleTransaction
from penstock.core.tenancy.models import ApiKey
from penstock.core.tenancy.store import TenancyTransaction
from penstock.core.tokens.leaving import GrantKeeper
from penstock.kit.clock import Clock
from penstock.kit.ids import IdSource, UserId


class Watchers:
    """Implements `MemberWatcher` and `KeyWatcher`: grants of tokens, and of addresses."""

    def __init__(self, trail: AuditTrail, ids: IdSource, clock: Clock) -> None:
        self._all = (GrantKeeper(trail, ids, clock), AddressKeeper(trail, clock))

    async def removing(self, tx: PeopleTransaction, actor: Actor, member: Member) -> None:
        for one in self._all:
            await one.removing(tx, actor, member)

    async def changing_role(self, tx: PeopleTransaction, actor: Actor, member: Member, role: Role) -> None:
        for one in self._all:
            await one.changing_role(tx, actor, member, role)

    async def suspending(self, tx: PeopleTransaction, actor: Actor, user_id: UserId) -> None:
        for one in self._all:
            await one.suspending(tx, actor, user_id)

    async def deleting_group(self, tx: PeopleTransaction, actor: Actor, group: Group) -> None:
        for one in self._all:
            await one.deleting_group(tx, actor, group)

    async def joining_group(self, tx: PeopleTransaction, actor: Actor, group: Group) -> None:
        for one in self._all:
            await one.joining_group(tx, actor, group)

    async def revoking_key(self, tx: TenancyTransaction, actor: Actor, key: ApiKey) -> None:
        for one in self._all:
            await one.revoking_key(tx, actor, key)

    async def rotating_key(self, tx: TenancyTransaction, actor: Actor, old: ApiKey, new: ApiKey) -> None:
        for one in self._all:
            await one.rotating_key(tx, actor, old, new)
