"""The master key that the settings name, and those from which its keys still have to be moved.

So the place of the master key can be changed as the master key itself is rotated: the old one unwraps, the new one wraps.
"""

from __future__ import annotations

from collections.abc import Sequence

from penstock.core.vault.models import WrappedKey
from penstock.core.vault.ports import MasterKey


class Masters:
    """Implements `MasterKey`. The first one wraps; each unwraps what it wrapped."""

    def __init__(self, current: MasterKey, former: Sequence[MasterKey]) -> None:
        self._current = current
        self._former = former

    @property
    def kind(self) -> str:
        return self._current.kind

    @property
    def name(self) -> str:
        return self._current.name

    def knows(self, master: str) -> bool:
        return any(one.knows(master) for one in (self._current, *self._former))

    async def check(self) -> None:
        await self._current.check()

    async def refresh(self) -> None:
        await self._current.refresh()

    async def wrap(self, key: bytearray, bond: str) -> WrappedKey:
        return await self._current.wrap(key, bond)

    async def unwrap(self, wrapped: bytes, master: str, bond: str) -> bytearray:
        found = next((one for one in self._former if one.knows(master)), self._current)
        return await found.unwrap(wrapped, master, bond)

    async def rotate(self) -> None:
        await self._current.rotate()

    async def forget(self) -> None:
        for one in (*self._former, self._current):
            await one.forget()

    async def close(self) -> None:
        for one in (*self._former, self._current):
            await one.close()
