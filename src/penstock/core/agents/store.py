"""What the use cases of agents need of a store."""

from __future__ import annotations

from typing import Protocol

from penstock.core.agents.models import AgentKey, Pairing
from penstock.core.audit.store import HasAudit
from penstock.core.database import OpensOrganizations
from penstock.core.devices.store import HasDevices
from penstock.kit.ids import DeviceId, OrgId


class AgentStore(Protocol):
    """Pair codes and pairings of the transaction's organisation."""

    async def set_code(self, device_id: DeviceId, digest: bytes, now_us: int, expires_us: int) -> None:
        """Keep the keyed hash of a device's pair code in place of the one before."""

    async def find(self, device_id: DeviceId) -> Pairing | None:
        """The pairing of a device."""

    async def pair(self, pairing: Pairing) -> None:
        """Put a pairing in place of the one before."""

    async def unpair(self, device_id: DeviceId) -> bool:
        """Remove a device's pairing and its pair code; whether there was a pairing."""


class AgentLookup(Protocol):
    """What is known before the organisation is, and the keys that sign."""

    async def use_code(self, digest: bytes, now_us: int) -> tuple[OrgId, DeviceId] | None:
        """Use up the pair code with this keyed hash: organisation and device, or None when nobody has it (any more)."""

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
        """Pair codes by what an agent shows, and the keys that sign agents' tokens."""


class AgentTransaction(HasAgents, HasDevices, HasAudit, Protocol):
    """What use cases on agents work with."""


class AgentSystemTransaction(HasAgentLookup, OpensOrganizations[AgentTransaction], Protocol):
    """What finds whose pair code or token an agent shows."""
