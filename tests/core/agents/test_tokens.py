"""The first key of agents' tokens, made while several devices are paired at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from penstock.adapters.signatures import Ed25519Signatures
from penstock.core.agents.models import AgentKey, Pairing
from penstock.core.agents.tokens import AgentTokens
from penstock.kit.clock import SystemClock
from penstock.kit.ids import DeviceId, OrgId

PAIRING = Pairing(device_id=DeviceId(2), token_id="t", macaddress="", agent_version="", paired_us=5)


class Keys:
    """The store of keys, and a database with nothing else in it. The first reader is answered last."""

    def __init__(self) -> None:
        self.made: list[AgentKey] = []
        self.slow = asyncio.Event()
        self.writable = asyncio.Event()
        self.writable.set()
        self._asked = 0
        self.agents = self

    async def keys(self) -> list[AgentKey]:
        found = list(self.made)
        self._asked += 1
        if self._asked == 1:
            await self.slow.wait()
        return found

    async def create_key(self, key: AgentKey) -> None:
        self.made.append(key)

    @asynccontextmanager
    async def system(self) -> AsyncIterator[Any]:
        await self.writable.wait()
        yield self

    @asynccontextmanager
    async def system_snapshot(self) -> AsyncIterator[Any]:
        yield self


class Open:
    """A box that hides nothing."""

    def seal(self, plain: bytes, _context: str) -> bytes:
        return plain

    def open(self, sealed: bytes, _context: str) -> bytes:
        return sealed


async def test_an_answer_from_before_the_first_key_takes_it_from_nobody() -> None:
    keys = Keys()
    tokens = AgentTokens(
        database=keys,  # type: ignore[arg-type]
        signatures=Ed25519Signatures(),
        box=Open(),  # type: ignore[arg-type]
        clock=SystemClock(),
        issuer="test",
    )
    late = asyncio.create_task(tokens.prepare())
    await asyncio.sleep(0)
    await tokens.prepare()
    keys.writable.clear()
    keys.slow.set()
    for _ in range(5):
        await asyncio.sleep(0)
    assert await tokens.verify(tokens.sign(OrgId(1), PAIRING).encode()) is not None
    keys.writable.set()
    await late
    assert len(keys.made) == 1
