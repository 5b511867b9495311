"""How a worker goes on: step after step, at once while there is more and else after a while."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from penstock.kit.errors import PenstockError

_log = structlog.get_logger()


async def go_on(step: Callable[[], Awaitable[object]], interval_s: float, delayed: str) -> None:
    """Take one step after the other until cancelled.

    A step that returns True is followed at once: there is more. Whatever else it returns (how many things it did) is for others.
    One that ends in an error of ours is logged under `delayed`; any other error ends this too, and the supervisor begins anew.
    """
    while True:
        more: object = False
        try:
            more = await step()
        except PenstockError as error:
            _log.warning(delayed, reason=error.detail)
        if more is not True:
            await asyncio.sleep(interval_s)
