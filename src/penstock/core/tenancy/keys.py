"""Use cases on API keys: create, rotate, revoke, and the rules for granting scopes."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from penstock.core.actor import Actor, ActorKind
from penstock.core.audit.models import Target
from penstock.core.audit.trail import AuditTrail
from penstock.core.database import OrganizationDatabase
from penstock.core.tenancy.errors import (
    KeyEnded,
    KeyLimitReached,
    KeyNotActive,
    KeyNotFound,
    ProjectNotFound,
    ScopeNotYours,
)
from penstock.core.tenancy.key_styles import KeyStyles
from penstock.core.tenancy.models import ApiKey, KeyRequest, KeyStatus, NewKey, SingleUse
from penstock.core.tenancy.networks import parse_networks
from penstock.core.tenancy.plans import PlanCatalogue
from penstock.core.tenancy.ports import KeyWatcher
from penstock.core.tenancy.restrictions import check_within, handed_down, networks_of
from penstock.core.tenancy.store import HasKeys, TenancyTransaction
from penstock.kit.clock import DAY_US, SECOND_US, Clock
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import IdSource, KeyId, OrgId, Prefix, UserId, encode, text_of
from penstock.kit.ordering import WHOLE, Ordering, View, by_name
from penstock.kit.paging import Page
from penstock.kit.secret import Pepper

MAX_OVERLAP_US = 7 * DAY_US
MAX_NAME = 200
OPERATOR = "operator"
"""The root of keys that the command line created, and of those of a sign-up until its owner has joined, as shown to clients."""
_ORDERING: Ordering[ApiKey] = by_name("-created_at")


class KeyMaker:
    """Creates keys and their values."""

    def __init__(self, pepper: Pepper, ids: IdSource, clock: Clock, styles: KeyStyles) -> None:
        self._styles = styles
        self._pepper = pepper
        self._ids = ids
        self._clock = clock

    def make(
        self, org_id: OrgId, request: KeyRequest, created_by: str = "", root_id: UserId | None = None
    ) -> tuple[NewKey, bytes]:
        """A key with its value, and the keyed hash under which it is stored.

        Raises:
            InvalidInput: the key style does not exist.
        """
        value = self._styles.new_value(request.style)
        key = ApiKey(
            **msgspec.structs.asdict(request),
            id=self._ids.next(KeyId),
            org_id=org_id,
            prefix=self._styles.shown_prefix(request.style, value),
            created_us=self._clock.now_us(),
            created_by=created_by,
            root_id=root_id,
        )
        return NewKey(key=key, value=value), self._pepper.digest(value.encode())


class KeyService:
    """API keys of an organisation.

    `on_change` is called with a key's id after the commit of a change and before the call returns, so that caches drop the key.
    """

    def __init__(
        self,
        *,
        database: OrganizationDatabase[TenancyTransaction],
        maker: KeyMaker,
        plans: PlanCatalogue,
        trail: AuditTrail,
        clock: Clock,
        watcher: KeyWatcher,
        on_change: Callable[[KeyId], None],
    ) -> None:
        self._database = database
        self._maker = maker
        self._plans = plans
        self._trail = trail
        self._clock = clock
        self._watcher = watcher
        self._on_change = on_change

    async def create(self, actor: Actor, request: KeyRequest) -> NewKey:
        """Create an API key; only this response contains its value.

        Raises:
            InvalidInput: the expiry has passed, or a network is invalid; the error names the field.
            ScopeNotYours: the caller does not have a scope.
            RestrictionNotYours: the caller is a key with a restriction, and the new key would be less restricted.
            ProjectNotFound, KeyLimitReached.
        """
        request = self._checked(actor, request)
        async with self._database.transaction(actor.org_id) as tx:
            maker = await calling_key(tx, actor)
            if maker is not None:
                request = handed_down(maker, request)
            new_key, digest = self._maker.make(actor.org_id, request, _public_id(actor), _root_id(actor, maker))
            if request.project_id is not None and await tx.projects.find(request.project_id) is None:
                raise ProjectNotFound(project_id=encode(Prefix.PROJECT, request.project_id))
            limit = (await self._plans.of(actor.org_id)).key_limit
            # Counted in the transaction that creates the key, so that parallel calls cannot exceed the limit together.
            if limit is not None and await tx.keys.count_active(self._clock.now_us()) >= limit:
                raise KeyLimitReached(limit="plan_keys", scope="account", count=limit, remaining=0)
            await tx.keys.create(new_key.key, digest)
            await self._trail.record(tx, actor, "apikey.create", target_of(new_key.key), after=_facts(new_key.key))
            created = await _get(tx, new_key.key.id)
        return NewKey(key=created, value=new_key.value)

    async def get(self, actor: Actor, key_id: KeyId) -> ApiKey:
        """One key.

        Raises:
            KeyNotFound: the caller's organisation has no key with this id.
        """
        async with self._database.snapshot(actor.org_id) as tx:
            return await _get(tx, key_id)

    async def list(
        self, actor: Actor, status: KeyStatus | None, limit: int, cursor: str | None, view: View = WHOLE
    ) -> Page[ApiKey]:
        """Keys newest first, of all or one status."""
        place = _ORDERING.place(view, cursor)
        async with self._database.snapshot(actor.org_id) as tx:
            found = await tx.keys.list(limit + 1, place, status, self._clock.now_us())
        return _ORDERING.page(found, limit, view)

    async def rename(self, actor: Actor, key_id: KeyId, name: str) -> ApiKey:
        """Rename a key.

        Raises:
            KeyNotFound.
        """
        async with self._database.transaction(actor.org_id) as tx:
            key = await _get(tx, key_id)
            renamed = msgspec.structs.replace(key, name=name)
            await tx.keys.update(renamed)
            await self._trail.record(tx, actor, "apikey.update", target_of(key), before={"name": key.name}, after={"name": name})
        self._on_change(key_id)
        return renamed

    async def rotate(self, actor: Actor, key_id: KeyId, overlap_us: int = 0) -> NewKey:
        """Replace a key by one with a new id and value; the old one stops working immediately, or after an overlap.

        The new key has the same rights, restrictions and root as the old one; the caller does not become its root.

        Raises:
            KeyNotFound.
            KeyEnded: it was already rotated or revoked, or has expired or is spent.
            InvalidInput: the overlap is longer than seven days, or the key is for one call only and so has no overlap.
            ScopeNotYours: the key has scopes that the caller does not have.
            RestrictionNotYours: the caller is a key with a restriction that the key does not have.
        """
        if not 0 <= overlap_us <= MAX_OVERLAP_US:
            raise InvalidInput.field("overlap_s", f"must be between 0 and {MAX_OVERLAP_US // SECOND_US} seconds")
        async with self._database.transaction(actor.org_id) as tx:
            old = await self._rotatable(tx, actor, key_id, overlap_us)
            new_key, digest = self._successor(old, _public_id(actor))
            await tx.keys.create(new_key.key, digest)
            now_us = self._clock.now_us()
            replaced = msgspec.structs.replace(
                old, rotated_us=now_us, valid_until_us=now_us + overlap_us, replaced_by=new_key.key.id
            )
            await tx.keys.update(replaced)
            await self._watcher.rotating_key(tx, actor, replaced, new_key.key)
            successor = encode(Prefix.KEY, new_key.key.id)
            overlap_s, root = overlap_us // SECOND_US, root_of(old)
            await self._trail.record(
                tx, actor, "apikey.rotate", target_of(old), replaced_by=successor, overlap_s=overlap_s, root=root
            )
            created = await _get(tx, new_key.key.id)
        self._on_change(key_id)
        return NewKey(key=created, value=new_key.value)

    async def _rotatable(self, tx: TenancyTransaction, actor: Actor, key_id: KeyId, overlap_us: int) -> ApiKey:
        """A key that the caller can rotate."""
        old = await _get(tx, key_id)
        status = old.status(self._clock.now_us())
        if status is not KeyStatus.ACTIVE:
            raise KeyEnded(status=status.value)
        if overlap_us and old.single_use is SingleUse.SPEND:
            raise InvalidInput.field("overlap_s", "must be 0 for a key that works for one call only")
        # The response contains the new value: without these checks a caller could get scopes, or lose restrictions, by rotating
        # a key that has more. The key limit is not checked, because the old key is no longer active.
        _check_grant(actor, old.scopes)
        maker = await calling_key(tx, actor)
        if maker is not None:
            check_within(maker, msgspec.structs.replace(_request_like(old), cidrs=networks_of(old)))
        return old

    def _successor(self, old: ApiKey, created_by: str) -> tuple[NewKey, bytes]:
        """The key that replaces another one, with its restrictions. A key that was bound to an address stays bound to it."""
        new_key, digest = self._maker.make(old.org_id, _request_like(old), created_by, old.root_id)
        bound = msgspec.structs.replace(new_key.key, used_from=old.used_from, spent_us=old.spent_us)
        return NewKey(key=bound, value=new_key.value), digest

    async def revoke(self, actor: Actor, key_id: KeyId) -> ApiKey:
        """Revoke a key permanently; it remains in the list. Repeating the call has no effect.

        Raises:
            KeyNotFound.
        """
        async with self._database.transaction(actor.org_id) as tx:
            key = await _get(tx, key_id)
            if key.revoked_us is None:
                await self._watcher.revoking_key(tx, actor, key)
                key = msgspec.structs.replace(key, revoked_us=self._clock.now_us())
                await tx.keys.update(key)
                await self._trail.record(tx, actor, "apikey.revoke", target_of(key))
        self._on_change(key_id)
        return key

    def _checked(self, actor: Actor, request: KeyRequest) -> KeyRequest:
        if request.expires_us is not None and request.expires_us <= self._clock.now_us():
            raise InvalidInput.field("expires_at", "must be in the future")
        _check_grant(actor, request.scopes)
        return msgspec.structs.replace(request, cidrs=parse_networks(request.cidrs))


def _check_grant(actor: Actor, scopes: frozenset[str]) -> None:
    """Check that the actor has every scope it grants."""
    if actor.kind is ActorKind.SYSTEM:
        return
    missing = sorted(scopes - actor.scopes)
    if missing:
        raise ScopeNotYours(scope=missing[0])


async def _get(tx: HasKeys, key_id: KeyId) -> ApiKey:
    key = await tx.keys.find(key_id)
    if key is None:
        raise KeyNotFound(key_id=encode(Prefix.KEY, key_id))
    return key


def _request_like(old: ApiKey) -> KeyRequest:
    return KeyRequest(**{name: getattr(old, name) for name in KeyRequest.__struct_fields__})


async def calling_key(tx: HasKeys, actor: Actor) -> ApiKey | None:
    """The key that makes the call; None for other callers.

    Raises:
        KeyNotActive: it was revoked after the call was admitted, for example because its root was removed.
    """
    if actor.kind is not ActorKind.KEY:
        return None
    key = await _get(tx, actor.key_id)
    if key.revoked_us is not None or not key.has_root:
        raise KeyNotActive(status="revoked" if key.revoked_us is not None else "suspended")
    return key


def _root_id(actor: Actor, maker: ApiKey | None) -> UserId | None:
    """The root of a key that the actor makes: the user, the root of the key that makes it, or the operator."""
    if maker is not None:
        return maker.root_id
    return actor.user_id if actor.kind is ActorKind.USER else None


def root_of(key: ApiKey) -> str:
    """The root of a key, as shown to clients: the id of a user, or `operator`."""
    return OPERATOR if key.root_id is None else encode(Prefix.USER, key.root_id)


def _public_id(actor: Actor) -> str:
    prefixes: dict[ActorKind, str] = {ActorKind.USER: Prefix.USER, ActorKind.KEY: Prefix.KEY}
    prefix = prefixes.get(actor.kind)
    return text_of(prefix, actor.id) if prefix else ""


def target_of(key: ApiKey) -> Target:
    """The key as the target of an audit entry."""
    return Target("key", encode(Prefix.KEY, key.id), key.name)


def _facts(key: ApiKey) -> dict[str, object]:
    """The facts about a key in the audit log."""
    facts: dict[str, object] = {"prefix": key.prefix, "scopes": sorted(key.scopes), "style": key.style, "root": root_of(key)}
    if key.expires_us is not None:
        facts["expires_us"] = key.expires_us
    if key.cidrs:
        facts["allowed_cidrs"] = list(key.cidrs)
    if key.single_use is not None:
        facts["single_use"] = key.single_use.value
    if key.per_minute is not None:
        facts["per_minute"] = key.per_minute
    return facts
