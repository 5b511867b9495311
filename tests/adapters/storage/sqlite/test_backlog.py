"""What waits for workers: each statement counts the queue of one worker."""

from __future__ import annotations

from penstock.adapters.storage.sqlite.backlog import QUEUES
from penstock.adapters.storage.sqlite.connection import statements
from penstock.core.devices.events import DeviceChanged
from penstock.kit.ids import DeviceId
from tests.support.shelf import Shelf

LIMIT = 2


async def test_queues_are_counted_up_to_a_limit(shelf: Shelf) -> None:
    async with shelf.own() as tx:
        await tx.outbox.add_all(
            [("device.created", number, DeviceChanged(device_id=DeviceId(number), name="", at_us=0)) for number in range(3)]
        )
    async with shelf.system() as system:
        assert (await system.backlog.queued(0, LIMIT))["outbox"] == (LIMIT, None)
        assert (await system.backlog.queued(0, 10))["outbox"] == (3, None)


async def test_only_what_is_due_waits(shelf: Shelf) -> None:
    async with shelf.own() as tx:
        sql = "INSERT INTO alert_jobs (id, org_id, job, due_us, attempts) VALUES (?, ?, '{}', ?, 0)"
        rows = [(number, shelf.acme, number * 100) for number in (1, 2, 3)]
        await tx.session.call(lambda connection: connection.executemany(sql, rows))
    async with shelf.system() as system:
        assert (await system.backlog.queued(200, 10))["alert_actions"] == (2, 100)
        assert (await system.backlog.queued(50, 10))["alert_actions"] == (0, None)


def test_every_statement_that_counts_a_queue_is_read() -> None:
    assert {name for name in statements() if name.endswith("_backlog_of_all")} == set(QUEUES.values())
