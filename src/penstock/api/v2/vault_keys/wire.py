"""Keys over the native API, exactly as on the wire."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

Master = Literal["file", "env", "transit"]


class KeyVersion(Struct, frozen=True):
    """A version of the organisation's key."""

    version: int
    created_at: str


class Keys(Struct, frozen=True):
    """The organisation's key. The `current` version encrypts; it is 0 before the first secret, and after keys were destroyed.

    `stale_values` are still under older versions, and are encrypted again in the background. Versions up to `shredded_up_to` were
    destroyed. `master` is where the master key of the server is.
    """

    current: int
    versions: list[KeyVersion]
    stale_values: int
    shredded_up_to: int | None
    shredded_at: str | None
    master: Master


class Shred(Struct, frozen=True, forbid_unknown_fields=True):
    """Confirms that keys are to be destroyed, by the name of the organisation."""

    organization_name: Annotated[str, Meta(max_length=200)]
