"""What waits in the database for workers is counted, and every queue belongs to a worker."""

from __future__ import annotations

from pathlib import Path

from penstock.adapters.storage.sqlite.backlog import QUEUES
from penstock.kit.clock import SECOND_US
from penstock.workers.backlog import MOST_ROWS, BacklogWorker
from tests.support.commands import open_site
from tests.support.days import HeldClock


async def test_every_queue_belongs_to_a_worker_and_is_empty_at_first(tmp_path: Path) -> None:
    async with open_site(tmp_path, HeldClock(), run_workers=False) as site:
        assert QUEUES.keys() <= site.server.followers.behind().keys()
        async with site.server.database.system_snapshot() as tx:
            found = await tx.backlog.queued(site.server.clock.now_us(), MOST_ROWS)
        rest = {name: count for name, count in found.items() if name != "outbox"}
        assert set(rest.values()) == {(0, None)}


async def test_what_waits_is_seen_and_since_when(tmp_path: Path) -> None:
    clock = HeldClock()
    async with open_site(tmp_path, clock, run_workers=False) as site:
        followers = site.server.followers
        due_us = clock.us - 90 * SECOND_US
        sql = (
            "INSERT INTO mail_queue (id, org_id, sealed, due_us, created_us, expires_us, attempts) VALUES (?, ?, x'', ?, 0, 0, 0)"
        )
        async with site.server.database.transaction(site.actor.org_id) as tx:
            rows = [(number, site.actor.org_id, due_us + number) for number in range(3)]
            await tx.session.call(lambda connection: connection.executemany(sql, rows))
        await BacklogWorker(site.server.database, followers, clock).step()
        found = followers.behind()["mail"]
        assert (found.rows, found.seconds) == (3, 90.0)
