"""Messages go when they are as old as is set."""

from __future__ import annotations

from pathlib import Path

from penstock.kit.clock import DAY_US
from penstock.workers.inbox_tidy import InboxTidy
from tests.support.days import HeldClock
from tests.support.inboxes import open_inboxes


async def test_messages_are_kept_for_as_many_days_as_are_set(tmp_path: Path) -> None:
    clock = HeldClock()
    async with open_inboxes(tmp_path, clock, PENSTOCK_INBOXES_MESSAGES_KEPT_DAYS="2") as site:
        await site.add_number()
        await site.receive("old", "a")
        clock.us += DAY_US
        await site.receive("new", "b")
        tidy = InboxTidy(site.server.database, clock, site.inboxes.tidy._config)
        clock.us += DAY_US // 2
        assert await tidy.step() is False
        assert len(await site.messages()) == 2
        clock.us += DAY_US
        await tidy.step()
        assert [one.content and one.content.body for one in await site.messages()] == ["new"]
