"""The process that runs codecs: jobs in on stdin, outcomes out on stdout, nothing else.

It has no environment except UTC, cannot open files, sockets or processes (its limits in the kernel prevent it), and holds
nothing of value: killing it costs one call, which is tried again in the next process. Each call has a fresh engine, with only
the language and the codec; so any changes that a codec makes end with the call, whichever organisation's call is next.

Three mechanisms end a call that takes too long: the engine, which checks the processor time between its instructions; the
kernel, by a timer of the process's processor time, if the engine is within one long instruction and does not check; and the
server, which kills a process that does not respond.
"""

from __future__ import annotations

import resource
import signal
import sys
import time
from pathlib import Path
from typing import BinaryIO

import msgspec
import quickjs

from penstock.adapters.sandbox.frames import HEAD_BYTES, Bounds, Job, Outcome, frame
from penstock.adapters.sandbox.library import library_for, load_library
from penstock.adapters.sandbox.prelude import prelude, with_finder
from penstock.core.codecs.ports import Call, RunStatus

STACK_BYTES = 512 * 1024
SPARE_BYTES = 128 * 1_048_576
"""Address space in addition to the engine's memory: the interpreter's own, frames and the engine's output."""
KILL_AFTER = 2
"""The kernel ends the process after this multiple of the time limit."""
ENDED_BY_ENGINE = "InternalError: interrupted"
"""What the engine throws when a call's time is up; no codec can catch it."""
MAX_MESSAGE = 1_000
HELD_S = 0.005
"""How long outcomes are held if no request waits for them: the server then wakes once for many of them."""
NO_MEMORY = '{"thrown":"InternalError: out of memory'


class Engine:
    """Runs jobs in order."""

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self._scripts: dict[bytes, str] = {}
        self._texts: dict[tuple[bytes, str], tuple[str, str, str]] = {}

    def run(self, job: Job) -> Outcome:
        """Run one call in a fresh context."""
        if job.script is not None:
            self._scripts[job.key] = job.script
        begun, cpu = time.perf_counter(), time.process_time()
        # Processor time, not wall time: on a busy machine a codec must not be charged for the time of other processes.
        signal.setitimer(signal.ITIMER_PROF, self._bounds.time_s * KILL_AFTER)
        try:
            status, text = self._call(job, cpu)
        except MemoryError:
            status, text = RunStatus.OUT_OF_MEMORY, ""
        except Exception as error:
            status, text = self._failure(error, cpu)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
        return Outcome(status.value, text, int((time.perf_counter() - begun) * 1e6))

    def forget(self) -> None:
        """Forget every script; the next job of each sends it again."""
        self._scripts.clear()
        self._texts.clear()

    def _call(self, job: Job, cpu: float) -> tuple[RunStatus, str]:
        library, before, codec = self._texts.get((job.key, job.call)) or self._compose(job)
        # A new engine costs 0.07 ms, and is the only approach that leaves nothing behind (docs/decisions/0014).
        context = quickjs.Context()
        context.set_memory_limit(self._bounds.memory_bytes)
        context.set_max_stack_size(STACK_BYTES)
        # The prelude before the codec: it stores JSON and other functions while they are still the engine's own.
        call = context.eval(before)
        self._allow(context, cpu)
        if library:
            context.eval(library)
            self._allow(context, cpu)
        found = context.eval(codec)
        self._allow(context, cpu)
        answer = call(found, job.input)
        # The prelude always returns a string. If it did not, the codec has replaced a function that the prelude calls.
        if not isinstance(answer, str):
            return RunStatus.FAILED, "the codec broke the language it is written in"
        if answer.startswith(NO_MEMORY):
            return RunStatus.OUT_OF_MEMORY, ""
        if len(answer) > self._bounds.output_bytes:
            return RunStatus.TOO_LARGE, ""
        return RunStatus.OK, answer

    def _compose(self, job: Job) -> tuple[str, str, str]:
        script, call = self._scripts[job.key], Call(job.call)
        texts = self._texts[job.key, job.call] = (library_for(script), prelude(call, script), with_finder(call, script))
        return texts

    def _allow(self, context: quickjs.Context, cpu: float) -> None:
        """Give the engine the rest of the call's time; the engine counts from here on."""
        left = self._bounds.time_s - (time.process_time() - cpu)
        if left <= 0:
            raise TimeoutError
        context.set_time_limit(left)

    def _failure(self, error: Exception, cpu: float) -> tuple[RunStatus, str]:
        message = str(error).strip().removesuffix("\nundefined")
        # The engine's clock and ours differ by their rounding, so what the engine ended counts too.
        if time.process_time() - cpu >= self._bounds.time_s or message.startswith(ENDED_BY_ENGINE):
            return RunStatus.TIMED_OUT, ""
        if isinstance(error, quickjs.JSException) and (message == "null" or "out of memory" in message):
            return RunStatus.OUT_OF_MEMORY, ""
        return RunStatus.FAILED, message[:MAX_MESSAGE]


def serve(bounds: Bounds, jobs: BinaryIO, outcomes: BinaryIO) -> None:
    """Run jobs until the input ends."""
    engine = Engine(bounds)
    decoder, encoder = msgspec.msgpack.Decoder(list[Job]), msgspec.msgpack.Encoder()
    while head := jobs.read(HEAD_BYTES):
        batch = decoder.decode(jobs.read(int.from_bytes(head, "big")))
        if not batch:
            engine.forget()
        sent = time.monotonic()
        for number, job in enumerate(batch, 1):
            outcomes.write(frame(encoder.encode(engine.run(job))))
            if not job.held or number == len(batch) or time.monotonic() - sent >= HELD_S:
                outcomes.flush()
                sent = time.monotonic()


def shut_in(bounds: Bounds) -> None:
    """Give up every permission that a codec does not need, in case it escapes the engine."""
    size = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize() if sys.platform == "linux" else 0
    if size:
        # In addition to the mapped memory: RLIMIT_AS counts address space, of which the interpreter alone has much.
        room = size + bounds.memory_bytes + SPARE_BYTES
        resource.setrlimit(resource.RLIMIT_AS, (room, room))
    for limit in (resource.RLIMIT_NOFILE, resource.RLIMIT_FSIZE, resource.RLIMIT_CORE, resource.RLIMIT_NPROC):
        resource.setrlimit(limit, (0, 0))
    # The default action ends the process in the kernel. A handler in Python would wait for the instruction to end.
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which ends this process itself


def main() -> None:
    """Serve stdin and stdout. The limits are JSON in the first argument."""
    bounds = msgspec.json.decode(sys.argv[1], type=Bounds)
    quickjs.Context().eval("1")  # loads lazily loaded parts before files can no longer be opened
    load_library()
    shut_in(bounds)
    serve(bounds, sys.stdin.buffer, sys.stdout.buffer)


if __name__ == "__main__":
    main()
