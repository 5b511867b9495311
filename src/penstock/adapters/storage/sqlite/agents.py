"""Pair codes, pairings and agents' signing keys: maps rows to models."""

from __future__ import annotations

import msgspec

from penstock.adapters.storage.sqlite.connection import Session
from penstock.core.agents.models import AgentKey, Pairing
from penstock.kit.ids import DeviceId, OrgId


class SqliteAgents:
    """Implements `AgentStore`."""

    def __init__(self, session: Session, org_id: OrgId) -> None:
        self._session = session
        self._org_id = org_id

    async def set_code(self, device_id: DeviceId, digest: bytes, now_us: int, expires_us: int) -> None:
        await self._session.run("drop_pair_code", {"org_id": self._org_id, "device_id": device_id})
        params = {"digest": digest, "now_us": now_us, "expires_us": expires_us}
        await self._session.run("create_pair_code", params | {"org_id": self._org_id, "device_id": device_id})

    async def find(self, device_id: DeviceId) -> Pairing | None:
        row = await self._session.one("find_agent_pairing", {"org_id": self._org_id, "device_id": device_id})
        return Pairing(**dict(row)) if row else None

    async def pair(self, pairing: Pairing) -> None:
        await self._session.run("drop_agent_pairing", {"org_id": self._org_id, "device_id": pairing.device_id})
        await self._session.run("create_agent_pairing", msgspec.structs.asdict(pairing) | {"org_id": self._org_id})

    async def unpair(self, device_id: DeviceId) -> bool:
        named = {"org_id": self._org_id, "device_id": device_id}
        await self._session.run("drop_pair_code", named)
        return await self._session.run("drop_agent_pairing", named) == 1


class SqliteSystemAgents:
    """Implements `AgentLookup`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def use_code(self, digest: bytes, now_us: int) -> tuple[OrgId, DeviceId] | None:
        row = await self._session.one("use_pair_code", {"digest": digest, "now_us": now_us})
        return (row["org_id"], row["device_id"]) if row else None

    async def create_key(self, key: AgentKey) -> None:
        await self._session.run("create_agent_key", msgspec.structs.asdict(key))

    async def keys(self) -> list[AgentKey]:
        return [AgentKey(**dict(row)) for row in await self._session.all("list_agent_keys", {})]
