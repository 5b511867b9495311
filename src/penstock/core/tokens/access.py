"""Who may use which tokens, by what is granted to them.

A caller whose role has `tokens:write`, a key of theirs, and the operator reach every token. All others reach what is granted to
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
from penstock.core.tokens.store import HasTokens
from penstock.kit.clock import Clock
from penstock.kit.ids import KeyId, Prefix, UserId, decode


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

    async def require_approval(self, tx: AccessTransaction, actor: Actor, token: Token, purpose: Purpose = Purpose.READ) -> None:
        """Check that a second person approved what the caller is about to do, if the token requires it. It is used up.

        Raises:
            ApprovalRequired: nobody approved it, or it was long ago, or it was used.
        """
        await self._gate.check(tx, actor, token, purpose)


async def find_token(tx: HasTokens, text: str) -> Token:
    """The token with a name or id.

    Raises:
        TokenNotFound.
    """
    token_id = decode(Prefix.TOKEN, text)
    found = await tx.tokens.find_by_name(text) if token_id is None else await tx.tokens.find(token_id)
    if found is None:
        raise TokenNotFound(token=text)
    return found


def user_of(actor: Actor) -> UserId | None:
    """The user whose grants a caller has: the user, or the root of the key."""
    return actor.user_id if actor.kind is ActorKind.USER else actor.root_id


def key_of(actor: Actor) -> KeyId | None:
    """The key whose grants a caller has."""
    return actor.key_id if actor.kind is ActorKind.KEY else None
