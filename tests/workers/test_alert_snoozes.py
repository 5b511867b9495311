"""The worker ends snoozes whose time is over, and no others."""

from __future__ import annotations

import pytest

from penstock.core.actor import Actor
from penstock.core.alerts.snoozes import SnoozeRequest
from penstock.workers import alert_snoozes
from penstock.workers.alert_snoozes import SnoozeWorker
from tests.core.alerts.test_snoozes import ALERT, TEN, Watch
from tests.support.shelf import Shelf


async def test_what_is_over_ends(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    watch = Watch(shelf)
    await shelf.add_device(TEN)
    async with shelf.own() as tx:
        await tx.alerts.create(watch.alert)
    await watch.service.snooze(watch.actor, ALERT, TEN, SnoozeRequest(for_us=10))
    await watch.service.snooze(watch.actor, ALERT, None, SnoozeRequest(for_us=20))
    await watch.raise_on(TEN, 1)
    worker = SnoozeWorker(shelf.database, watch.service, watch.clock)
    monkeypatch.setattr(alert_snoozes, "AT_ONCE", 1)
    assert await worker.step() is False, "nothing is over yet"
    watch.clock.us += 10
    assert await worker.step() is True
    assert (await watch.jobs(), await worker.step()) == (0, False)
    watch.clock.us += 10
    await worker.step()
    assert await watch.jobs() == 2
    found = await watch.service.of_alerts(Actor.system(shelf.acme), [ALERT])
    assert found.of_device(ALERT, TEN) is None
