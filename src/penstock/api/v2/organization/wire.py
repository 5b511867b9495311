"""The caller and the organisation's projects over the native API, exactly as on the wire."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from penstock.api.v2.wire import Name
from penstock.core.tenancy.models import Platform
from penstock.kit.wire_types import one_of

Alias = Annotated[
    str,
    Meta(pattern=r"^[0-9a-f]{24}$(?!\n)", min_length=24, max_length=24, extra={"form": "24 lower-case hexadecimal digits"}),
]
PlatformName = Literal["Raspberry Pi", "ARMv5", "ARMv6", "AMD64", "i386"]


class Project(Struct, frozen=True):
    """A group of devices. `alias` is an id of 24 hexadecimal digits, `platform` the platform of its agents."""

    id: str
    name: str
    is_default: bool
    created_at: str
    alias: str
    platform: Annotated[str, one_of(*Platform)]


class ProjectCreate(Struct, frozen=True, forbid_unknown_fields=True):
    """A project to create. Set `alias` to keep the one that the project has elsewhere; otherwise one is created."""

    name: Name
    alias: Alias | None = None
    platform: PlatformName = "AMD64"


class Me(Struct, frozen=True):
    """The owner of a credential: a key, or a signed-in user."""

    organization_id: str
    organization_name: str
    plan: str
    key_id: str | None
    user_id: str | None
    scopes: list[str]
