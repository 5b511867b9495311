"""What is built when it is first needed, because importing what it needs takes a part of a second."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Later(Generic[T]):
    """Builds something once, in a thread, so that others are served meanwhile. After a failure it is tried again."""

    def __init__(self, build: Callable[[], T]) -> None:
        self._build = build
        self._building: asyncio.Future[T] | None = None

    async def get(self) -> T:
        """What was built, however many wait for it.

        Raises:
            Exception: what `build` raised.
        """
        if self._building is None or (self._building.done() and self._building.exception() is not None):
            self._building = asyncio.ensure_future(asyncio.to_thread(self._build))
        return await asyncio.shield(self._building)
