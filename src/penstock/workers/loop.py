"""How every worker goes on: step after step, at once while there is more, else when it is woken or after a while.

A worker is its `step`; when the next one comes is decided here. An error of ours is expected (the disk is full, somebody
else writes): it is logged once and the step is taken again after a rest. Any other error is a bug: it ends the loop, and the
supervisor logs it and begins the worker anew. Cancelling ends a loop wherever it waits.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeAlias

import structlog

from penstock.kit.errors import PenstockError

RETRY_S = 1.0
"""The rest after an error of a loop that has no interval of its own."""
Step: TypeAlias = Callable[[], Awaitable[object]]
Pause: TypeAlias = Callable[[], Awaitable[float | None]]
"""Tells how many seconds to wait for the next step; None when nothing is left, which ends the loop unless there is news."""
_log = structlog.get_logger()


async def run_loop(
    step: Step,
    interval_s: float | Pause | None,
    delayed: str,
    news: asyncio.Event | None = None,
    *,
    gather_s: float = 0.0,
    last: Step | None = None,
) -> None:
    """Take one step after the other until cancelled.

    A step that returns True is followed at once: there is more. Whatever else it returns (how many things it did) is for others.
    After any other the loop waits for `interval_s`, or only for news if that is None.

    With `news` a step is taken as soon as it is set, after others had `gather_s` to come along. It is cleared before a step, so
    that what is told while a step is being taken leads to another.

    An error of ours is logged under `delayed`, and the next step comes after the interval, or `RETRY_S` where there is none.
    `last` is done when the loop ends, whatever ends it, and is not cut short.
    """
    news = news or asyncio.Event()
    try:
        while True:
            news.clear()
            try:
                if await step() is True:
                    continue
                pause_s = await interval_s() if callable(interval_s) else interval_s
            except PenstockError as error:
                _log.warning(delayed, reason=error.detail)
                await asyncio.sleep(interval_s if isinstance(interval_s, int | float) else RETRY_S)
                continue
            if callable(interval_s) and pause_s is None and not news.is_set():
                return
            await _wait(pause_s, news, gather_s)
    finally:
        if last is not None:
            await asyncio.shield(_finish(last, delayed))


async def until_done(step: Step, delayed: str) -> None:
    """Take a step until it ends without an error of ours."""
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
        _log.warning(delayed, reason=error.detail)
