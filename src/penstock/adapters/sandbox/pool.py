"""Implements `CodecRunner`: a few processes, started when the first codec runs and restarted when one ends.

If a process ends during a call, the call fails only if it exceeded its limits; otherwise the process was killed from outside,
and the call is tried once again. Calls queued after it lose nothing. A script that exceeds its limits repeatedly is suspended
for longer and longer periods, so that it uses processor time only rarely.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import Sequence

import msgspec
import structlog

from penstock.adapters.sandbox.frames import Bounds
from penstock.adapters.sandbox.process import SandboxEndedError, SandboxProcess
from penstock.adapters.sandbox.turns import FairQueue, Waiting
from penstock.core.codecs.config import CodecsConfig
from penstock.core.codecs.ports import Call, RunOutcome, RunStatus, Script
from penstock.core.uplinks.errors import CodecsBusy
from penstock.kit.backoff import Doubling
from penstock.kit.clock import SECOND_US, Clock
from penstock.kit.conditions import conditions
from penstock.kit.ids import OrgId

OVERRUNS = (RunStatus.TIMED_OUT, RunStatus.OUT_OF_MEMORY, RunStatus.CRASHED)
MAX_OVERRUNS = 3
"""Overruns in a row after which a script is suspended."""
SUSPENSIONS = Doubling(first_us=10 * SECOND_US, longest_us=600 * SECOND_US)
MAX_FAILING = 10_000
MAX_TRIES = 2
AHEAD = 192
"""How many calls of a list are queued at a time: three batches, of which two can be with the process."""
FEW_LEFT = 32
"""How many calls a process has left when it gets the next batch of lists, if no other call waits."""
RESTART_S = 1.0
_log = structlog.get_logger()


class FailingScript(msgspec.Struct):
    """A script that exceeded its limits: how often in a row, and until when it is suspended."""

    overruns: int = 0
    until_us: int = 0


class SandboxPool:
    """The processes and the calls that wait for them."""

    def __init__(self, config: CodecsConfig, clock: Clock, answer_within_s: float | None = None) -> None:
        self._config = config
        # Wall time, and far more than the kernel's limit of processor time, as a busy machine grants that late.
        self._answer_within_s = answer_within_s or 5 + 20 * config.time_limit_s
        self._clock = clock
        self._bounds = Bounds(config.time_limit_s, config.memory_limit_bytes, config.max_output_bytes)
        self._queue = FairQueue()
        self._failing: OrderedDict[bytes, FailingScript] = OrderedDict()
        self._more = asyncio.Event()
        self._loops: list[asyncio.Task[None]] = []
        self._processes: set[SandboxProcess] = set()
        self.calls = 0
        self.overruns = 0
        self.restarts = 0

    @property
    def waiting(self) -> int:
        """The number of waiting calls."""
        return self._queue.length

    @property
    def pids(self) -> list[int]:
        """The running processes."""
        return [process.pid for process in self._processes if process.running]

    async def run(self, org_id: OrgId, script: Script, call: Call, given: bytes) -> RunOutcome:
        if self._is_suspended(script):
            return RunOutcome(RunStatus.SUSPENDED, "", 0)
        if self._queue.length >= self._config.max_queued or self._queue.length_of(org_id) >= self._config.max_queued_per_org:
            raise CodecsBusy
        self._start()
        waiting = Waiting(org_id, script, call, given.decode(), asyncio.get_running_loop().create_future())
        self._queue.add(waiting)
        self._more.set()
        try:
            async with asyncio.timeout(self._config.max_wait_s):
                return await waiting.done
        except TimeoutError:
            raise CodecsBusy from None

    async def run_all(self, org_id: OrgId, call: Call, given: Sequence[tuple[Script, bytes]]) -> list[RunOutcome]:
        self._start()
        ahead: deque[asyncio.Future[RunOutcome]] = deque()
        outcomes: list[RunOutcome] = []
        try:
            for script, text in given:
                if len(ahead) >= AHEAD:
                    outcomes.append(await ahead[0])
                    ahead.popleft()
                ahead.append(self._add_later(org_id, script, call, text))
            while ahead:
                outcomes.append(await ahead[0])
                ahead.popleft()
        finally:
            for future in ahead:
                future.cancel()
        return outcomes

    def _add_later(self, org_id: OrgId, script: Script, call: Call, given: bytes) -> asyncio.Future[RunOutcome]:
        done: asyncio.Future[RunOutcome] = asyncio.get_running_loop().create_future()
        self._queue.add(Waiting(org_id, script, call, given.decode(), done, later=True))
        self._more.set()
        return done

    def _without_suspended(self, batch: list[Waiting]) -> list[Waiting]:
        """A batch without the calls of a list whose script was suspended since they were queued."""
        suspended = [one for one in batch if one.later and self._is_suspended(one.script)]
        for waiting in suspended:
            if not waiting.done.done():
                waiting.done.set_result(RunOutcome(RunStatus.SUSPENDED, "", 0))
        return [one for one in batch if not one.done.done()] if suspended else batch

    def _start(self) -> None:
        """Start the processes. Only for a call: an installation without codecs runs none for them."""
        if not self._loops:
            self._loops = [asyncio.create_task(self._serve()) for _ in range(self._config.workers)]

    async def close(self) -> None:
        """End every process."""
        for loop in self._loops:
            loop.cancel()
        await asyncio.gather(*self._loops, return_exceptions=True)
        self._loops = []

    async def _serve(self) -> None:
        """Run one process after another until cancelled."""
        while True:
            await self._next()
            try:
                process = await SandboxProcess.start(self._bounds, self._answer_within_s)
            except OSError as error:
                conditions().lasts("sandbox_not_started", str(error))
                await asyncio.sleep(RESTART_S)
                continue
            conditions().over("sandbox_not_started")
            self._processes.add(process)
            try:
                await self._feed(process)
            finally:
                self._processes.discard(process)
                # Shielded: a server that stops must not leave a process running.
                await asyncio.shield(process.end())
            self.restarts += 1

    async def _feed(self, process: SandboxProcess) -> None:
        """Send waiting calls to a process until it ends."""
        while process.running:
            await self._next()
            batch = self._without_suspended(self._queue.take())
            while batch:
                try:
                    batch = await self._run(process, batch)
                except SandboxEndedError as ended:
                    self._discard(batch, ended)
                    return
                # Cancelled between two outcomes: the unanswered calls are not lost.
                except BaseException:
                    self._queue.put_back(batch)
                    raise

    async def _run(self, process: SandboxProcess, batch: list[Waiting]) -> list[Waiting]:
        process.send(batch)
        while batch:
            outcome = await process.outcome()
            self._settle(batch.pop(0), RunOutcome(RunStatus(outcome.status), outcome.text, outcome.took_us))
            # Sent before the process has done the others, so that it never waits while their outcomes are used.
            more = self._more_of_lists() if len(batch) == FEW_LEFT else []
            if more:
                batch += more
                process.send(more)
        return batch

    def _more_of_lists(self) -> list[Waiting]:
        """The next batch of lists if no other call waits; empty also if their callers have gone."""
        return self._without_suspended(self._queue.take()) if self._queue.only_later else []

    def _discard(self, batch: list[Waiting], ended: SandboxEndedError) -> None:
        """Decide on the call during which a process ended; the calls after it go to the next process."""
        first, *rest = batch
        if first.later and not first.exact and rest:
            # Outcomes that were held are lost: it may be any of these calls, and the next process shows which.
            for waiting in batch:
                waiting.exact = True
            self._queue.put_back(batch)
            return
        first.tries += 1
        limit_us = int(self._config.time_limit_s * SECOND_US)
        _log.warning("sandbox_ended", org_id=first.org_id, overran=ended.overran, tries=first.tries)
        # Outcomes arrive in order, so the process was running the first call without one.
        if ended.overran:
            self._settle(first, RunOutcome(RunStatus.TIMED_OUT, "", limit_us))
        elif first.tries >= MAX_TRIES:
            self._settle(first, RunOutcome(RunStatus.CRASHED, "", limit_us))
        else:
            rest = [first, *rest]
        self._queue.put_back(rest)

    def _settle(self, waiting: Waiting, outcome: RunOutcome) -> None:
        self.calls += 1
        self._queue.took(waiting.script, outcome.took_us)
        self._judge(waiting.script, outcome)
        if not waiting.done.done():
            waiting.done.set_result(outcome)

    def _judge(self, script: Script, outcome: RunOutcome) -> None:
        if outcome.status not in OVERRUNS:
            self._failing.pop(script.key, None)
            return
        self.overruns += 1
        script_state = self._failing.setdefault(script.key, FailingScript())
        script_state.overruns += 1
        if script_state.overruns >= MAX_OVERRUNS:
            suspended_us = SUSPENSIONS.pause_us(script_state.overruns - MAX_OVERRUNS + 1)
            script_state.until_us = self._clock.now_us() + suspended_us
        if len(self._failing) > MAX_FAILING:
            # The oldest is forgotten: at worst its script uses its processor time again, but memory is bounded.
            self._failing.popitem(last=False)

    def _is_suspended(self, script: Script) -> bool:
        script_state = self._failing.get(script.key)
        return script_state is not None and self._clock.now_us() < script_state.until_us

    async def _next(self) -> None:
        while self._queue.is_empty:
            self._more.clear()
            await self._more.wait()
