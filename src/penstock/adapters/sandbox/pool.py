"""Implements `CodecRunner`: a few processes, started when the first codec runs, started anew when one ends.

A process that ends under a call takes the call along only if the call overran its limits; else somebody else killed it, and the
call is tried once more. Calls behind it lose nothing. A script that overruns again and again is left out for a while,
ever longer, so that it costs its processor time only now and then.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict

import msgspec
import structlog

from penstock.adapters.sandbox.frames import Bounds
from penstock.adapters.sandbox.process import SandboxEndedError, SandboxProcess
from penstock.adapters.sandbox.turns import Turns, Waiting
from penstock.core.codecs.config import CodecsConfig
from penstock.core.codecs.ports import Call, RunOutcome, RunStatus, Script
from penstock.core.uplinks.errors import CodecsBusy
from penstock.kit.clock import SECOND_US, Clock
from penstock.kit.ids import OrgId

OVERRUNS = (RunStatus.TIMED_OUT, RunStatus.OUT_OF_MEMORY, RunStatus.CRASHED)
MAX_OVERRUNS = 3
"""Overruns in a row after which a script is left out."""
SUSPENDED_US = 10 * SECOND_US
MAX_SUSPENDED_US = 600 * SECOND_US
MAX_SUSPECTS = 10_000
MAX_TRIES = 2
RESTART_S = 1.0
_log = structlog.get_logger()


class Suspect(msgspec.Struct):
    """A script that overran: how often in a row, and until when it is left out."""

    overruns: int = 0
    until_us: int = 0


class SandboxPool:
    """The processes and the calls that wait for them."""

    def __init__(self, config: CodecsConfig, clock: Clock, answer_within_s: float | None = None) -> None:
        self._config = config
        # Wall time, and far more than the kernel allows of processor time, as a busy machine gives that late.
        self._answer_within_s = answer_within_s or 5 + 20 * config.time_limit_s
        self._clock = clock
        self._bounds = Bounds(config.time_limit_s, config.memory_limit_bytes, config.max_output_bytes)
        self._turns = Turns()
        self._suspects: OrderedDict[bytes, Suspect] = OrderedDict()
        self._more = asyncio.Event()
        self._loops: list[asyncio.Task[None]] = []
        self._processes: set[SandboxProcess] = set()
        self.calls = 0
        self.overruns = 0
        self.restarts = 0

    @property
    def waiting(self) -> int:
        """How many calls wait."""
        return self._turns.length

    @property
    def pids(self) -> list[int]:
        """The processes that run."""
        return [process.pid for process in self._processes if process.running]

    async def run(self, org_id: OrgId, script: Script, call: Call, given: bytes) -> RunOutcome:
        if self._is_suspended(script):
            return RunOutcome(RunStatus.SUSPENDED, "", 0)
        if self._turns.length >= self._config.max_queued or self._turns.length_of(org_id) >= self._config.max_queued_per_org:
            raise CodecsBusy
        # Only now: an installation without codecs has no processes for them.
        if not self._loops:
            self._loops = [asyncio.create_task(self._serve()) for _ in range(self._config.workers)]
        waiting = Waiting(org_id, script, call, given.decode(), asyncio.get_running_loop().create_future())
        self._turns.add(waiting)
        self._more.set()
        try:
            async with asyncio.timeout(self._config.max_wait_s):
                return await waiting.done
        except TimeoutError:
            raise CodecsBusy from None

    async def close(self) -> None:
        """End every process."""
        for loop in self._loops:
            loop.cancel()
        await asyncio.gather(*self._loops, return_exceptions=True)
        self._loops = []

    async def _serve(self) -> None:
        """Go on with one process after the other until cancelled."""
        while True:
            await self._next()
            try:
                process = await SandboxProcess.start(self._bounds, self._answer_within_s)
            except OSError as error:
                _log.error("sandbox_not_started", reason=str(error))
                await asyncio.sleep(RESTART_S)
                continue
            self._processes.add(process)
            try:
                await self._feed(process)
            finally:
                self._processes.discard(process)
                # Shielded: a server that stops must not leave a process behind.
                await asyncio.shield(process.end())
            self.restarts += 1

    async def _feed(self, process: SandboxProcess) -> None:
        """Give a process what waits until it ends."""
        while process.running:
            await self._next()
            batch = self._turns.take()
            while batch:
                try:
                    batch = await self._run(process, batch)
                except SandboxEndedError as ended:
                    self._bury(batch, ended)
                    return
                # Cancelled between two outcomes: the calls that were not answered are not lost.
                except BaseException:
                    self._turns.put_back(batch)
                    raise

    async def _run(self, process: SandboxProcess, batch: list[Waiting]) -> list[Waiting]:
        process.send(batch)
        while batch:
            outcome = await process.outcome()
            self._settle(batch.pop(0), RunOutcome(RunStatus(outcome.status), outcome.text, outcome.took_us))
        return batch

    def _bury(self, batch: list[Waiting], ended: SandboxEndedError) -> None:
        """Judge the call that a process ended under; those behind it go to the next process."""
        first, *rest = batch
        first.tries += 1
        limit_us = int(self._config.time_limit_s * SECOND_US)
        _log.warning("sandbox_ended", org_id=first.org_id, overran=ended.overran, tries=first.tries)
        # Outcomes come in order, so the process was at the first call that has none.
        if ended.overran:
            self._settle(first, RunOutcome(RunStatus.TIMED_OUT, "", limit_us))
        elif first.tries >= MAX_TRIES:
            self._settle(first, RunOutcome(RunStatus.CRASHED, "", limit_us))
        else:
            rest = [first, *rest]
        self._turns.put_back(rest)

    def _settle(self, waiting: Waiting, outcome: RunOutcome) -> None:
        self.calls += 1
        self._turns.took(waiting.script, outcome.took_us)
        self._judge(waiting.script, outcome)
        if not waiting.done.done():
            waiting.done.set_result(outcome)

    def _judge(self, script: Script, outcome: RunOutcome) -> None:
        if outcome.status not in OVERRUNS:
            self._suspects.pop(script.key, None)
            return
        self.overruns += 1
        suspect = self._suspects.setdefault(script.key, Suspect())
        suspect.overruns += 1
        if suspect.overruns >= MAX_OVERRUNS:
            # The shift is bounded before it is made: Python would make a number of any size.
            doubled_us = SUSPENDED_US << min(suspect.overruns - MAX_OVERRUNS, 16)
            suspect.until_us = self._clock.now_us() + min(doubled_us, MAX_SUSPENDED_US)
        if len(self._suspects) > MAX_SUSPECTS:
            # The oldest suspect is forgotten: at worst its script costs its processor time again, but memory stays bounded.
            self._suspects.popitem(last=False)

    def _is_suspended(self, script: Script) -> bool:
        suspect = self._suspects.get(script.key)
        return suspect is not None and self._clock.now_us() < suspect.until_us

    async def _next(self) -> None:
        while not self._turns.length:
            self._more.clear()
            await self._more.wait()
