"""Who may use which tokens, by what is granted to them.

A caller whose role has `tokens:write`, their keys, and the operator reach every token. All others reach what is granted to
them, to their groups or to the key, and so does a key from the first grant to it on. What has ended by the clock does not count.
"""

from __future__ import annotations

from penstock.core.actor import Actor, ActorKind
from penstock.core.tokens.errors import SeedNotGranted, TokenNotFound
from penstock.core.tokens.grant_models import Purpose
from penstock.core.tokens.grant_store import AccessTransaction, HasGrants
from penstock.core.tokens.models import Permission, SubjectKind, Token
from penstock.core.tokens.ports import Subjects
from penstock.core.tokens.requests import SeedGate
from penstock.kit.clock import Clock
from penstock.kit.ids import KeyId, UserId

SEED = "tokens:seed"


class GrantAccess:
    """Implements `TokenAccess`."""

    def __init__(self, gate: SeedGate, clock: Clock) -> None:
        self._gate = gate
        self._clock = clock

    def is_restricted(self, actor: Actor) -> bool:
        """Whether the caller reaches only what is granted."""
        return actor.granted_only

    async def subjects(self, tx: HasGrants, actor: Actor) -> Subjects | None:
        """To what tokens must be granted for the caller to see them; None: they see all."""
        if not actor.granted_only:
            return None
        user_id, key_id = user_of(actor), key_of(actor)
        pairs: list[tuple[SubjectKind, int]] = [] if key_id is None else [(SubjectKind.KEY, key_id)]
        if user_id is not None:
            pairs.append((SubjectKind.USER, user_id))
            pairs += [(SubjectKind.GROUP, group_id) for group_id in await tx.grants.groups_of(user_id)]
        return Subjects(pairs=tuple(pairs), now_us=self._clock.now_us())

    async def require(self, tx: HasGrants, actor: Actor, token: Token, permission: Permission) -> None:
        """Check that the caller may use a token.

        Raises:
            TokenNotFound: it is not granted to them.
            SeedNotGranted: it is granted for codes only.
        """
        if not actor.granted_only:
            return
        granted = await tx.grants.permission(token.id, user_of(actor), key_of(actor), self._clock.now_us())
        if granted is None:
            raise TokenNotFound(token=token.name)
        if permission is Permission.SEED and granted is not Permission.SEED:
            raise SeedNotGranted(token=token.name)

    async def require_approval(self, tx: AccessTransaction, actor: Actor, token: Token) -> None:
        """Check that a second person approved that the caller reads the seed, if the token requires it. The approval is used.

        Raises:
            ApprovalRequired: no one approved it, or it was long ago, or it was used.
        """
        await self._gate.check(tx, actor, token, Purpose.READ)

    async def check_four_eyes(self, tx: AccessTransaction, actor: Actor, token: Token, *, enabled: bool) -> None:
        """Check that the caller may set whether a second person must approve that the seed of a token is read.

        A caller who may read the seed can require it. To end it, a second person must approve that.

        Raises:
            ScopeMissing, TokenNotFound, SeedNotGranted: the caller may not read the seed.
            ApprovalRequired.
        """
        if enabled is token.four_eyes:
            return
        actor.require(SEED)
        await self.require(tx, actor, token, Permission.SEED)
        await self._gate.check(tx, actor, token, Purpose.END_FOUR_EYES)


def user_of(actor: Actor) -> UserId | None:
    """The user whose grants a caller has: the user, or the root of the key."""
    return actor.user_id if actor.kind is ActorKind.USER else actor.root_id


def key_of(actor: Actor) -> KeyId | None:
    """The key whose grants a caller has."""
    return actor.key_id if actor.kind is ActorKind.KEY else None
