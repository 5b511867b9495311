"""Use cases on grants: who may get the codes of a token, or its seed, and until when."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from penstock.core.actor import Actor
from penstock.core.audit.trail import id_of
from penstock.core.database import OrganizationDatabase
from penstock.core.people.errors import GroupNotFound, MemberNotFound
from penstock.core.people.roles import BOUND
from penstock.core.tenancy.errors import KeyNotFound
from penstock.core.tenancy.keys import calling_key
from penstock.core.tokens.access import GrantAccess
from penstock.core.tokens.errors import GrantExists, GrantLimitReached, GrantNotFound, ReachesGrantedOnly
from penstock.core.tokens.grant_config import GrantsConfig
from penstock.core.tokens.grant_events import Change, GrantNotes
from penstock.core.tokens.grant_models import Granted, NewGrant, Subject
from penstock.core.tokens.grant_transaction import GrantTransaction
from penstock.core.tokens.models import Grant, Permission, SubjectKind, Token
from penstock.core.tokens.service import check_reached, get_token
from penstock.kit.clock import MAX_US, SECOND_US, Clock
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import GrantId, GroupId, IdSource, KeyId, Prefix, TokenId, UserId, encode
from penstock.kit.paging import Page, decode_cursor, page_of

MAX_GRANTS = 1_000
"""Grants of one token."""
WRITE, SEED = "tokens:write", "tokens:seed"


class GrantService:
    """Grants of tokens. `on_key_change` is called after the first grant to a key, so that caches drop the key."""

    def __init__(
        self,
        *,
        database: OrganizationDatabase[GrantTransaction],
        access: GrantAccess,
        notes: GrantNotes,
        ids: IdSource,
        clock: Clock,
        config: GrantsConfig,
        on_key_change: Callable[[KeyId], None],
    ) -> None:
        self._database = database
        self._access = access
        self._notes = notes
        self._ids = ids
        self._clock = clock
        self._config = config
        self._on_key_change = on_key_change

    async def grant(self, actor: Actor, token: str, new: NewGrant) -> Granted:
        """Grant a token (name or id) to a group, user or key.

        Raises:
            ScopeMissing: the caller cannot give what they do not have.
            ReachesGrantedOnly: the caller reaches only what is granted.
            InvalidInput: the end has passed.
            TokenNotFound, GroupNotFound, MemberNotFound, KeyNotFound, GrantExists, GrantLimitReached.
        """
        _check_gives(actor, new.permission)
        expires_us = self._end(new.expires_us, new.expires_in_us)
        async with self._database.transaction(actor.org_id) as tx:
            await calling_key(tx, actor)
            found = await get_token(tx, token)
            name = await _name_of(tx, new.subject)
            made = self._new(actor, found, new.subject, name, new.permission, expires_us, new.reason)
            await self._add(tx, actor, made, Change.GRANTED)
        self._after(made)
        return made

    async def list(self, actor: Actor, token: str, limit: int, cursor: str | None) -> Page[Granted]:
        """Grants of a token (name or id), oldest first. A caller who reaches only what is granted sees those to them.

        Raises:
            TokenNotFound.
        """
        after = decode_cursor(cursor, tuple[int])
        async with self._database.snapshot(actor.org_id) as tx:
            found = await get_token(tx, token)
            await check_reached(self._access, tx, actor, found, token, Permission.CODE)
            subjects = await self._access.subjects(tx, actor)
            rows = await tx.grants.page_of_token(found.id, limit + 1, after[0] if after else 0, subjects)
        return page_of(rows, limit, lambda one: (one.grant.id,))

    async def list_of(self, actor: Actor, subject: Subject, limit: int, cursor: str | None) -> Page[Granted]:
        """What was granted to a group, user or key itself, oldest first.

        Raises:
            ReachesGrantedOnly: the caller reaches only what is granted, and this is neither them nor one of their groups.
            GroupNotFound, MemberNotFound, KeyNotFound.
        """
        after = decode_cursor(cursor, tuple[int])
        async with self._database.snapshot(actor.org_id) as tx:
            subjects = await self._access.subjects(tx, actor)
            if subjects is not None and (subject.kind, subject.id) not in subjects.pairs:
                raise ReachesGrantedOnly()
            await _name_of(tx, subject)
            rows = await tx.grants.page_of_subject(subject, limit + 1, after[0] if after else 0)
        return page_of(rows, limit, lambda one: (one.grant.id,))

    async def set_end(
        self, actor: Actor, token: str, grant_id: GrantId, expires_us: int | None, expires_in_us: int | None
    ) -> Granted:
        """Set when a grant ends; with neither time it no longer ends by itself. What it was elevated to ends no later.

        Raises:
            ScopeMissing, ReachesGrantedOnly: as for granting the same.
            InvalidInput: the end has passed, or an elevation would be longer than allowed.
            TokenNotFound, GrantNotFound.
        """
        _check_gives(actor, Permission.CODE)
        end_us = self._end(expires_us, expires_in_us)
        async with self._database.transaction(actor.org_id) as tx:
            before = await self._live(tx, token, grant_id)
            _check_gives(actor, before.grant.permission)
            if before.grant.elevates is not None:
                await self._check_elevation(tx, before.grant.elevates, end_us)
            outlasting = [one for one in await tx.grants.elevations(before.grant) if _is_later(one.grant.expires_us, end_us)]
            changed = [_until(one, end_us) for one in (before, *outlasting)]
            for one in changed:
                await tx.grants.set_end(one.grant.id, end_us)
            await self._notes.note(tx, actor, Change.UPDATED, changed)
        return changed[0]

    async def _check_elevation(self, tx: GrantTransaction, base_id: GrantId, end_us: int | None) -> None:
        """Check the new end of a grant that adds the seed to one of codes.

        Raises:
            InvalidInput.
        """
        most_s, base = self._config.max_elevation_s, await tx.grants.find(base_id)
        if end_us is None or end_us > self._clock.now_us() + most_s * SECOND_US:
            raise InvalidInput.field("expires_at", f"must be within {most_s} seconds, because this grant elevates another one")
        if base is not None and _is_later(end_us, base.grant.expires_us):
            raise InvalidInput.field("expires_at", "must not be after the end of the grant that this one elevates")

    async def elevate(self, actor: Actor, token: str, grant_id: GrantId, for_us: int, reason: str) -> Granted:
        """Grant the seed for a while to a holder of the codes, as an additional grant. It ends by itself.

        Raises:
            ScopeMissing, ReachesGrantedOnly: as for granting the seed.
            InvalidInput: for longer than allowed, or the grant is of the seed already.
            TokenNotFound, GrantNotFound, GrantExists.
        """
        _check_gives(actor, Permission.SEED)
        most_s = self._config.max_elevation_s
        if not SECOND_US <= for_us <= most_s * SECOND_US:
            raise InvalidInput.field("expires_in_s", f"must be between 1 and {most_s} seconds")
        async with self._database.transaction(actor.org_id) as tx:
            base = await self._live(tx, token, grant_id)
            if base.grant.permission is not Permission.CODE:
                raise InvalidInput.field("grant_id", "must be a grant of codes; this one is of the seed")
            await calling_key(tx, actor)
            found = await get_token(tx, token)
            # The elevation cannot outlast what it elevates.
            end_us = min(self._clock.now_us() + for_us, base.grant.expires_us or MAX_US)
            added = self._new(actor, found, base.of, base.subject, Permission.SEED, end_us, reason)
            made = msgspec.structs.replace(added, grant=msgspec.structs.replace(added.grant, elevates=grant_id))
            await self._add(tx, actor, made, Change.ELEVATED)
        self._after(made)
        return made

    async def revoke(self, actor: Actor, token: str, grant_id: GrantId) -> None:
        """End a grant, and what it was elevated to. The next call does not count it.

        Raises:
            ReachesGrantedOnly: the caller reaches only what is granted.
            TokenNotFound, GrantNotFound.
        """
        _check_gives(actor, Permission.CODE)
        async with self._database.transaction(actor.org_id) as tx:
            found = await _of_token(tx, token, grant_id)
            ended = [found, *await tx.grants.elevations(found.grant)]
            for one in ended:
                await tx.grants.delete(one.grant.id)
            await self._notes.note(tx, actor, Change.REVOKED, ended)

    async def _add(self, tx: GrantTransaction, actor: Actor, made: Granted, change: Change) -> None:
        grant = made.grant
        before = await tx.grants.find_like(grant.token_id, made.of, grant.permission)
        if before is not None:
            if not _has_ended(before.grant, self._clock.now_us()):
                raise GrantExists(permission=grant.permission.value, token=made.token, subject=made.of.text)
            # Its end has passed, and the worker has not removed it yet.
            await tx.grants.delete(before.grant.id)
            await self._notes.note(tx, Actor.system(actor.org_id), Change.EXPIRED, [before])
        if await tx.grants.count(grant.token_id) >= MAX_GRANTS:
            raise GrantLimitReached(limit=MAX_GRANTS)
        await tx.grants.create(grant)
        if grant.subject_kind is SubjectKind.KEY:
            await tx.keys.restrict_to_grants(KeyId(grant.subject_id))
        await self._notes.note(tx, actor, change, [made])

    def _new(
        self,
        actor: Actor,
        token: Token,
        subject: Subject,
        name: str,
        permission: Permission,
        expires_us: int | None,
        reason: str,
    ) -> Granted:
        grant = Grant(
            id=self._ids.next(GrantId),
            token_id=token.id,
            subject_kind=subject.kind,
            subject_id=subject.id,
            permission=permission,
            expires_us=expires_us,
            reason=reason,
            created_by=id_of(actor),
            created_us=self._clock.now_us(),
        )
        return Granted(grant, token.name, name)

    def _end(self, expires_us: int | None, expires_in_us: int | None) -> int | None:
        now_us = self._clock.now_us()
        if expires_us is not None and expires_in_us is not None:
            raise InvalidInput.field("expires_in_s", "must not be given together with expires_at")
        if expires_in_us is not None:
            return now_us + expires_in_us
        if expires_us is not None and expires_us <= now_us:
            raise InvalidInput.field("expires_at", "must be in the future")
        return expires_us

    async def _live(self, tx: GrantTransaction, token: str, grant_id: GrantId) -> Granted:
        """A grant that has not ended."""
        found = await _of_token(tx, token, grant_id)
        if _has_ended(found.grant, self._clock.now_us()):
            raise GrantNotFound(grant_id=encode(Prefix.GRANT, grant_id))
        return found

    def _after(self, made: Granted) -> None:
        if made.grant.subject_kind is SubjectKind.KEY:
            self._on_key_change(KeyId(made.grant.subject_id))


def _check_gives(actor: Actor, permission: Permission) -> None:
    """Check that the caller can give or take this permission: no one gives more than they have.

    Raises:
        ScopeMissing, ReachesGrantedOnly.
    """
    actor.require(WRITE)
    if permission is Permission.SEED:
        actor.require(SEED)
    if actor.granted_only:
        raise ReachesGrantedOnly()


async def _of_token(tx: GrantTransaction, token: str, grant_id: GrantId) -> Granted:
    owner: TokenId = (await get_token(tx, token)).id
    found = await tx.grants.find(grant_id)
    if found is None or found.grant.token_id != owner:
        raise GrantNotFound(grant_id=encode(Prefix.GRANT, grant_id))
    return found


async def _name_of(tx: GrantTransaction, subject: Subject) -> str:
    """The name of a subject that can be granted something.

    Raises:
        GroupNotFound, MemberNotFound, KeyNotFound.
    """
    if subject.kind is SubjectKind.GROUP:
        group = await tx.groups.find(GroupId(subject.id))
        if group is None:
            raise GroupNotFound(group_id=subject.text)
        return group.name
    if subject.kind is SubjectKind.USER:
        member = await tx.members.find(UserId(subject.id))
        if member is None or member.role in BOUND:  # those roles have nothing to do with tokens
            raise MemberNotFound(user_id=subject.text)
        return member.email
    key = await tx.keys.find(KeyId(subject.id))
    if key is None or key.revoked_us is not None:
        raise KeyNotFound(key_id=subject.text)
    return key.name


def _until(granted: Granted, end_us: int | None) -> Granted:
    return msgspec.structs.replace(granted, grant=msgspec.structs.replace(granted.grant, expires_us=end_us))


def _is_later(end_us: int | None, than_us: int | None) -> bool:
    """Whether one end is later than another; None is never."""
    return (MAX_US if end_us is None else end_us) > (MAX_US if than_us is None else than_us)


def _has_ended(grant: Grant, now_us: int) -> bool:
    return grant.expires_us is not None and grant.expires_us <= now_us
