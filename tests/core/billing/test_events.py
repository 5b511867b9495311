"""Changes of plans, as other programs are told of them."""

from __future__ import annotations

from pathlib import Path

from penstock.kit.clock import DAY_US
from tests.core.billing.closed import opened, us
from tests.support.days import PassingClock


async def test_changes_of_plans_are_told_in_the_outbox(tmp_path: Path) -> None:
    clock = PassingClock(us("2026-02-10T00:00:00"))
    async with opened(tmp_path, clock) as (server, _):
        await server.subscriptions.set_plan("Acme", "priced")
        await server.subscriptions.set_plan("Acme", "priced", clock.us + DAY_US)
        clock.us += 2 * DAY_US
        await server.subscriptions.end_due()
        async with server.database.system_snapshot() as tx:
            topics = [entry.topic for entry in await tx.outbox.next(100) if entry.topic.startswith("billing.")]
    assert topics == [f"billing.subscription.{what}" for what in ("created", "updated", "canceled")]
