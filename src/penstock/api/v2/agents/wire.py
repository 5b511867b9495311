"""Agents over the native API, exactly as on the wire."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from penstock.kit.secret import hides

Word = Annotated[str, Meta(max_length=64)]


@hides("pair_code")
class PairCode(Struct, frozen=True):
    """A code for `penstock-agent provision`. It works once, until `expires_at`."""

    device_id: str
    pair_code: str
    expires_at: str


@hides("pair_code")
class Provision(Struct, frozen=True, forbid_unknown_fields=True):
    """A pair code, and the agent's description of itself.

    `agent_id` is a random name that the agent keeps until it is paired. With it, the call can be repeated until
    `/api/v2/agents/confirm`; without it, the code works once.
    """

    pair_code: Annotated[str, Meta(min_length=1, max_length=64)]
    macaddress: Word = ""
    agent_version: Word = ""
    agent_id: Word = ""


@hides("token")
class Confirm(Struct, frozen=True, forbid_unknown_fields=True):
    """The token that the agent has stored."""

    token: Annotated[str, Meta(min_length=1, max_length=4_096)]


@hides("token")
class Provisioned(Struct, frozen=True):
    """The agent's token, returned only here. It opens the WebSocket at `/ws` for this device and grants nothing else."""

    device_id: str
    token: str


class Pairing(Struct, frozen=True):
    """The agent that is paired with a device. If there is none, the other fields are null."""

    paired: bool
    paired_at: str | None = None
    agent_version: str | None = None
    macaddress: str | None = None
