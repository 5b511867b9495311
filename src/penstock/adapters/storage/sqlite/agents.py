"""Pair codes, pairings and agents' signing keys: maps rows to models."""

from __future__ import annotations

import msgspec

from penstock.adapters.storage.sqlite.connection import Session
from penstock.core.agents.models import AgentKey, OpenCode, Pairing
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

    async def issue_code(self, device_id: DeviceId, agent_id: str, token_id: str) -> None:
        issued = {"agent_id": agent_id, "token_id": token_id}
        await self._session.run("issue_pair_code", issued | {"org_id": self._org_id, "device_id": device_id})

    async def has_issued_code(self, device_id: DeviceId, token_id: str) -> bool:
        named = {"org_id": self._org_id, "device_id": device_id, "token_id": token_id}
        return await self._session.one("find_issued_pair_code", named) is not None

    async def drop_code(self, device_id: DeviceId, token_id: str | None = None) -> None:
        named = {"org_id": self._org_id, "device_id": device_id}
        if token_id is None:
            await self._session.run("drop_pair_code", named)
        else:
            await self._session.run("drop_issued_pair_code", named | {"token_id": token_id})

    async def describe(self, device_id: DeviceId, token_id: str, macaddress: str, agent_version: str) -> None:
        about = {"macaddress": macaddress, "agent_version": agent_version, "token_id": token_id}
        await self._session.run("update_agent_pairing", about | {"org_id": self._org_id, "device_id": device_id})

    async def unpair(self, device_id: DeviceId) -> bool:
        named = {"org_id": self._org_id, "device_id": device_id}
        await self._session.run("drop_pair_code", named)
        return await self._session.run("drop_agent_pairing", named) == 1


class SqliteSystemAgents:
    """Implements `AgentLookup`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def find_code(self, digest: bytes, now_us: int) -> OpenCode | None:
        row = await self._session.one("find_pair_code", {"digest": digest, "now_us": now_us})
        return OpenCode(**dict(row)) if row else None

    async def create_key(self, key: AgentKey) -> None:
        await self._session.run("create_agent_key", msgspec.structs.asdict(key))

    async def keys(self) -> list[AgentKey]:
        return [AgentKey(**dict(row)) for row in await self._session.all("list_agent_keys", {})]
