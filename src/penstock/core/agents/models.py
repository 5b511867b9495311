"""Pair codes, pairings, and what stands in an agent's token."""

from __future__ import annotations

import msgspec

from penstock.core.devices.models import DeviceRef
from penstock.kit.ids import DeviceId
from penstock.kit.secret import hides


@hides("code")
class PairCode(msgspec.Struct, frozen=True, kw_only=True):
    """A code that turns into an agent's token once, until `expires_us`."""

    code: str
    device_id: DeviceId
    expires_us: int


class Pairing(msgspec.Struct, frozen=True, kw_only=True):
    """The agent that speaks for a device. `token_id` names the one token that counts; a new pairing replaces it."""

    device_id: DeviceId
    token_id: str
    macaddress: str
    agent_version: str
    paired_us: int


class AgentKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key that signs agents' tokens: RSA, the public part as DER, the private part sealed."""

    kid: str
    public: bytes
    sealed: bytes
    created_us: int


class Claims(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A token's payload. `sub` and `org` are public ids, `jti` the pairing's `token_id`, `iat` seconds since the epoch.

    There is no end in it: a device stays paired until it is paired anew, unpaired or deleted, which the store knows.

    Source: RFC 7519; `org` is ours.
    """

    iss: str
    aud: str
    sub: str
    org: str
    jti: str
    iat: int


@hides("token")
class Provisioned(msgspec.Struct, frozen=True, kw_only=True):
    """The token of a new pairing, seen only here."""

    token: str
    device_id: DeviceId


class Agent(msgspec.Struct, frozen=True, kw_only=True):
    """An agent that showed a good token: its device, and which token it was."""

    device: DeviceRef
    token_id: str
