"""Encrypted values, the secrets that contain them, and the keys of organisations."""

from __future__ import annotations

import msgspec

from penstock.kit.ids import SecretId
from penstock.kit.secret import hides

SecretPaths = dict[str, str]
"""The paths of an owner's secrets, each with the name of the secret that it refers to, or an empty string."""


class Sealed(msgspec.Struct, frozen=True, gc=False):
    """An encrypted value: its data key, wrapped by version `key_version` of the organisation's key, and the content.

    Both are a nonce, then the ciphertext with its tag.
    """

    key_version: int
    data_key: bytes
    content: bytes


class WrappedKey(msgspec.Struct, frozen=True):
    """A key that the master key with this name encrypted."""

    master: str
    wrapped: bytes


class KeyVersion(msgspec.Struct, frozen=True):
    """One version of an organisation's key, wrapped by the master key with this name."""

    version: int
    master: str
    wrapped: bytes
    created_us: int


class OrganizationKeys(msgspec.Struct, frozen=True):
    """All versions of an organisation's key, oldest first: the last one encrypts, all of them decrypt.

    Versions up to `shredded` were destroyed at `shredded_us`: what they encrypted cannot be decrypted by anybody.
    """

    versions: tuple[KeyVersion, ...] = ()
    shredded: int = 0
    shredded_us: int | None = None

    @property
    def current(self) -> int:
        """The version that encrypts; 0 if there is none."""
        return self.versions[-1].version if self.versions else 0

    @property
    def newest(self) -> int:
        """The highest version that there is or was."""
        return max(self.current, self.shredded)


class Owner(msgspec.Struct, frozen=True):
    """What a managed secret belongs to: the kind of thing, such as `webhook`, and the number of its id."""

    kind: str
    id: int


class SecretUse(msgspec.Struct, frozen=True):
    """That an owner uses a secret with a name, under a path of its own."""

    owner: Owner
    path: str


class Secret(msgspec.Struct, frozen=True, kw_only=True):
    """A secret, without its content.

    Either a user gave it a `name`, or it is managed: it belongs to an `owner`, and `path` says which of the owner's secrets it
    is. `version` is the current one; versions count from 1. `created_by` is the public id of the user or key.
    """

    id: SecretId
    name: str | None = None
    owner: Owner | None = None
    path: str = ""
    description: str = ""
    version: int
    created_by: str
    created_us: int
    updated_us: int


class SecretVersion(msgspec.Struct, frozen=True, kw_only=True):
    """One version of a secret, encrypted."""

    secret_id: SecretId
    version: int
    sealed: Sealed
    created_by: str
    created_us: int


class SecretFilter(msgspec.Struct, frozen=True, kw_only=True):
    """The secrets to list; None matches all. `text` is searched for in the name, `name` is the whole name.

    `managed` selects those that belong to an owner, or those with a name. Those of owners of the `hidden_kind` are left out.
    """

    text: str | None = None
    name: str | None = None
    managed: bool | None = None
    owner_kind: str | None = None
    hidden_kind: str | None = None


class UsedSecret(msgspec.Struct, frozen=True):
    """A secret, the first of its uses, and how many there are."""

    secret: Secret
    uses: tuple[SecretUse, ...] = ()
    total: int = 0


@hides("value")
class NewSecret(msgspec.Struct, frozen=True, kw_only=True):
    """The fields of a secret to create."""

    name: str
    value: str
    description: str = ""
