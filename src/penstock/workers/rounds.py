"""How a worker goes on: step after step, at once while there is more and else after a while."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from penstock.kit.errors import PenstockError

_log = structlog.get_logger()


async def go_on(
    step: Callable[[], Awaitable[object]],
    interval_s: float,
    delayed: str,
    news: asyncio.Event | None = None,
    gather_s: float = 0.0,
) -> None:
    """Take one step after the other until cancelled.

    With `news` a step is taken as soon as it is set, after others had `gather_s` to come along.

    A step that returns True is followed at once: there is more. Whatever else it returns (how many things it did) is for others.
    One that ends in an error of ours is logged under `delayed`; any other error ends this too, and the supervisor begins anew.
    """
    while True:
        if news is not None:
            news.clear()
        try:
            more = await step()
        except PenstockError as error:
            _log.warning(delayed, reason=error.detail)
            await asyncio.sleep(interval_s)
            continue
        if more is not True:
            await (asyncio.sleep(interval_s) if news is None else _heard(news, interval_s, gather_s))


async def _heard(news: asyncio.Event, interval_s: float, gather_s: float) -> None:
    try:
        async with asyncio.timeout(interval_s):
            await news.wait()
    except TimeoutError:
        return
    await asyncio.sleep(gather_s)
