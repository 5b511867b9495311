"""Use cases on tokens, in CRUD order, and on their seeds. The API layer checks the caller's scopes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from penstock.core.actor import Actor
from penstock.core.audit.models import Target
from penstock.core.audit.trail import AuditTrail, id_of
from penstock.core.database import OrganizationDatabase
from penstock.core.tokens.config import TokensConfig
from penstock.core.tokens.errors import TokenLimitReached, TokenNotFound
from penstock.core.tokens.models import (
    SEED,
    ListedToken,
    NewToken,
    Permission,
    Token,
    TokenFilter,
    TokenPatch,
    TokenSeed,
    TokenSort,
)
from penstock.core.tokens.ports import Subjects, TokenAccess
from penstock.core.tokens.seeds import check_name, check_seed, check_token, new_seed
from penstock.core.tokens.store import HasTokens, TokenTransaction
from penstock.core.vault.keyring import Box, wipe
from penstock.core.vault.vault import Vault
from penstock.kit.clock import Clock
from penstock.kit.errors import InvalidInput
from penstock.kit.fields import changes_in, same_fields
from penstock.kit.ids import IdSource, OrgId, Prefix, TokenId, decode, encode
from penstock.kit.paging import Page, decode_cursor, page_of

OnChange = Callable[[OrgId, Token], None]
"""Called after a commit that changed a token or its seed."""
_CURSORS: dict[TokenSort, Any] = {
    TokenSort.NAME: tuple[str, str],
    TokenSort.NAME_REVERSED: tuple[str, str],
    TokenSort.NEWEST: tuple[str, int],
    TokenSort.OLDEST: tuple[str, int],
}
"""A cursor has the order that it belongs to, and the position of a page's last token in it."""


class TokenService:
    """Tokens of an organisation. A token is named by its name or its id."""

    def __init__(
        self,
        *,
        database: OrganizationDatabase[TokenTransaction],
        vault: Vault,
        access: TokenAccess[TokenTransaction],
        trail: AuditTrail,
        ids: IdSource,
        clock: Clock,
        config: TokensConfig,
        on_change: OnChange,
    ) -> None:
        self._database = database
        self._vault = vault
        self._access = access
        self._trail = trail
        self._ids = ids
        self._clock = clock
        self._config = config
        self._on_change = on_change

    async def create(self, actor: Actor, new: NewToken) -> Token:
        """Create a token.

        Raises:
            InvalidInput: a field is invalid; the error names it.
            TokenExists, TokenLimitReached.
            Unavailable: the master key cannot be reached.
        """
        return (await self.create_all(actor, [new]))[0]

    async def create_all(self, actor: Actor, new: Sequence[NewToken]) -> list[Token]:
        """Create tokens, all or none.

        Raises:
            InvalidInput, TokenExists, TokenLimitReached, Unavailable: as `create`.
        """
        for one in new:
            check_token(one)
        box = await self._vault.box(actor.org_id)
        async with self._database.transaction(actor.org_id) as tx:
            await self._check_room(tx, len(new))
            return [await self._create(tx, box, actor, one) for one in new]

    async def _create(self, tx: TokenTransaction, box: Box, actor: Actor, new: NewToken) -> Token:
        now_us, made_by = self._clock.now_us(), id_of(actor)
        token = Token(
            **same_fields(new, Token),
            id=self._ids.next(TokenId),
            created_by=made_by,
            created_us=now_us,
            updated_us=now_us,
        )
        await tx.tokens.create(token)
        await self._vault.put(tx, box, token.owner, SEED, new.seed, made_by)
        await self._trail.record(tx, actor, "token.create", target_of(token), after=_facts(token))
        return token

    async def _check_room(self, tx: HasTokens, more: int) -> None:
        room = self._config.max_per_organization - more
        if room < 0 or await tx.tokens.are_more_than(room):
            raise TokenLimitReached(limit=self._config.max_per_organization)

    async def get(self, actor: Actor, ref: str) -> ListedToken:
        """One token.

        Raises:
            TokenNotFound: it does not exist, or is not granted to the caller.
        """
        async with self._database.snapshot(actor.org_id) as tx:
            token = await self._reached(tx, actor, ref, Permission.CODE)
            return (await self._listed(tx, actor, [token]))[0]

    async def list(
        self, actor: Actor, filters: TokenFilter, limit: int, cursor: str | None, sort: TokenSort = TokenSort.NAME
    ) -> Page[ListedToken]:
        """A page of the tokens that the caller may use.

        Raises:
            InvalidInput: the cursor is not one of a list in this order.
        """
        after = decode_cursor(cursor, _CURSORS[sort])
        if after is not None and after[0] != sort.value:
            raise InvalidInput.field("cursor", "must be a cursor returned by this list in the same order")
        async with self._database.snapshot(actor.org_id) as tx:
            subjects = await self._subjects(tx, actor)
            found = await tx.tokens.list(filters, limit + 1, after[1] if after else None, sort, subjects)
            page = page_of(found, limit, lambda last: (sort.value, sort.position(last)))
            return Page(items=[*await self._listed(tx, actor, page.items)], next_cursor=page.next_cursor)

    async def update(self, actor: Actor, ref: str, patch: TokenPatch) -> ListedToken:
        """Change the fields in the patch.

        Raises:
            InvalidInput, TokenNotFound, TokenExists.
            PenstockError: `four_eyes` cannot be changed like this.
        """
        changes = changes_in(patch)
        if "name" in changes:
            check_name(changes["name"])
        async with self._database.transaction(actor.org_id) as tx:
            before = await self._reached(tx, actor, ref, Permission.CODE)
            after = msgspec.structs.replace(before, **changes, updated_us=self._clock.now_us())
            await self._access.check_four_eyes(tx, actor, before, enabled=after.four_eyes)
            await tx.tokens.update(after)
            facts = _facts(before, changes), _facts(after, changes)
            await self._trail.record(tx, actor, "token.update", target_of(after), before=facts[0], after=facts[1])
            listed = (await self._listed(tx, actor, [after]))[0]
        self._on_change(actor.org_id, before)
        return listed

    async def delete(self, actor: Actor, ref: str) -> None:
        """Delete a token with its seed and its grants.

        Raises:
            TokenNotFound.
        """
        async with self._database.transaction(actor.org_id) as tx:
            token = await self._reached(tx, actor, ref, Permission.CODE)
            await self._vault.drop(tx, token.owner)
            await tx.tokens.delete(token.id)
            await self._trail.record(tx, actor, "token.delete", target_of(token), before=_facts(token))
        self._on_change(actor.org_id, token)

    async def seed(self, actor: Actor, ref: str) -> TokenSeed:
        """Show the seed of a token. The caller wipes it after use.

        Raises:
            TokenNotFound, SeedNotGranted.
            PenstockError: a second person must approve first.
            SecretShredded, SecretDamaged, KeysMissing, Unavailable.
        """
        async with self._database.transaction(actor.org_id) as tx:
            token = await self._reached(tx, actor, ref, Permission.SEED)
            await self._access.require_approval(tx, actor, token)
            held = await tx.secrets.held(token.owner)
            await self._trail.record(tx, actor, "token.seed.view", target_of(token), flagged=True)
        return TokenSeed(token, (await self._vault.opened(actor.org_id, held))[SEED])

    async def rotate(self, actor: Actor, ref: str, seed: bytes | None = None) -> TokenSeed:
        """Replace the seed of a token by another or a new random one, which is returned once. The caller wipes it after use.

        No code of the new seed counts as consumed, and the token is no longer marked for rotation.

        Raises:
            InvalidInput, TokenNotFound, SeedNotGranted, Unavailable.
            PenstockError: a second person must approve first.
        """
        if seed is not None:
            check_seed(seed)
        box = await self._vault.box(actor.org_id)
        async with self._database.transaction(actor.org_id) as tx:
            before = await self._reached(tx, actor, ref, Permission.SEED)
            await self._access.require_approval(tx, actor, before)
            token = msgspec.structs.replace(before, last_step=0, rotate_reason=None, updated_us=self._clock.now_us())
            content = new_seed(token.algorithm) if seed is None else bytearray(seed)
            try:
                await self._vault.put(tx, box, token.owner, SEED, content, id_of(actor))
                await tx.tokens.reseed(token)
                supplied = seed is not None
                await self._trail.record(tx, actor, "token.seed.rotate", target_of(token), flagged=True, supplied=supplied)
            except BaseException:
                wipe(content)
                raise
        self._on_change(actor.org_id, token)
        return TokenSeed(token, content)

    async def _reached(self, tx: TokenTransaction, actor: Actor, ref: str, permission: Permission) -> Token:
        """The token, if the caller may use it."""
        token = await get_token(tx, ref)
        await check_reached(self._access, tx, actor, token, ref, permission)
        return token

    async def _subjects(self, tx: TokenTransaction, actor: Actor) -> Subjects | None:
        return await self._access.subjects(tx, actor) if self._access.is_restricted(actor) else None

    async def _listed(self, tx: TokenTransaction, actor: Actor, tokens: Sequence[Token]) -> Sequence[ListedToken]:
        """Tokens with their groups: a caller who sees only granted tokens sees no groups of others."""
        subjects = await self._subjects(tx, actor)
        groups = await tx.tokens.groups([one.id for one in tokens], self._clock.now_us())
        own = None if subjects is None else {number for _, number in subjects.pairs}
        return [
            ListedToken(one, tuple(group for group in groups.get(one.id, ()) if own is None or group.id in own)) for one in tokens
        ]


async def get_token(tx: HasTokens, ref: str) -> Token:
    """The token with this name or id.

    Raises:
        TokenNotFound: the organisation has none.
    """
    token_id = decode(Prefix.TOKEN, ref)
    token = await tx.tokens.find_by_name(ref) if token_id is None else await tx.tokens.find(token_id)
    if token is None:
        raise TokenNotFound(token=ref[:64])  # shortened, because it is the caller's input
    return token


async def check_reached(
    access: TokenAccess[TokenTransaction], tx: TokenTransaction, actor: Actor, token: Token, ref: str, permission: Permission
) -> None:
    """Check that the caller may use a token. The error names it as the caller did: it reveals nothing else.

    Raises:
        TokenNotFound, SeedNotGranted.
    """
    if access.is_restricted(actor):
        try:
            await access.require(tx, actor, token, permission)
        except TokenNotFound:
            raise TokenNotFound(token=ref[:64]) from None


def target_of(token: Token) -> Target:
    """A token as the object of an entry in the audit log."""
    return Target("token", encode(Prefix.TOKEN, token.id), token.name)


_SHOWN = ("name", "issuer", "account", "description", "algorithm", "digits", "period_s", "four_eyes")


def _facts(token: Token, names: Sequence[str] | dict[str, Any] = _SHOWN) -> dict[str, Any]:
    return {name: getattr(token, name) for name in names}
