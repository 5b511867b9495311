"""Notices of readers that do not read: as many as a queue holds, and then the stream ends."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

import msgspec
import pytest

from penstock.api.live.config import StreamConfig
from penstock.api.live.filters import StreamFilter
from penstock.core.actor import Actor
from tests.support.commands import Site, open_site

LIMIT = StreamConfig().max_queued_events


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async with open_site(tmp_path, run_workers=False) as site:
        yield site


async def tell(site: Site, device: Actor, count: int) -> None:
    for _ in range(count):
        await site.server.hub.send_notice(site.actor.org_id, device.device_id, "command", b"{}")


async def test_as_many_notices_as_the_queue_holds_are_delivered(site: Site) -> None:
    device = await site.add_device()
    async with aclosing(site.server.hub.follow(site.actor.org_id, StreamFilter(commands=True), None)) as stream:
        await anext(stream)
        await tell(site, device, LIMIT)
        assert [event.name for event in await anext(stream)] == ["command"] * LIMIT


async def test_a_reader_with_more_unread_notices_is_disconnected(site: Site) -> None:
    device = await site.add_device()
    async with aclosing(site.server.hub.follow(site.actor.org_id, StreamFilter(commands=True), None)) as stream:
        await anext(stream)
        await tell(site, device, LIMIT + 1)
        (last,) = await anext(stream)
        assert (last.name, msgspec.json.decode(last.body)["reason"]) == ("end", "slow_reader")
