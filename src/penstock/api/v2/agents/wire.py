"""Agents over the native API, exactly as on the wire."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from penstock.kit.secret import hides

Word = Annotated[str, Meta(max_length=64)]


@hides("pair_code")
class PairCode(Struct, frozen=True):
    """A code for `penstock-agent provision`. It works once, and not after `expires_at`."""

    device_id: str
    pair_code: str
    expires_at: str


@hides("pair_code")
class Provision(Struct, frozen=True, forbid_unknown_fields=True):
    """What an agent shows to be paired, and what it says of itself."""

    pair_code: Annotated[str, Meta(min_length=1, max_length=64)]
    macaddress: Word = ""
    agent_version: Word = ""


@hides("token")
class Provisioned(Struct, frozen=True):
    """The agent's token, seen only here: it opens the WebSocket at `/ws` for this device and nothing else."""

    device_id: str
    token: str


class Pairing(Struct, frozen=True):
    """Which agent speaks for a device; without one the rest is null."""

    paired: bool
    paired_at: str | None = None
    agent_version: str | None = None
    macaddress: str | None = None
