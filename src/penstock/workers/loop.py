"""The loop of every worker: step after step, immediately while there is more, otherwise when it is woken or after an interval.

A worker is its `step`; this module decides when the next one runs. A `PenstockError` is expected (the disk is full, another
process is writing): it is logged when it begins and when it is over (`kit/conditions.py`), and the step runs again after a pause.
Any other error is a bug: it ends the loop, and the supervisor logs it and restarts the worker. Cancellation ends a loop wherever
it waits, also if cleaning up fails and replaces it with another error.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeAlias

from penstock.kit.conditions import conditions
from penstock.kit.errors import PenstockError
from penstock.workers.progress import progress_of_task

RETRY_S = 1.0
"""The pause after an error, for a loop without an interval."""
Step: TypeAlias = Callable[[], Awaitable[object]]
Pause: TypeAlias = Callable[[], Awaitable[float | None]]
"""Returns how many seconds to wait for the next step; None if nothing is left, which ends the loop unless there is news."""


async def run_loop(
    step: Step,
    interval_s: float | Pause | None,
    delayed: str,
    news: asyncio.Event | None = None,
    *,
    gather_s: float = 0.0,
    last: Step | None = None,
) -> None:
    """Run steps until cancelled.

    A step that returns True is followed immediately by another: there is more. Any other return value (such as a count) is for
    tests and other callers; after it the loop waits for `interval_s`, or only for news if that is None.

    With `news`, a step runs as soon as it is set, after `gather_s` to collect more. It is cleared before a step, so that a
    notification during a step leads to another step.

    A `PenstockError` is logged under `delayed`, and the next step runs after the interval, or after `RETRY_S` if there is none.
    `last` runs when the loop ends, for whatever reason, and is not interrupted.
    """
    news, shared = news or asyncio.Event(), conditions()
    step = _reported(step)
    try:
        while True:
            end_if_cancelled()
            news.clear()
            try:
                more = await step() is True
                shared.over(delayed)
                if more:
                    continue
                pause_s = await interval_s() if callable(interval_s) else interval_s
            except PenstockError as error:
                end_if_cancelled()
                shared.failing(delayed, error)
                # Not `_wait`: news must not shorten this pause, or a failing step would be repeated as fast as news arrives.
                await asyncio.sleep(interval_s if isinstance(interval_s, int | float) else RETRY_S)
                continue
            if callable(interval_s) and pause_s is None and not news.is_set():
                return
            await _wait(pause_s, news, gather_s)
    finally:
        if last is not None:
            await asyncio.shield(_finish(last, delayed))


def _reported(step: Step) -> Step:
    """The same step, which also tells the progress of the task's worker, if it has one."""
    progress = progress_of_task()
    if progress is None:
        return step

    async def reporting() -> object:
        progress.begin()
        try:
            more = await step()
        except Exception as error:
            progress.fail(error.detail if isinstance(error, PenstockError) else type(error).__name__)
            raise
        progress.end(more=more is True)
        return more

    return reporting


@asynccontextmanager
async def task_group() -> AsyncIterator[asyncio.TaskGroup]:
    """A task group that leaves nothing behind on the current task when one of its tasks fails.

    Before Python 3.13 the group's own cancellation of the current task remains counted (`asyncio.Task.cancelling`), and would be
    taken for a request to end: the worker would end permanently, instead of being restarted.
    """
    task = asyncio.current_task()
    try:
        async with asyncio.TaskGroup() as group:
            yield group
    except BaseExceptionGroup:
        if sys.version_info < (3, 13) and task is not None:
            task.uncancel()
        raise


def end_if_cancelled() -> None:
    """End the current task if it was cancelled, although another error has replaced the cancellation.

    Raises:
        asyncio.CancelledError: it was.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


async def until_done(step: Step, delayed: str) -> None:
    """Run a step until it ends without a `PenstockError`."""
    await run_loop(step, _nothing_left, delayed)


async def _nothing_left() -> None:
    """There is no next step."""


async def _wait(pause_s: float | None, news: asyncio.Event, gather_s: float) -> None:
    try:
        async with asyncio.timeout(pause_s):
            await news.wait()
    except TimeoutError:
        return
    await asyncio.sleep(gather_s)


async def _finish(last: Step, delayed: str) -> None:
    try:
        await last()
    except PenstockError as error:
        conditions().failing(delayed, error)
