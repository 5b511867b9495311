"""What a caller may do now, who started something that takes longer than their call."""

from __future__ import annotations

from typing import Protocol

from penstock.core.actor import Actor, ActorKind
from penstock.core.people.roles import SCOPES, SCOPES_OF_ROLES
from penstock.core.people.store import HasMembers
from penstock.core.tenancy.scopes import ALL
from penstock.core.tenancy.store import HasKeys
from penstock.kit.ids import KeyId


class StandingTransaction(HasMembers, HasKeys, Protocol):
    """A transaction that knows members and keys."""


async def scopes_now(tx: StandingTransaction, actor: Actor) -> frozenset[str]:
    """The scopes that a caller would have today: none if the member was removed, or the key or its root lost its access."""
    if actor.kind is ActorKind.KEY:
        return await granted_now(tx, actor.key_id)
    if actor.kind is not ActorKind.USER:
        return ALL
    member = await tx.members.find(actor.user_id)
    return frozenset() if member is None else SCOPES[member.role]


async def granted_now(tx: HasKeys, key_id: KeyId) -> frozenset[str]:
    """The scopes that a key grants now: none if it was revoked, also after a rotation. The key's own end does not count."""
    following: KeyId | None = key_id
    granted: frozenset[str] = frozenset()
    while following is not None:
        key = await tx.keys.find(following)
        if key is None or key.revoked_us is not None:
            return frozenset()
        granted, following = key.granted(SCOPES_OF_ROLES), key.replaced_by
    return granted
