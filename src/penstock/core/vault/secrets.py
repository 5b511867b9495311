"""Use cases on secrets, in CRUD order.

A secret that users named has versions, of which the newest are kept. Everything that refers to it uses the current one, from its
next call on. Secrets that belong to a webhook, a connection or something else are listed here too, but managed only there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

import msgspec

from penstock.core.actor import Actor
from penstock.core.audit.models import Target
from penstock.core.audit.trail import AuditTrail
from penstock.core.database import OrganizationDatabase, repeated_after_commit
from penstock.core.vault.errors import (
    SecretExists,
    SecretInUse,
    SecretLimitReached,
    SecretManaged,
    SecretNotFound,
    SecretVersionNotFound,
)
from penstock.core.vault.fields import MAX_NAME, NAME, author_of
from penstock.core.vault.keyring import Box, wiped
from penstock.core.vault.models import NewSecret, Owner, Secret, SecretFilter, SecretUse, SecretVersion, UsedSecret
from penstock.core.vault.owners import TOKEN, public_name
from penstock.core.vault.store import SecretTransaction
from penstock.core.vault.vault import Vault
from penstock.kit.clock import Clock
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import MAX_ID, IdSource, OrgId, Prefix, SecretId, decode, encode
from penstock.kit.paging import Page, decode_cursor, page_of

MAX_SECRETS = 1_000
"""With a name, per organisation."""
MAX_VALUE_BYTES = 65_536
KEPT_VERSIONS = 10
USES_SHOWN = 10
"""The uses that are part of a secret, and of the error about a secret in use. The rest is listed separately."""


Listener = Callable[[int], None]
"""Called with the number of an owner's id."""


class SecretService:
    """Secrets of an organisation."""

    def __init__(
        self,
        *,
        database: OrganizationDatabase[SecretTransaction],
        vault: Vault,
        trail: AuditTrail,
        ids: IdSource,
        clock: Clock,
    ) -> None:
        self._database = database
        self._vault = vault
        self._trail = trail
        self._ids = ids
        self._clock = clock
        self._listeners: dict[str, list[Listener]] = defaultdict(list)

    def subscribe(self, kind: str, listener: Listener) -> None:
        """Call `listener` after a commit that changed a secret which an owner of this kind uses."""
        self._listeners[kind].append(listener)

    async def create(self, actor: Actor, new: NewSecret) -> UsedSecret:
        """Create a secret with a name and its first version.

        Raises:
            InvalidInput: the name or the value is invalid; the error names the field.
            SecretExists, SecretLimitReached.
            Unavailable: the master key cannot be reached; retry later.
        """
        _check_name(new.name)
        box, now_us = await self._checked_box(actor.org_id, new.value), self._clock.now_us()
        secret = Secret(
            id=self._ids.next(SecretId),
            name=new.name,
            description=new.description,
            version=1,
            created_by=author_of(actor),
            created_us=now_us,
            updated_us=now_us,
        )
        async with self._database.transaction(actor.org_id) as tx:
            if await tx.secrets.find_by_name(new.name) is not None:
                raise SecretExists(name=new.name)
            if await tx.secrets.count_named() >= MAX_SECRETS:
                raise SecretLimitReached(limit=MAX_SECRETS)
            with wiped(bytearray(new.value.encode())) as content:
                await tx.secrets.create(secret, await self._vault.sealed(box, secret, content, secret.created_by))
            await self._trail.record(tx, actor, "secret.create", _target(secret))
        return UsedSecret(secret)

    async def list(self, actor: Actor, filters: SecretFilter, limit: int, cursor: str | None) -> Page[UsedSecret]:
        """A page of secrets, newest first, each with its first uses.

        A caller who reaches only what is granted sees no seeds of tokens: these would show which tokens there are.
        """
        key = decode_cursor(cursor, tuple[int])
        filters = msgspec.structs.replace(filters, hidden_kind=TOKEN if actor.granted_only else None)
        async with self._database.snapshot(actor.org_id) as tx:
            found = await tx.secrets.list(filters, limit + 1, key[0] if key else MAX_ID)
            page = page_of(found, limit, lambda last: (last.id,))
            return Page(items=await _used(tx, page.items), next_cursor=page.next_cursor)

    async def get(self, actor: Actor, secret_id: SecretId) -> UsedSecret:
        """One secret with its first uses.

        Raises:
            SecretNotFound: the caller's organisation has no secret with this id.
        """
        async with self._database.snapshot(actor.org_id) as tx:
            return (await _used(tx, [await _get(tx, actor, secret_id)]))[0]

    async def describe(self, actor: Actor, secret_id: SecretId, description: str) -> UsedSecret:
        """Change the description of a secret.

        Raises:
            SecretNotFound, SecretManaged.
        """
        async with self._database.transaction(actor.org_id) as tx:
            before = await _get_named(tx, actor, secret_id)
            after = msgspec.structs.replace(before, description=description, updated_us=self._clock.now_us())
            await tx.secrets.update(after)
            old, new = {"description": before.description}, {"description": description}
            await self._trail.record(tx, actor, "secret.update", _target(after), before=old, after=new)
            return (await _used(tx, [after]))[0]

    async def add_version(self, actor: Actor, secret_id: SecretId, value: str) -> SecretVersion:
        """Replace the value of a secret, for all that use it.

        Raises:
            InvalidInput: the value is invalid.
            SecretNotFound, SecretManaged.
            Unavailable: the master key cannot be reached; retry later.
        """
        return await self._add(actor, secret_id, value, "secret.add_version")

    async def versions(self, actor: Actor, secret_id: SecretId) -> Sequence[SecretVersion]:
        """The stored versions of a secret, newest first.

        Raises:
            SecretNotFound.
        """
        async with self._database.snapshot(actor.org_id) as tx:
            await _get(tx, actor, secret_id)
            return await tx.secrets.versions(secret_id)

    async def restore_version(self, actor: Actor, secret_id: SecretId, version: int) -> SecretVersion:
        """Make the value of an older version current again, as a new version.

        Raises:
            SecretNotFound, SecretManaged, SecretVersionNotFound.
            SecretShredded, SecretDamaged, KeysMissing: it cannot be decrypted.
            Unavailable: the master key cannot be reached; retry later.
        """
        async with self._database.snapshot(actor.org_id) as tx:
            await _get_named(tx, actor, secret_id)
            old = await _version(tx, secret_id, version)
        with wiped(await self._vault.content(actor.org_id, old)) as content:
            return await self._add(actor, secret_id, content.decode(), "secret.restore_version", restored=version)

    async def read(self, actor: Actor, secret_id: SecretId, version: int | None = None) -> tuple[SecretVersion, str]:
        """The value of a secret: of the current version, or of another. It is recorded before it is decrypted.

        Raises:
            SecretNotFound, SecretManaged, SecretVersionNotFound.
            SecretShredded, SecretDamaged, KeysMissing: it cannot be decrypted.
            Unavailable: the master key cannot be reached; retry later.
        """
        async with self._database.transaction(actor.org_id) as tx:
            secret = await _get_named(tx, actor, secret_id)
            found = await _version(tx, secret_id, secret.version if version is None else version)
            await self._trail.record(tx, actor, "secret.value.read", _target(secret), version=found.version, flagged=True)
        with wiped(await self._vault.content(actor.org_id, found)) as content:
            return found, content.decode()

    async def uses(self, actor: Actor, secret_id: SecretId, limit: int, cursor: str | None) -> Page[SecretUse]:
        """A page of the uses of a secret, in order; a managed secret is used by its owner.

        Raises:
            SecretNotFound.
        """
        key = decode_cursor(cursor, tuple[str, int, str])
        async with self._database.snapshot(actor.org_id) as tx:
            secret = await _get(tx, actor, secret_id)
            if secret.owner is not None:
                return Page(items=[SecretUse(secret.owner, secret.path)])
            found = await tx.secrets.uses(secret_id, limit + 1, SecretUse(Owner(key[0], key[1]), key[2]) if key else None)
        return page_of(found, limit, lambda last: (last.owner.kind, last.owner.id, last.path))

    async def delete(self, actor: Actor, secret_id: SecretId) -> None:
        """Delete a secret with its versions.

        Raises:
            SecretNotFound, SecretManaged.
            SecretInUse: something uses it; the error names the first of them.
        """
        async with self._database.transaction(actor.org_id) as tx:
            secret = await _get_named(tx, actor, secret_id)
            uses = await tx.secrets.uses(secret_id, USES_SHOWN + 1)
            if uses:
                shown = ", ".join(f"{public_name(one.owner)} ({one.path})" for one in uses[:USES_SHOWN])
                raise SecretInUse(name=secret.name, users=shown + (" and others" if len(uses) > USES_SHOWN else ""))
            await tx.secrets.delete(secret_id)
            await self._trail.record(tx, actor, "secret.delete", _target(secret))

    async def _checked_box(self, org_id: OrgId, value: str) -> Box:
        if not 0 < len(value.encode()) <= MAX_VALUE_BYTES:
            raise InvalidInput.field("value", f"must have 1 to {MAX_VALUE_BYTES} bytes")
        return await self._vault.box(org_id)

    async def _add(
        self, actor: Actor, secret_id: SecretId, value: str, action: str, restored: int | None = None
    ) -> SecretVersion:
        box, now_us = await self._checked_box(actor.org_id, value), self._clock.now_us()
        async with self._database.transaction(actor.org_id) as tx:
            before = await _get_named(tx, actor, secret_id)
            after = msgspec.structs.replace(before, version=before.version + 1, updated_us=now_us)
            with wiped(bytearray(value.encode())) as content:
                version = await self._vault.sealed(box, after, content, author_of(actor))
            await tx.secrets.add_version(after, version, KEPT_VERSIONS)
            owners = {one.owner for one in await tx.secrets.uses(secret_id, MAX_ID)}
            await self._trail.record(tx, actor, action, _target(after), version=after.version, restored=restored)
        self._announce(actor.org_id, owners)
        return version

    @repeated_after_commit
    def _announce(self, org_id: OrgId, owners: Iterable[Owner]) -> None:
        """A secret that these owners use has changed."""
        for owner in owners:
            self._vault.forget(org_id, owner)
            for listener in self._listeners[owner.kind]:
                listener(owner.id)


async def _get(tx: SecretTransaction, actor: Actor, secret_id: SecretId) -> Secret:
    secret = await tx.secrets.find(secret_id)
    if secret is None or (actor.granted_only and secret.owner is not None and secret.owner.kind == TOKEN):
        raise SecretNotFound(secret=encode(Prefix.SECRET, secret_id))
    return secret


async def _get_named(tx: SecretTransaction, actor: Actor, secret_id: SecretId) -> Secret:
    secret = await _get(tx, actor, secret_id)
    if secret.owner is not None:
        raise SecretManaged(owner=public_name(secret.owner))
    return secret


async def _version(tx: SecretTransaction, secret_id: SecretId, version: int) -> SecretVersion:
    found = await tx.secrets.find_version(secret_id, version)
    if found is None:
        raise SecretVersionNotFound(version=version)
    return found


async def _used(tx: SecretTransaction, secrets: Sequence[Secret]) -> list[UsedSecret]:
    """Secrets with their first uses. A managed secret is used by its owner."""
    named = [one.id for one in secrets if one.owner is None]
    uses: dict[SecretId, list[SecretUse]] = defaultdict(list)
    totals: dict[SecretId, int] = {}
    for using in await tx.secrets.uses_of(named, USES_SHOWN) if named else ():
        uses[using.secret_id].append(using.use)
        totals[using.secret_id] = using.total
    for one in secrets:
        if one.owner is not None:
            uses[one.id], totals[one.id] = [SecretUse(one.owner, one.path)], 1
    return [UsedSecret(one, tuple(uses[one.id]), totals.get(one.id, 0)) for one in secrets]


def _check_name(name: str) -> None:
    if len(name) > MAX_NAME or not NAME.fullmatch(name):
        allowed = "letters, digits, dots, dashes and underscores, and begin and end with a letter or digit"
        raise InvalidInput.field("name", f"must contain only {allowed}")
    if decode(Prefix.SECRET, name) is not None:
        raise InvalidInput.field("name", "must not have the form of a secret's id: commands take either")


def _target(secret: Secret) -> Target:
    return Target("secret", encode(Prefix.SECRET, secret.id), secret.name or "")
