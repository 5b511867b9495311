"""Records when and from where API keys were last used, and detects changes of credentials by other processes.

Both happen at intervals instead of on every call. The first use of a key on a day (UTC) is also added to the audit log.
"""

from __future__ import annotations

from collections.abc import Callable

from penstock.core.actor import Actor, ActorKind
from penstock.core.audit.models import Target
from penstock.core.audit.trail import AuditTrail
from penstock.core.database import SystemDatabase
from penstock.core.tenancy.authentication import KeyAuthenticator
from penstock.core.tenancy.store import TenancySystemTransaction, TenancyTransaction
from penstock.kit.ids import KeyId, OrgId, Prefix, encode
from penstock.workers.loop import run_loop

INTERVAL_S = 0.5
"""A running server notices a key that the command line revoked within twice this time."""
STEPS_PER_WRITE = 4


class KeyUsageWorker:
    """The worker. `on_foreign_change` is called when another process has changed credentials."""

    def __init__(
        self,
        database: SystemDatabase[TenancySystemTransaction],
        keys: KeyAuthenticator,
        trail: AuditTrail,
        on_foreign_change: Callable[[], None],
    ) -> None:
        self._database = database
        self._keys = keys
        self._trail = trail
        self._on_foreign_change = on_foreign_change
        self._changes: int | None = None
        self._rounds = 0

    async def run(self) -> None:
        """Run until cancelled."""
        await run_loop(self._round, INTERVAL_S, "key_usage_delayed")

    async def _round(self) -> None:
        self._rounds += 1
        await self.check_changes()
        if self._rounds % STEPS_PER_WRITE == 0:
            await self.step()

    async def check_changes(self) -> None:
        """Check whether credentials have changed since the last check."""
        async with self._database.system_snapshot() as tx:
            changes = await tx.credentials.changes()
        if self._changes is not None and changes != self._changes:
            self._on_foreign_change()
        self._changes = changes

    async def step(self) -> None:
        """Write the uses since the last time. If writing fails, they are kept for the next time."""
        used, self._keys.used = self._keys.used, {}
        if not used:
            return
        try:
            async with self._database.system() as tx:
                for key_id, (org_id, used_us, address) in used.items():
                    await self._record(tx.for_organization(org_id), org_id, key_id, used_us, address)
        except BaseException:
            # A use in the meantime is newer than the one that could not be written.
            self._keys.used = used | self._keys.used
            raise

    async def _record(self, tx: TenancyTransaction, org_id: OrgId, key_id: KeyId, used_us: int, address: str) -> None:
        if await tx.keys.touch(key_id, address, used_us):
            key = await tx.keys.find(key_id)
            name = key.name if key else ""
            actor = Actor(org_id=org_id, kind=ActorKind.KEY, id=key_id, name=name, address=address)
            await self._trail.record(tx, actor, "apikey.use", Target("key", encode(Prefix.KEY, key_id), name))
