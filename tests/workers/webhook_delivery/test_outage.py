"""W1 and W5: receivers that are away for days, and receivers that swallow everything. The clock is in the test's hands."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path

import pytest

from penstock.core.webhooks.models import MessageFilter, MessageStatus
from penstock.core.webhooks.schedule import FAILURES_TO_OPEN, PAUSES_US
from penstock.kit.clock import HOUR_US, SECOND_US
from penstock.settings import load_settings
from tests.support.days import HeldClock
from tests.support.receivers import Receiver, receiving, saying
from tests.support.webhooks import HookSite, open_hooks

OUTAGE_US = 72 * HOUR_US


@pytest.mark.parametrize("events", [200, pytest.param(10_000, marks=pytest.mark.prove)])
async def test_an_outage_of_three_days_loses_nothing(tmp_path: Path, events: int) -> None:
    """Events go on happening all the while; nobody has to ask for anything afterwards, unless a message became a dead letter."""
    clock = HeldClock()
    rounds = 72 * 3  # a look every twenty minutes
    async with receiving() as receiver, open_hooks(tmp_path, clock) as site:
        made = await site.subscribe(receiver.url(), "reading.*")
        device_id = await site.add_device()
        receiver.answer = lambda _: saying(503)
        begun_us, told = clock.us, 0
        for number in range(1, rounds + 1):
            due = events * number // rounds
            await site.report(device_id, *range(told, due))
            told = due
            await site.match()
            await site.deliver()
            clock.us = begun_us + OUTAGE_US * number // rounds
            clock.s = 1000 + OUTAGE_US // SECOND_US * number / rounds
        receiver.answer = lambda _: saying(200)
        ids_before = ids_of(receiver)
        clock.us += 11 * HOUR_US
        await site.deliver()
        await replay_dead_letters(site, made.endpoint.id)
        ids = ids_of(receiver)
        assert len(ids) == events
        assert all(len(found) == 1 for found in ids.values()), "each event has one id, however often it is sent"
        assert ids_before.items() <= ids.items()
        assert fresh(receiver, begun_us)
        assert len(await site.messages(status=MessageStatus.DELIVERED)) == min(events, 1_000)
        for status in (MessageStatus.PENDING, MessageStatus.FAILED, MessageStatus.EXPIRED):
            assert await site.messages(status=status) == []


def ids_of(receiver: Receiver) -> dict[bytes, set[str]]:
    found = defaultdict(set)
    for one in receiver.delivered:
        found[one.body].add(one.headers["webhook-id"])
    return found


def fresh(receiver: Receiver, begun_us: int) -> bool:
    """Whether each attempt carries the time at which it was made, and not that of its event."""
    stamps = [int(one.headers["webhook-timestamp"]) for one in receiver.delivered]
    return stamps == sorted(stamps) and stamps[-1] - begun_us // SECOND_US >= 72 * 3600


async def replay_dead_letters(site: HookSite, endpoint_id: int) -> None:
    await site.hooks.messages.replay_all(site.actor, endpoint_id, MessageFilter(status=MessageStatus.FAILED))
    await site.deliver()


async def test_every_attempt_is_made_when_the_schedule_says(tmp_path: Path) -> None:
    """Twenty endpoints that answer 500: each tries at the times of the schedule, give or take a fifth, and none as another."""
    clock = HeldClock()
    async with receiving() as receiver, open_hooks(tmp_path, clock) as site:
        receiver.answer = lambda _: saying(500)
        for number in range(20):
            await site.subscribe(receiver.url(f"/{number}"), "device.created")
        await site.add_device()
        await site.match()
        tries: dict[str, list[int]] = defaultdict(list)
        while clock.us - HeldClock().us < 40 * HOUR_US:
            seen = len(receiver.delivered)
            await site.deliver()
            for one in receiver.delivered[seen:]:
                tries[one.path].append(clock.us)
            due = [one.due_us for one in await site.messages(status=MessageStatus.PENDING)]
            if not due:
                break
            breakers = [one.health.open_until_us for one in site.hooks.delivery._registry.all()]
            clock.us = max(min(due), clock.us + SECOND_US)
            if all(one > clock.us for one in breakers):
                clock.us = max(clock.us, min(breakers))
        assert len(tries) == 20
        pauses = [[after - before for before, after in pairwise(one)] for one in tries.values()]
        assert all(len(one) == len(PAUSES_US) for one in pauses)
        for one in pauses:
            assert all(abs(pause - wanted) <= wanted / 5 + SECOND_US for pause, wanted in zip(one, PAUSES_US, strict=True)), one
        for column in list(zip(*pauses, strict=True))[1:]:
            assert len(set(column)) > 10, "what failed together does not come back together"


async def test_a_batch_ends_when_its_first_attempts_fail(tmp_path: Path) -> None:
    clock = HeldClock()
    parallel = load_settings(environment={}).webhooks.parallel_per_endpoint
    async with receiving() as receiver, open_hooks(tmp_path, clock) as site:
        receiver.answer = lambda _: saying(503)
        await site.subscribe(receiver.url(), "reading.*")
        await site.report(await site.add_device(), *range(50))
        await site.match()
        await site.deliver()
        assert FAILURES_TO_OPEN <= len(receiver.delivered) < FAILURES_TO_OPEN + parallel


async def comes(condition: Callable[[], object], within_s: float) -> bool:
    """Whether a condition comes true in time, while everything else goes on."""
    deadline = time.monotonic() + within_s
    while not condition() and time.monotonic() < deadline:
        await asyncio.sleep(0.005)
    return bool(condition())


class Hole:
    """Takes connections, reads, and never answers."""

    def __init__(self) -> None:
        self.port = 0
        self.open = 0
        self.paths: set[str] = set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open += 1
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            self.paths.add(head.split(b" ")[1].decode())
            await reader.read()  # until the other side gives up
        self.open -= 1
        writer.close()


@asynccontextmanager
async def hole() -> AsyncIterator[Hole]:
    found = Hole()
    server = await asyncio.start_server(found.serve, "127.0.0.1", 0, backlog=1000)
    found.port = server.sockets[0].getsockname()[1]
    try:
        yield found
    finally:
        server.close()


@pytest.mark.parametrize("holes", [10, pytest.param(50, marks=pytest.mark.prove)])
async def test_receivers_that_swallow_everything_hold_up_nobody_else(tmp_path: Path, holes: int) -> None:
    """While every hole has as many calls under way as it may, a healthy receiver is told of everything."""
    settings = {"PENSTOCK_OUTBOUND_TIMEOUT_S": "60", "PENSTOCK_WEBHOOKS_MAX_ENDPOINTS": "200"}
    async with hole() as black, receiving() as receiver, open_hooks(tmp_path, run_workers=True, **settings) as site:
        device_id = await site.add_device()
        healthy = await site.subscribe(receiver.url(), "reading.*")
        alone_s = await told_of(site, receiver, device_id, 20)
        for number in range(holes):
            await site.subscribe(f"http://127.0.0.1:{black.port}/{number}", "reading.*")
        await site.report(device_id, *range(100, 110))
        assert await comes(lambda: len(black.paths) == holes, 60)
        assert await comes(lambda: black.open == 8 * holes, 60), "as many as an endpoint may have at once"
        beside_s = await told_of(site, receiver, device_id, 20)
        assert black.open == 8 * holes, "nothing was delivered because a hole gave up"
        print(f"alone {alone_s * 1e3:.1f} ms, beside {holes} holes {beside_s * 1e3:.1f} ms")  # noqa: T201
        assert healthy.endpoint.enabled


async def told_of(site: HookSite, receiver: Receiver, device_id: int, count: int) -> float:
    """Seconds that the slower half of readings took, at their median, from the report to the receiver."""
    took = []
    for _ in range(count):
        seen, begun = len(receiver.delivered), time.perf_counter()
        await site.report(device_id, 1)
        assert await comes(lambda: len(receiver.delivered) > seen, 60)  # noqa: B023  (called here, at once)
        took.append(time.perf_counter() - begun)
    return sorted(took)[count // 2]
