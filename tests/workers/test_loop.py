"""The loop of every worker: when it takes a step, and how it ends."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
import structlog

from penstock.core.telemetry.errors import LogFull
from penstock.workers.loop import run_loop, until_done
from tests.support.waiting import CEILING_S

LONG_S = 3600.0


class Steps:
    """Steps with given outcomes: what is an error is raised. The loop is cancelled when none is left."""

    def __init__(self, *outcomes: object) -> None:
        self.left = list(outcomes)
        self.taken = 0

    async def __call__(self) -> object:
        if not self.left:
            raise asyncio.CancelledError
        self.taken += 1
        outcome = self.left.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


async def ended(run: Awaitable[None]) -> None:
    """Wait for a loop that is cancelled."""
    with pytest.raises(asyncio.CancelledError):
        async with asyncio.timeout(CEILING_S):
            await run


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(CEILING_S):
        while not condition():
            await asyncio.sleep(0)


async def test_steps_follow_at_once_while_there_is_more() -> None:
    steps = Steps(True, True, True)
    await ended(run_loop(steps, LONG_S, "delayed"))
    assert steps.taken == 3


@pytest.mark.parametrize("outcome", [False, None, 7])
async def test_a_step_that_left_nothing_is_followed_after_the_interval(outcome: object) -> None:
    steps = Steps(outcome, outcome)
    task = asyncio.create_task(run_loop(steps, LONG_S, "delayed"))
    await until(lambda: steps.taken == 1)
    await asyncio.sleep(0.01)
    assert steps.taken == 1
    task.cancel()
    await ended(task)
    await ended(run_loop(steps, 0.001, "delayed"))
    assert steps.taken == 2


async def test_news_wakes_it_also_when_told_during_a_step() -> None:
    news, steps = asyncio.Event(), Steps(False, False)

    async def step() -> object:
        outcome = await steps()
        if steps.taken == 1:
            news.set()
        return outcome

    task = asyncio.create_task(run_loop(step, None, "delayed", news))
    await until(lambda: steps.taken == 2)
    await asyncio.sleep(0.01)
    assert not task.done()
    news.set()
    await ended(task)


async def test_an_error_of_ours_is_logged_once_and_the_step_taken_again() -> None:
    with structlog.testing.capture_logs() as logs:
        await ended(run_loop(Steps(LogFull(), True), 0.001, "things_delayed"))
    assert [(one["event"], one["log_level"]) for one in logs] == [("things_delayed", "warning")]


async def test_any_other_error_ends_it_after_what_is_done_last() -> None:
    last = Steps(None)
    with pytest.raises(KeyError):
        await run_loop(Steps(KeyError("a bug")), LONG_S, "delayed", last=last)
    assert last.taken == 1


async def test_what_is_done_last_cannot_keep_it_alive() -> None:
    await ended(run_loop(Steps(), LONG_S, "delayed", last=Steps(LogFull())))


async def test_it_ends_when_nothing_is_left_and_nothing_new_was_told() -> None:
    news, pauses = asyncio.Event(), Steps(0.001, None, None)

    async def pause_s() -> float | None:
        pause = await pauses()
        if pauses.taken == 2:
            news.set()  # told while it looked
        assert pause is None or isinstance(pause, float)
        return pause

    steps = Steps(False, False, False, False)
    await run_loop(steps, pause_s, "delayed", news)
    assert steps.taken == 3


async def test_until_done_takes_a_step_once_more_after_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("penstock.workers.loop.RETRY_S", 0.001)
    steps = Steps(LogFull(), 0, 0)
    await until_done(steps, "delayed")
    assert steps.taken == 2
