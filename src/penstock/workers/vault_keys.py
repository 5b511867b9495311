"""Keeps the keys of the vault: wraps keys and values again after a rotation, and rotates keys by age.

Theory of operation. What has to be wrapped again is a query, so nothing is noted, and after a crash the work continues by itself:

- A key of an organisation is stale if another master key than the current one wraps it. Its file is replaced as a whole.
- A value is stale if another version of its organisation's key than the current one wraps its data key. The rows are read in
  order, a batch at a time, and each is replaced only if its data key has not changed in between.

Organisations take turns. After each batch the worker pauses for as long as the batch took, so that it uses at most half of the
server, and the one writer is free most of the time. A value that cannot be wrapped again is passed by and looked at again when
any key has changed, or an hour later.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Protocol

import msgspec
import structlog

from penstock.core.actor import Actor
from penstock.core.database import Database
from penstock.core.vault.errors import MasterKeyUnreachable, MasterKeyWrong
from penstock.core.vault.keyring import Box, Keyring
from penstock.core.vault.keys import KeyTransaction, VaultKeys
from penstock.core.vault.models import OrganizationKeys
from penstock.core.vault.store import HasSystemEncrypted, Rewrapped, Stale
from penstock.kit.clock import DAY_US, Clock
from penstock.kit.conditions import conditions
from penstock.kit.errors import PenstockError
from penstock.kit.ids import OrgId, Prefix, encode
from penstock.workers.loop import run_loop

INTERVAL_S = 1.0
"""How soon a rotation by the command line is noticed."""
CHECK_S = 60.0
"""How often it looks for stale values although no key has changed: one may have been stored with a key that was in memory."""
RETRY_S = 3_600.0
BATCH, SLICE = 256, 32
"""Rows of a transaction, and those wrapped before the event loop runs other tasks: about a millisecond."""
_log = structlog.get_logger()


class _Pass(msgspec.Struct):
    """A walk over the stale values of an organisation: in which table, and after which row."""

    table: int = 0
    after: tuple[int, ...] | None = None
    skipped: int = 0


class VaultKeysTransaction(KeyTransaction, Protocol):
    """A transaction with encrypted values."""


class VaultKeysWorker:
    """The worker. `stale_keys` and `stale_values` are what is left of the last look, `rewrapped` counts since the start."""

    def __init__(
        self,
        *,
        keyring: Keyring,
        database: Database[VaultKeysTransaction, HasSystemEncrypted],
        keys: VaultKeys,
        clock: Clock,
        rotate_after_days: int,
        pause_share: float = 1.0,
    ) -> None:
        self._keyring = keyring
        self._database = database
        self._keys = keys
        self._clock = clock
        self._rotate_after_us = rotate_after_days * DAY_US
        self._pause_share = pause_share
        self._news = asyncio.Event()
        self._seen: tuple[int, str] | None = None
        self._checked_s = 0.0
        self._has_more = False
        self._passes: dict[OrgId, _Pass] = {}
        self._put_off: dict[OrgId, float] = {}
        self.stale_keys, self.stale_values, self.rewrapped = 0, 0, 0

    async def run(self) -> None:
        """Run until cancelled."""
        await run_loop(self._step, self._pause, "vault_keys_delayed", self._news)

    def wake(self) -> None:
        """A key was rotated."""
        self._news.set()

    async def _step(self) -> None:
        """A step that never counts as unfinished: a rotation that takes long is not late."""
        self._has_more = await self.step()

    async def _pause(self) -> float:
        return 0.0 if self._has_more else INTERVAL_S

    async def step(self) -> bool:
        """Look for stale keys and values if there may be any; wrap one batch again. Returns whether there is more."""
        self._keyring.forget_old()
        await self._keyring.master.refresh()
        now = (self._keyring.changes, self._keyring.master.name)
        if now != self._seen:
            self._put_off.clear()
        if now != self._seen or self._clock.monotonic() - self._checked_s >= CHECK_S:
            await self._check()
            # Its own changes need no check; another's in between are found a minute later at the latest.
            self._seen, self._checked_s = (self._keyring.changes, self._keyring.master.name), self._clock.monotonic()
        for org_id in list(self._passes):
            began = time.perf_counter()
            await self._batch(org_id, self._passes[org_id])
            await asyncio.sleep((time.perf_counter() - began) * self._pause_share)
        return bool(self._passes)

    async def _check(self) -> None:
        """Wrap stale keys again, rotate old ones, and find the organisations with stale values."""
        keys = await self._keyring.all_keys()
        await self._rewrap_keys(keys)
        rotated = [org_id for org_id, found in keys.items() if self._is_old(found)]
        for org_id in rotated:
            await self._keys.rotate(Actor.system(org_id))
        if rotated:
            keys = await self._keyring.all_keys()
        await self._find_stale(keys)

    def _is_old(self, keys: OrganizationKeys) -> bool:
        """Also if it is from the future: it was made while the clock was wrong, and its age is unknown."""
        if not keys.versions:
            return False
        age_us = self._clock.now_us() - keys.versions[-1].created_us
        return age_us >= self._rotate_after_us or age_us < -DAY_US

    async def _rewrap_keys(self, keys: Mapping[OrgId, OrganizationKeys]) -> None:
        master = self._keyring.master.name
        stale = [org_id for org_id, found in keys.items() if any(one.master != master for one in found.versions)]
        self.stale_keys = len(stale)
        for org_id in stale:
            try:
                await self._keyring.rewrap(org_id)
            except MasterKeyWrong as error:  # the others can still be wrapped
                conditions().failing("vault_key_not_rewrapped", error, organization=encode(Prefix.ORGANIZATION, org_id))
                continue
            self.stale_keys -= 1
            await asyncio.sleep(0)
        if stale:
            _log.info("vault_keys_rewrapped", keys=len(stale) - self.stale_keys, left=self.stale_keys, master=master)

    async def _find_stale(self, keys: Mapping[OrgId, OrganizationKeys]) -> None:
        async with self._database.system_snapshot() as tx:
            uses = await tx.key_uses()
        none = OrganizationKeys()
        found = {use.org_id: keys.get(use.org_id, none) for use in uses if use.oldest < keys.get(use.org_id, none).current}
        self.stale_values, now_s = 0, self._clock.monotonic()
        for org_id, owned in found.items():
            async with self._database.snapshot(org_id) as tx:
                count = sum([await rows.count_stale(owned.shredded, owned.current) for rows in tx.encrypted])
            self.stale_values += count
            if count and now_s >= self._put_off.get(org_id, 0.0):
                self._passes.setdefault(org_id, _Pass())

    async def _batch(self, org_id: OrgId, walk: _Pass) -> None:
        """Wrap the next stale values of an organisation again, in one transaction."""
        try:
            box = await self._keyring.box(org_id)
        except MasterKeyUnreachable:
            raise
        except PenstockError as error:
            conditions().failing("vault_values_not_rewrapped", error, organization=encode(Prefix.ORGANIZATION, org_id))
            self._end(org_id, put_off=True)
            return
        async with self._database.snapshot(org_id) as tx:
            if walk.table >= len(tx.encrypted):
                if walk.skipped:
                    organization = encode(Prefix.ORGANIZATION, org_id)
                    _log.error("vault_values_not_rewrapped", organization=organization, values=walk.skipped)
                self._end(org_id, put_off=walk.skipped > 0)
                return
            rows = await tx.encrypted[walk.table].stale(box.shredded, box.version, BATCH, walk.after)
        changes = await self._rewrapped(box, rows)
        if changes:
            async with self._database.transaction(org_id) as tx:
                await self._keyring.confirm(box)
                await tx.encrypted[walk.table].rewrap(changes)
        self.rewrapped += len(changes)
        self.stale_values = max(0, self.stale_values - len(changes))
        walk.skipped += len(rows) - len(changes)
        walk.table, walk.after = (walk.table, rows[-1].place) if len(rows) == BATCH else (walk.table + 1, None)

    def _end(self, org_id: OrgId, *, put_off: bool) -> None:
        del self._passes[org_id]
        self._put_off.pop(org_id, None)
        if put_off:
            self._put_off[org_id] = self._clock.monotonic() + RETRY_S

    async def _rewrapped(self, box: Box, rows: Sequence[Stale]) -> list[Rewrapped]:
        done = []
        for place, row in enumerate(rows, 1):
            # One that is damaged, or whose key is missing, is refused when it is read, and counted here.
            with suppress(PenstockError):
                done.append(Rewrapped(row, box.version, box.rewrapped(row.key_version, row.data_key, row.bond)))
            if place % SLICE == 0:
                await asyncio.sleep(0)
        return done
