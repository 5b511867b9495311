"""Keeps workers running: one that fails is logged and restarted, and the others are not affected."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import structlog

from penstock.kit.conditions import conditions
from penstock.kit.errors import PenstockError
from penstock.workers.loop import end_if_cancelled
from penstock.workers.progress import Progress, follow

RESTART_S = 1.0
STOP_S = 10.0
"""How long workers may take to stop. What they had yet to write is written after the next start."""
AGAIN_S = 1.0
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
        """Stop every worker, within `STOP_S` whatever they do."""
        loop = asyncio.get_running_loop()
        ends_s, left = loop.time() + STOP_S, set(self._tasks)
        while left and loop.time() < ends_s:
            # Cancelled again and again: a worker may lose a cancellation, or wait in its last step for a disk that is full.
            for task in left:
                task.cancel()
            _, left = await asyncio.wait(left, timeout=AGAIN_S)
        if left:
            _log.error("workers_not_stopped", workers=sorted(task.get_name() for task in left))

    async def _run(self, name: str, run: Callable[[], Awaitable[None]]) -> None:
        if name in self._progress:
            follow(self._progress[name])
        await keep(name, run)


async def keep(name: str, run: Callable[[], Awaitable[None]]) -> None:
    """Run a worker to its end; if it fails, log the error and restart it after `RESTART_S`.

    An error that repeats is logged once, as any condition that lasts.
    """
    while True:
        end_if_cancelled()
        try:
            await run()
            return
        except PenstockError as error:
            end_if_cancelled()
            conditions().failing("worker_delayed", error, worker=name)
        except Exception as error:
            if conditions().failed("worker_failed", f"{type(error).__name__}: {error}", worker=name):
                _log.exception("worker_failed", worker=name)
            end_if_cancelled()
        await asyncio.sleep(RESTART_S)
