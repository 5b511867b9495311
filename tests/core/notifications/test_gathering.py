"""Windows of addresses, and the addresses of chat channels."""

from __future__ import annotations

from pathlib import Path

from penstock.core.notifications.gathering import address_of, channel_in, enter_window
from penstock.kit.clock import SECOND_US
from penstock.kit.ids import ChannelId
from tests.support.commands import open_site

WINDOW_US = 60 * SECOND_US


def test_the_address_of_a_channel_leads_back_to_it() -> None:
    assert channel_in(address_of(ChannelId(7))) == 7
    assert "@" not in address_of(ChannelId(7))


async def test_a_window_is_full_until_it_ends_or_the_clock_is_set_back(tmp_path: Path) -> None:
    async with open_site(tmp_path, run_workers=False) as site, site.server.database.transaction(site.actor.org_id) as tx:

        async def enter(now_us: int) -> int | None:
            return await enter_window(tx, "a@example.org", now_us, per_window=2, window_us=WINDOW_US)

        assert [await enter(1_000), await enter(1_001), await enter(1_002)] == [None, None, 1_000 + WINDOW_US]
        assert await enter(999 + WINDOW_US) == 1_000 + WINDOW_US
        assert await enter(1_000 + WINDOW_US) is None
        assert await enter(500) is None, "a start in the future is a clock that was set back"
