"""Writes down when API keys were last used, every few seconds instead of on every call."""

from __future__ import annotations

import asyncio

import structlog

from penstock.core.ports import Database
from penstock.core.tenancy.authentication import KeyAuthenticator
from penstock.kit.errors import PenstockError

INTERVAL_S = 2.0
_log = structlog.get_logger()


class KeyUsageWorker:
    """The worker."""

    def __init__(self, database: Database, keys: KeyAuthenticator) -> None:
        self._database = database
        self._keys = keys

    async def run(self) -> None:
        """Go on until cancelled."""
        while True:
            await asyncio.sleep(INTERVAL_S)
            try:
                await self.step()
            except PenstockError as error:
                _log.warning("key_usage_delayed", reason=error.detail)

    async def step(self) -> None:
        """Write down the uses since the last time."""
        used, self._keys.used = self._keys.used, {}
        if not used:
            return
        async with self._database.system() as tx:
            for key_id, (org_id, used_us) in used.items():
                await tx.of(org_id).keys.touch(key_id, used_us)
