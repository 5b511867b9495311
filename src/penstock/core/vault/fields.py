"""Secrets in the fields of other nouns: a field of a connection, a channel or a webhook takes a value, or refers to a secret.

`secret://NAME` refers to the secret with that name. Who can let a connection or a webhook use a secret can have it sent to a
server of their own, so a reference requires the scope that reads values. An owner's row records the paths of its secrets, each
with the name of the secret that it refers to, which is empty for a value of its own: names never change.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

import msgspec

from penstock.core.actor import Actor, ActorKind
from penstock.core.database import OrganizationDatabase
from penstock.core.vault.errors import KeysMissing, MasterKeyWrong, SecretDamaged, SecretShredded, SecretsUnreadable
from penstock.core.vault.keyring import Box, wiped
from penstock.core.vault.models import Owner, SecretPaths, SecretVersion
from penstock.core.vault.store import HasSecrets
from penstock.core.vault.vault import Vault
from penstock.kit.errors import InvalidInput, Kind, PenstockError, Unavailable
from penstock.kit.ids import OrgId, Prefix, text_of
from penstock.kit.secret import hides

_PREFIXES: dict[ActorKind, str] = {ActorKind.KEY: Prefix.KEY, ActorKind.USER: Prefix.USER, ActorKind.DEVICE: Prefix.DEVICE}
SCHEME = "secret://"
REVEAL = "secrets:reveal"
"""The scope that a reference requires."""
MAX_NAME = 100
NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?", re.ASCII)
_NO_BOX_NEEDED = "a reference is not encrypted"


@hides("values")
class Given(msgspec.Struct, frozen=True, kw_only=True):
    """The secrets that a caller supplied for an owner, by path.

    `values` are those that will be used, `names` those of the secrets that some of them refer to. `box` encrypts the others.
    Errors about a path name the field `within` and the path.
    """

    values: dict[str, str]
    names: dict[str, str]
    box: Box | None
    within: str = ""

    @property
    def paths(self) -> SecretPaths:
        """The paths as the owner's row records them."""
        return {path: self.names.get(path, "") for path in self.values}


class SecretFields:
    """Stores and reads the secrets of owners, in the form of their fields: text by path."""

    def __init__(self, vault: Vault, database: OrganizationDatabase[HasSecrets]) -> None:
        self._vault = vault
        self._database = database

    async def given(self, actor: Actor, sent: Mapping[str, str], within: str = "") -> Given:
        """Look up what a caller sent, before the transaction that stores it.

        Raises:
            ScopeMissing: one of them is a reference, and the caller must not read secrets.
            InvalidInput: it refers to no secret; the error names the field.
            SecretsUnreadable: the secret that it refers to cannot be decrypted.
            Unavailable: the master key cannot be reached; retry later.
        """
        names = {path: name for path, value in sent.items() if (name := referred_name(value, within + path)) is not None}
        values = dict(sent)
        if names:
            actor.require(REVEAL)
            versions = {}
            async with self._database.snapshot(actor.org_id) as tx:
                for path, name in names.items():
                    versions[path] = await _current(tx, name, within + path)
            for path, version in versions.items():
                values[path] = await self._text(actor.org_id, version)
        box = await self._vault.box(actor.org_id) if len(names) < len(sent) else None
        return Given(values=values, names=names, box=box, within=within)

    async def store(self, tx: HasSecrets, actor: Actor, owner: Owner, given: Given) -> None:
        """Store the secrets of an owner, in the transaction that changes it. The caller calls `forget` after the commit.

        Raises:
            InvalidInput: a secret that was referred to has been deleted since.
        """
        for path, value in given.values.items():
            name = given.names.get(path)
            if name is not None:
                secret = await tx.secrets.find_by_name(name)
                if secret is None:
                    raise _unknown(name, given.within + path)
                await self._vault.refer(tx, owner, path, secret)
                continue
            assert given.box is not None, _NO_BOX_NEEDED
            with wiped(bytearray(value.encode())) as content:
                await self._vault.put(tx, given.box, owner, path, content, author_of(actor))

    async def drop(self, tx: HasSecrets, owner: Owner, paths: Iterable[str]) -> None:
        """Delete some of an owner's secrets, in the transaction that changes it."""
        for path in paths:
            await self._vault.drop(tx, owner, path)

    async def drop_all(self, tx: HasSecrets, owner: Owner) -> None:
        """Delete an owner's secrets, in the transaction that deletes it."""
        await self._vault.drop(tx, owner)

    async def move(self, tx: HasSecrets, owner: Owner, path: str, to: str) -> bool:
        """Move an owner's secret, or its reference, to another path, and delete what was there. Returns whether it had one."""
        await self._vault.drop(tx, owner, to)
        return await tx.secrets.move(owner, path, to)

    def forget(self, org_id: OrgId, owner: Owner) -> None:
        """Read an owner's secrets again the next time: after a commit that changed them."""
        self._vault.forget(org_id, owner)

    async def read(self, org_id: OrgId, owner: Owner, paths: Mapping[str, str]) -> dict[str, str]:
        """The secrets of an owner under some paths, as they are used. Not inside a transaction.

        Raises:
            SecretsUnreadable: one of them is missing or cannot be decrypted.
            Unavailable: the master key cannot be reached; retry later.
        """
        if not paths:
            return {}
        with _divided():
            found = await self._vault.read(org_id, owner)
        texts = {path: _taken(content) for path, content in found.items()}
        if not paths.keys() <= texts.keys():
            raise SecretsUnreadable(reason="they were encrypted with the secret of another server; enter them again")
        return {path: texts[path] for path in paths}

    async def _text(self, org_id: OrgId, version: SecretVersion) -> str:
        with _divided():
            return _taken(await self._vault.content(org_id, version))


def referred_name(value: str, field: str) -> str | None:
    """The name of the secret that a value refers to; None if it is a value of its own.

    Raises:
        InvalidInput: it is a reference without a valid name.
    """
    if not value.startswith(SCHEME):
        return None
    name = value.removeprefix(SCHEME)
    if len(name) > MAX_NAME or not NAME.fullmatch(name):
        raise InvalidInput.field(field, f"must be {SCHEME} followed by the name of a secret")
    return name


def author_of(actor: Actor) -> str:
    """The public id of the user or key that stores a secret; `system` for the server itself."""
    prefix = _PREFIXES.get(actor.kind)
    return "system" if prefix is None else text_of(prefix, actor.id)


@contextmanager
def _divided() -> Iterator[None]:
    """Divides the errors of the vault into those that last and those that pass.

    Raises:
        SecretsUnreadable, Unavailable.
    """
    try:
        yield
    except (SecretShredded, SecretDamaged, KeysMissing, MasterKeyWrong) as error:
        raise SecretsUnreadable(reason=error.detail) from None
    except PenstockError as error:
        if error.kind is not Kind.UNAVAILABLE:
            raise
        raise Unavailable(reason=error.detail) from None


async def _current(tx: HasSecrets, name: str, field: str) -> SecretVersion:
    secret = await tx.secrets.find_by_name(name)
    version = None if secret is None else await tx.secrets.find_version(secret.id, secret.version)
    if version is None:
        raise _unknown(name, field)
    return version


def _unknown(name: str, field: str) -> InvalidInput:
    return InvalidInput.field(field, f"refers to the secret {name}, which does not exist", "unknown")


def _taken(content: bytearray) -> str:
    with wiped(content) as text:
        return text.decode()
