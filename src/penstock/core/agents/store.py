"""The stores of agents."""

from __future__ import annotations

from typing import Protocol

from penstock.core.agents.models import AgentKey, OpenCode, Pairing
from penstock.core.database import OpensOrganizations
from penstock.core.devices.store import DeviceTransaction
from penstock.kit.ids import DeviceId


class AgentStore(Protocol):
    """Pair codes and pairings of the transaction's organisation."""

    async def set_code(self, device_id: DeviceId, digest: bytes, now_us: int, expires_us: int) -> None:
        """Store the keyed hash of a device's pair code, replacing the previous one."""

    async def find(self, device_id: DeviceId) -> Pairing | None:
        """The pairing of a device."""

    async def pair(self, pairing: Pairing) -> None:
        """Store a pairing, replacing the previous one."""

    async def issue_code(self, device_id: DeviceId, agent_id: str, token_id: str) -> None:
        """Record the token that was issued for a device's pair code, and the agent that it was issued to."""

    async def has_issued_code(self, device_id: DeviceId, token_id: str) -> bool:
        """Whether a device has a pair code for which this token was issued."""

    async def drop_code(self, device_id: DeviceId, token_id: str | None = None) -> None:
        """Delete a device's pair code; with `token_id` only the one for which that token was issued."""

    async def describe(self, device_id: DeviceId, token_id: str, macaddress: str, agent_version: str) -> None:
        """Update what the agent with this token reports about itself."""

    async def unpair(self, device_id: DeviceId) -> bool:
        """Delete a device's pairing and its pair code; returns whether there was a pairing."""


class AgentLookup(Protocol):
    """Lookups before the organisation is known, and the signing keys."""

    async def find_code(self, digest: bytes, now_us: int) -> OpenCode | None:
        """The pair code with this keyed hash, or None if it is unknown, used or expired."""

    async def create_key(self, key: AgentKey) -> None:
        """Add a signing key."""

    async def keys(self) -> list[AgentKey]:
        """All signing keys, newest first."""


class HasAgents(Protocol):
    """A transaction with agents."""

    @property
    def agents(self) -> AgentStore:
        """Pair codes and pairings of devices with agents."""


class HasAgentLookup(Protocol):
    """A transaction across organisations with agents."""

    @property
    def agents(self) -> AgentLookup:
        """Pair codes by their hash, and the keys that sign agents' tokens."""


class AgentTransaction(HasAgents, DeviceTransaction, Protocol):
    """The transaction of the use cases on agents."""


class AgentSystemTransaction(HasAgentLookup, OpensOrganizations[AgentTransaction], Protocol):
    """The transaction that finds the organisation of a pair code or token."""
