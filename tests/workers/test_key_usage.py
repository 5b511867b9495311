"""Uses of keys: the first of a day in the audit log, and changes of other processes noticed once."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from penstock.core.audit.models import AuditFilter
from penstock.core.audit.trail import AuditTrail
from penstock.kit.clock import DAY_US
from penstock.kit.ids import KeyId
from penstock.workers.key_usage import KeyUsageWorker
from tests.adapters.storage.sqlite.test_tenancy import add, key
from tests.support.days import NOON_US, HeldClock
from tests.support.shelf import Shelf

FIVE = KeyId(5)


def worker_of(shelf: Shelf, told: list[str]) -> tuple[KeyUsageWorker, Any]:
    keys = SimpleNamespace(used={})
    worker = KeyUsageWorker(shelf.database, keys, AuditTrail(HeldClock()), lambda: told.append("changed"))  # type: ignore[arg-type]
    return worker, keys


async def test_uses_are_written_once_and_each_day_has_one_entry(shelf: Shelf) -> None:
    await add(shelf, key(shelf, 5))
    worker, keys = worker_of(shelf, [])
    for at_us, address in ((NOON_US, "192.0.2.1"), (NOON_US + 1, "192.0.2.2"), (NOON_US + DAY_US, "192.0.2.3")):
        keys.used = {FIVE: (shelf.acme, at_us, address)}
        await worker.step()
        assert keys.used == {}
        await worker.step()
    async with shelf.own() as tx:
        found = await tx.keys.find(FIVE)
        entries = await tx.audit.oldest(AuditFilter(action="apikey.use"), 10, 0)
    assert found is not None
    assert (found.last_used_us, found.last_address) == (NOON_US + DAY_US, "192.0.2.3")
    assert [(entry.address, entry.target.name) for entry in entries] == [("192.0.2.1", "key 5"), ("192.0.2.3", "key 5")]


async def test_changes_of_others_are_noticed_from_the_first_look_on(shelf: Shelf) -> None:
    told: list[str] = []
    worker, _ = worker_of(shelf, told)
    await add(shelf, key(shelf, 5))
    for expected in (0, 0):
        await worker.check_changes()
        assert len(told) == expected
    await add(shelf, key(shelf, 6))
    for expected in (1, 1):
        await worker.check_changes()
        assert len(told) == expected
