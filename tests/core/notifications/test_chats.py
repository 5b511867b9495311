"""Chats in a storm, and services that are busy: with the clock in hand, over real files and restarts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest

from penstock.core.notifications.chats import LASTS_US, RETRY_US, ChatNotifier
from penstock.core.notifications.errors import ChannelFailed, ChannelNotFound
from penstock.core.notifications.models import ChannelKind, ChatMessage, NewChannel, Severity
from penstock.core.outbound.ports import CallAnswer, OutgoingCall
from penstock.kit.clock import MINUTE_US, SECOND_US
from tests.support.commands import Site, open_site
from tests.support.days import HeldClock

WINDOW_US = 600 * SECOND_US
PER_WINDOW = 20
NEW = NewChannel(name="ops", kind=ChannelKind.SLACK, url="https://hooks.example.org/services/T0/B0/abcdefghijklmnop")


class Service:
    """Implements `OutgoingHttp` as a chat service that keeps the titles of messages it accepts."""

    def __init__(self) -> None:
        self.calls = 0
        self.titles: list[str] = []
        self.texts: list[str] = []
        self.busy: CallAnswer | None = None

    async def send(self, call: OutgoingCall) -> CallAnswer:
        self.calls += 1
        if self.busy is not None:
            return self.busy
        title, text = msgspec.json.decode(call.body)["blocks"]
        self.titles.append(title["text"]["text"])
        self.texts.append(text["text"]["text"])
        return CallAnswer(status=200, headers={}, body=b"ok")


@asynccontextmanager
async def opened(tmp_path: Path, clock: HeldClock, service: Service) -> AsyncIterator[Site]:
    async with open_site(tmp_path, clock, run_workers=False) as site:
        site.server.parts.notifications.channels._http = service
        yield site


def chats_of(site: Site) -> ChatNotifier:
    return site.server.parts.notifications.chats


async def tell(site: Site, count: int = 1, title: str = "Warm", severity: Severity = Severity.WARNING) -> int:
    """How many of the messages were posted now."""
    message = ChatMessage(title=title, text="It is 7.", severity=severity)
    return [await chats_of(site).notify(site.actor.org_id, "ops", message) for _ in range(count)].count(True)


async def flush(site: Site) -> None:
    while await site.server.parts.notifications.chat_worker.step():
        pass


async def test_in_a_storm_the_rest_comes_as_one_message_at_the_end_of_the_window(tmp_path: Path) -> None:
    clock, service = HeldClock(), Service()
    async with opened(tmp_path, clock, service) as site:
        await site.server.parts.notifications.channels.create(site.actor, NEW)
        assert await tell(site, 1_000) == PER_WINDOW
        assert await tell(site, title="Hot", severity=Severity.CRITICAL) == 0
        clock.us += WINDOW_US - 1
        await flush(site)
        assert service.titles == ["Warm"] * PER_WINDOW
    async with opened(tmp_path, clock, service) as site:  # what waits is in the database
        clock.us += 1
        await flush(site)
        assert service.titles[PER_WINDOW:] == ["[CRITICAL] 981 notifications"]
        assert "980 x Warm" in service.texts[-1]
        assert "combined in this message" in service.texts[-1]
        await flush(site)
        assert len(service.titles) == PER_WINDOW + 1, "told once"
        assert await tell(site, PER_WINDOW) == PER_WINDOW - 1, "the combined one was one of the new window's"
        clock.us += WINDOW_US
        await flush(site)
        assert service.titles[-1] == "Warm", "a single one is itself"


HEADER = CallAnswer(status=429, headers={"retry-after": "90"}, body=b"")
BUSY = [
    HEADER,
    CallAnswer(status=503, headers={"retry-after": "90"}, body=b"<html>"),
    CallAnswer(status=429, headers={}, body=b'{"message": "You are being rate limited.", "retry_after": 90.0, "global": false}'),
    CallAnswer(status=429, headers={}, body=b'{"ok": false, "error_code": 429, "parameters": {"retry_after": 90}}'),
]


@pytest.mark.parametrize("answer", BUSY)
async def test_a_busy_service_is_left_alone_as_long_as_it_asks_and_then_gets_one_message(
    tmp_path: Path, answer: CallAnswer
) -> None:
    clock, service = HeldClock(), Service()
    async with opened(tmp_path, clock, service) as site:
        channel = await site.server.parts.notifications.channels.create(site.actor, NEW)
        service.busy = answer
        assert await tell(site, 3) == 0
        assert service.calls == 1
        shown = await site.server.parts.notifications.channels.get(site.actor, channel.id)
        assert (shown.last_error or "").startswith(f"answered {answer.status}")
        service.busy = None
        clock.us += 90 * SECOND_US - 1
        await flush(site)
        assert await tell(site) == 0
        assert service.calls == 1
        clock.us += 1
        await flush(site)
        assert service.titles == ["[WARNING] 4 notifications"]
        assert await tell(site) == 1


async def test_a_busy_service_cannot_ask_for_more_than_a_day(tmp_path: Path) -> None:
    clock, service = HeldClock(), Service()
    async with opened(tmp_path, clock, service) as site:
        await site.server.parts.notifications.channels.create(site.actor, NEW)
        service.busy = CallAnswer(status=429, headers={"retry-after": "9999999999"}, body=b'{"retry_after": 1e300}')
        await tell(site)
        service.busy = None
        clock.us += 86_400 * SECOND_US
        await flush(site)
        assert service.titles == ["Warm"]


async def test_a_failure_without_a_wait_is_the_caller_s_to_repeat(tmp_path: Path) -> None:
    clock, service = HeldClock(), Service()
    async with opened(tmp_path, clock, service) as site:
        await site.server.parts.notifications.channels.create(site.actor, NEW)
        for status in (429, 500, 404):
            service.busy = CallAnswer(status=status, headers={}, body=b'{"retry_after": "soon"}')
            with pytest.raises(ChannelFailed):
                await tell(site)
        await flush(site)
        assert service.calls == 3, "nothing waits"
        with pytest.raises(ChannelNotFound):
            await chats_of(site).notify(site.actor.org_id, "none", ChatMessage(title="x", text="x"))


async def test_a_combined_message_that_is_not_accepted_waits_and_is_given_up_after_a_day(tmp_path: Path) -> None:
    clock, service = HeldClock(), Service()
    async with opened(tmp_path, clock, service) as site:
        await site.server.parts.notifications.channels.create(site.actor, NEW)
        await tell(site, PER_WINDOW + 2)
        clock.us += WINDOW_US
        service.busy = CallAnswer(status=500, headers={}, body=b"")
        before = service.calls
        for _ in range(3):
            await flush(site)
            await flush(site)
            clock.us += RETRY_US
        assert service.calls == before + 3
        clock.us += LASTS_US
        await flush(site)
        service.busy = None
        clock.us += MINUTE_US
        await flush(site)
        assert service.titles == ["Warm"] * PER_WINDOW


async def test_messages_for_a_deleted_channel_are_dropped(tmp_path: Path) -> None:
    clock, service = HeldClock(), Service()
    async with opened(tmp_path, clock, service) as site:
        channels = site.server.parts.notifications.channels
        channel = await channels.create(site.actor, NEW)
        await tell(site, PER_WINDOW + 2)
        await channels.delete(site.actor, channel.id)
        clock.us += WINDOW_US
        await flush(site)
        await flush(site)
        assert len(service.titles) == PER_WINDOW
        async with site.server.database.system_snapshot() as tx:
            assert await tx.notices.due_addresses(2**62, 10, chats=True) == []
