"""Keeps workers running: one that fails is logged and restarted, and the others are not affected."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import structlog

from penstock.workers.progress import Progress, follow

RESTART_S = 1.0
_log = structlog.get_logger()


class Supervisor:
    """Runs workers as tasks, from `start` to `stop`. Each reports to its progress, if it is given one."""

    def __init__(
        self, workers: Mapping[str, Callable[[], Awaitable[None]]], progress: Mapping[str, Progress] | None = None
    ) -> None:
        self.workers = workers
        self._progress = progress or {}
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Start every worker."""
        self._tasks = [asyncio.create_task(self._run(name, run), name=name) for name, run in self.workers.items()]

    async def stop(self) -> None:
        """Stop every worker."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _run(self, name: str, run: Callable[[], Awaitable[None]]) -> None:
        if name in self._progress:
            follow(self._progress[name])
        await keep(name, run)


async def keep(name: str, run: Callable[[], Awaitable[None]]) -> None:
    """Run a worker to its end; if it fails, log the error and restart it after `RESTART_S`."""
    while True:
        try:
            await run()
            return
        except Exception:
            _log.exception("worker_failed", worker=name)
            await asyncio.sleep(RESTART_S)
