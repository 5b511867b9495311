"""API keys over the native API, exactly as on the wire."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from penstock.api.v2.wire import Id, Name, NewestFirst
from penstock.core.tenancy.models import KeyStatus, SingleUse
from penstock.kit.secret import hides
from penstock.kit.wire_types import one_of

Scopes = Annotated[list[Annotated[str, Meta(max_length=64)]], Meta(max_length=200)]
Time = Annotated[str, Meta(max_length=40)]
Network = Annotated[str, Meta(max_length=64)]
Style = Annotated[str, Meta(extra={"choice": "key_style"})]
"""A style that is installed: the core rejects others, and bootstrap tells the OpenAPI document which those are."""
KeyStatusName = Literal["active", "rotated", "revoked", "expired", "spent"]


class KeyCreate(Struct, frozen=True, forbid_unknown_fields=True):
    """A key to create. All restrictions are optional; without scopes the key grants nothing.

    `single_use`: with `bind` the key works only from the address of its first call; with `spend` it works for one call only.
    With `project_id` the key can access only that project. `style` determines only the format of the value. A key that creates
    another one hands its own restrictions down: they apply if the field is omitted, and a wider one is rejected.
    """

    name: Name
    scopes: Scopes = []
    expires_at: Time | None = None
    allowed_cidrs: Annotated[list[Network], Meta(max_length=50)] = []
    single_use: Literal["bind", "spend"] | None = None
    calls_per_minute: Annotated[int, Meta(ge=1, le=1_000_000)] | None = None
    project_id: Id | None = None
    style: Style = "penstock"


class KeyPatch(Struct, frozen=True, forbid_unknown_fields=True):
    """A key's new name. Nothing else of a key can be changed."""

    name: Name


class KeyRotate(Struct, frozen=True, forbid_unknown_fields=True):
    """For how many seconds the old value remains valid: at most seven days."""

    overlap_s: Annotated[int, Meta(ge=0, le=604_800)] = 0


class KeyQuery(NewestFirst, frozen=True, forbid_unknown_fields=True):
    """Filters for keys. `q` is searched for in name and prefix."""

    status: KeyStatusName | None = None


class Key(Struct, frozen=True):
    """An API key without its value. `expired` and `spent` follow from the dates; a rotated key names its successor.

    `root` is who answers for the key: the id of a user, or `operator` for the command line, and for a sign-up until its owner has
    joined. Keys made by a key have its root, and a rotated key keeps it. `effective_scopes` are the scopes that the root also has
    now: none if the user is suspended.
    """

    id: str
    name: str
    prefix: str
    style: str
    status: Annotated[str, one_of(*KeyStatus)]
    scopes: list[str]
    effective_scopes: list[str]
    allowed_cidrs: list[str]
    single_use: Annotated[str, one_of(*SingleUse)] | None
    used_from: str | None
    calls_per_minute: int | None
    project_id: str | None
    created_at: str
    created_by: str
    root: str
    expires_at: str | None
    rotated_at: str | None
    valid_until: str | None
    replaced_by: str | None
    revoked_at: str | None
    last_used_at: str | None
    last_used_from: str


@hides("value")
class CreatedKey(Struct, frozen=True):
    """A key and its value. Copy the value now: it is not shown again."""

    key: Key
    value: str
    warning: str = "copy the value now, it is not shown again"


class ScopeInfo(Struct, frozen=True):
    """A scope and what it allows."""

    name: str
    description: str
