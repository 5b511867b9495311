"""Secrets over the native API, exactly as on the wire."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from penstock.api.v2.wire import Cursor, Limit
from penstock.core.vault.fields import MAX_NAME
from penstock.core.vault.owners import PREFIXES
from penstock.core.vault.secrets import MAX_VALUE_BYTES
from penstock.kit.secret import hides
from penstock.kit.wire_types import one_of

SecretName = Annotated[str, Meta(min_length=1, max_length=MAX_NAME)]
SecretValue = Annotated[str, Meta(min_length=1, max_length=MAX_VALUE_BYTES)]
Description = Annotated[str, Meta(max_length=1_000)]
OwnerKind = Literal["connection", "channel", "webhook", "token", "sms_account"]
VersionNumber = Annotated[int, Meta(ge=1, le=2**53)]


@hides("value")
class SecretCreate(Struct, frozen=True, forbid_unknown_fields=True):
    """A secret to create. The name never changes: `secret://NAME` refers to it. The value is text of at most 64 KiB."""

    name: SecretName
    value: SecretValue
    description: Description = ""


class SecretPatch(Struct, frozen=True, forbid_unknown_fields=True):
    """A change of a secret. Its value is changed by adding a version."""

    description: Description


@hides("value")
class SecretVersionCreate(Struct, frozen=True, forbid_unknown_fields=True):
    """A new value, which replaces the current one."""

    value: SecretValue


class SecretQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Filters for secrets.

    `q` is searched for in the name, `name` is the whole name. `managed` selects the secrets that belong to a connection, a
    channel, a webhook, a token or an SMS account, or those with a name; `owner_kind` those of one kind of owner.
    """

    limit: Limit = 100
    cursor: Cursor | None = None
    q: SecretName | None = None
    name: SecretName | None = None
    managed: bool | None = None
    owner_kind: OwnerKind | None = None


class SecretUse(Struct, frozen=True):
    """What uses a secret: its kind, its id, and its field."""

    kind: Annotated[str, one_of(*PREFIXES)]
    id: str
    field: str


class Secret(Struct, frozen=True):
    """A secret, without its value.

    `name` is null for a managed secret: it belongs to the only entry of `used_by`, where it is changed. `used_by` has the first
    ten uses, and `uses` is the number of all. `version` is the current one.
    """

    id: str
    name: str | None
    managed: bool
    description: str
    version: int
    uses: int
    used_by: list[SecretUse]
    created_by: str
    created_at: str
    updated_at: str


class SecretVersion(Struct, frozen=True):
    """A version of a secret, without its value."""

    version: int
    created_by: str
    created_at: str


@hides("value")
class SecretContent(Struct, frozen=True):
    """The value of a version of a secret."""

    version: int
    value: str


class SecretValueQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """The version to read: the current one by default."""

    version: VersionNumber | None = None
