"""How far each worker is behind: for how long it has had work that it has not finished, and how many rows that is.

Every loop that the supervisor runs has a `Progress`, and `run_loop` updates it, so a new worker is included by itself. A worker
that follows the reading log has a `lag`, which is its number of rows; those of queues are counted in the database
(`workers/backlog.py`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextvars import ContextVar
from typing import Protocol, runtime_checkable

import msgspec

from penstock.kit.clock import Clock

_current: ContextVar[Progress | None] = ContextVar("progress", default=None)


@runtime_checkable
class FollowsLog(Protocol):
    """A worker that reads the log behind the writer."""

    @property
    def lag(self) -> int:
        """How many sequence numbers it is behind the log."""


class Behind(msgspec.Struct, frozen=True):
    """How far a worker is behind. `rows` is None if it follows nothing that can be counted, `error` the last one since then."""

    rows: int | None
    seconds: float
    error: str = ""


class Queued(msgspec.Struct, frozen=True):
    """What waits for a worker in the database. `due_us` is when the oldest of these rows was due."""

    rows: int = 0
    due_us: int | None = None


class Progress:
    """One worker's loop: whether it has finished all work, and since when it has not."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._since_s: float | None = None
        self.error = ""
        self.task: asyncio.Task[object] | None = None

    def begin(self) -> None:
        """A step begins. It may never end, so it counts from now."""
        if self._since_s is None:
            self._since_s = self._clock.monotonic()

    def end(self, *, more: bool) -> None:
        """A step ended without an error; `more` if there is work left."""
        self.error = ""
        if not more:
            self._since_s = None

    def fail(self, error: str) -> None:
        """A step failed: what it had to do is still to be done."""
        self.begin()
        self.error = error

    @property
    def seconds(self) -> float:
        """For how long there has been unfinished work."""
        return 0.0 if self._since_s is None else max(0.0, self._clock.monotonic() - self._since_s)


class Followers:
    """The progress of all workers, by the name of their loop."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._progress: dict[str, Progress] = {}
        self._logs: dict[str, FollowsLog] = {}
        self.queued: Mapping[str, Queued] = {}
        """What waits in the database, by the name of the loop. Replaced by the worker that counts it."""

    def add(self, name: str, run: Callable[[], Awaitable[None]]) -> Progress:
        """Include a worker."""
        self._progress[name] = Progress(self._clock)
        owner = getattr(run, "__self__", None)
        if isinstance(owner, FollowsLog):
            self._logs[name] = owner
        return self._progress[name]

    def behind(self) -> dict[str, Behind]:
        """How far each worker is behind now."""
        return {name: self._behind(name, progress) for name, progress in sorted(self._progress.items())}

    def _behind(self, name: str, progress: Progress) -> Behind:
        queued, log = self.queued.get(name), self._logs.get(name)
        rows = log.lag if log is not None else None if queued is None else queued.rows
        seconds = progress.seconds
        if queued is not None and queued.due_us is not None:
            seconds = max(seconds, (self._clock.now_us() - queued.due_us) / 1e6)
        return Behind(rows, seconds, progress.error)


def follow(progress: Progress) -> None:
    """Let the loop of the current task report to this progress. Tasks that it starts do not: their work is not its own."""
    progress.task = asyncio.current_task()
    _current.set(progress)


def progress_of_task() -> Progress | None:
    """The progress to which the loop of the current task reports."""
    progress = _current.get()
    return progress if progress is not None and progress.task is asyncio.current_task() else None
