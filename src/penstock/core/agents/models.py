"""Pair codes, pairings, and the claims of an agent's token."""

from __future__ import annotations

import msgspec

from penstock.core.devices.models import DeviceRef
from penstock.kit.ids import DeviceId, OrgId
from penstock.kit.secret import hides


@hides("code")
class PairCode(msgspec.Struct, frozen=True, kw_only=True):
    """A code that can be exchanged once for an agent's token, until `expires_us`."""

    code: str
    device_id: DeviceId
    expires_us: int


class OpenCode(msgspec.Struct, frozen=True, kw_only=True):
    """A pair code that can be exchanged. If a token was issued for it, only that agent can exchange it again.

    `agent_id` is the agent's own name for itself, and `token_id` identifies the token; both are empty before the exchange.
    """

    org_id: OrgId
    device_id: DeviceId
    agent_id: str
    token_id: str


class Pairing(msgspec.Struct, frozen=True, kw_only=True):
    """The agent that acts for a device. `token_id` identifies the only valid token; a new pairing replaces it."""

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
    """A token's payload. `sub` and `org` are public ids, `jti` is the pairing's `token_id`, `iat` is in seconds since the
    epoch.

    It has no expiry: a device remains paired until it is paired again, unpaired or deleted, which is recorded in the store.

    Source: RFC 7519; `org` is our own claim.
    """

    iss: str
    aud: str
    sub: str
    org: str
    jti: str
    iat: int


class AgentDescription(msgspec.Struct, frozen=True, kw_only=True):
    """What an agent reports about itself when it is paired; each is empty if unknown.

    `agent_id` is random, and the agent keeps it until it is paired: a repeated call is that of the same agent.
    """

    agent_id: str = ""
    macaddress: str = ""
    agent_version: str = ""


@hides("token")
class Provisioned(msgspec.Struct, frozen=True, kw_only=True):
    """The token of a new pairing, shown only here."""

    token: str
    device_id: DeviceId


class Agent(msgspec.Struct, frozen=True, kw_only=True):
    """An authenticated agent: its device, and the id of its token."""

    device: DeviceRef
    token_id: str
