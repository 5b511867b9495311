"""The path of outgoing readings: collected in memory by count or time, then written to disk, then sent to the server.

Readings passed to `add` are in memory until the next flush; from then on they survive any failure. A slow disk makes `add`
wait, so memory is bounded.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from penstock_agent import wire
from penstock_agent.config import Config
from penstock_agent.spool import Spool

T = TypeVar("T")
_log = logging.getLogger(__name__)


class Outbox:
    """The spool in a separate thread, with a buffer in front of it."""

    def __init__(self, spool: Spool, config: Callable[[], Config]) -> None:
        self._spool = spool
        self._config = config
        self._thread = ThreadPoolExecutor(1, "spool")
        self._buffer: list[str] = []
        self._flushing = asyncio.Lock()
        self._timer: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.grew = asyncio.Event()
        """Set when there is more to send."""
        self.refused = 0
        """Readings that could not be encoded as JSON, or were too large."""

    @property
    def name(self) -> str:
        """The spool's name."""
        return self._spool.name

    async def add(self, payload: dict[str, Any], time: str | None, channel: str | None = None, kind: str = "telemetry") -> None:
        """Add a reading; one that cannot be sent is counted and logged."""
        try:
            body = wire.reading_body(payload, time, channel, kind)
        except ValueError as error:
            self.refused += 1
            _log.warning("a reading was dropped: it %s", error)
            return
        self._buffer.append(body)
        if len(self._buffer) >= self._config().buffer_size:
            await self.flush()
        elif self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(self._config().flush_interval_ms / 1000, self._flush_soon)

    def _flush_soon(self) -> None:
        task = asyncio.get_running_loop().create_task(self.flush())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def flush(self) -> None:
        """Write the buffer to disk. If the disk fails, it stays in memory and is tried again with the next reading."""
        # One flush at a time: if the disk fails, the readings return to the buffer before any later ones.
        async with self._flushing:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
            bodies, self._buffer = self._buffer, []
            if not bodies:
                return
            try:
                await self.call(lambda spool: spool.append(bodies))
            except sqlite3.Error as error:
                _log.error("the spool cannot be written: %s", error)
                # Bounded, because the disk may fail for long: the oldest readings are dropped, but none from during this flush.
                room = max(self._config().buffer_size * 10, len(self._buffer))
                self._buffer = (bodies + self._buffer)[-room:]
                return
        self.grew.set()

    async def report(self, body: str) -> None:
        """Write a report of a command to disk."""
        await self.call(lambda spool: spool.report(body))
        self.grew.set()

    async def read_after(self, seq: int) -> list[tuple[int, str]]:
        """The next rows after a number, as many as fit into one frame."""
        return await self.call(lambda spool: spool.read_after(seq, wire.MAX_ROWS, wire.MAX_ROWS_BYTES))

    async def sent(self, seq: int) -> None:
        """Note up to which number rows were sent over the current connection; 0 when a new one starts."""
        await self.call(lambda spool: spool.sent(seq))

    async def call(self, use: Callable[[Spool], T]) -> T:
        """Run a function on the spool, in its thread."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, use, self._spool)

    async def close(self) -> None:
        """Write the rest to disk and close."""
        await self.flush()
        self._thread.shutdown(wait=True)
        self._spool.close()
