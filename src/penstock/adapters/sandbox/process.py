"""One process that runs codecs, from the server's side."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from collections.abc import Sequence

import msgspec

from penstock.adapters.sandbox.frames import HEAD_BYTES, MAX_FRAME_BYTES, Bounds, Job, Outcome, frame
from penstock.adapters.sandbox.turns import Waiting

MAX_SCRIPTS_BYTES = 8 * 1_048_576
"""The size of the scripts that a process keeps."""
READ_BYTES = 65_536
MODULE = "penstock.adapters.sandbox.worker"


class SandboxEndedError(Exception):
    """The process ended, or was ended, during a call. `overran` is true if the call exceeded its limits."""

    def __init__(self, *, overran: bool) -> None:
        super().__init__("the sandbox ended")
        self.overran = overran


class SandboxProcess:
    """A process and the pipes to it."""

    def __init__(self, process: asyncio.subprocess.Process, answer_within_s: float) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._process = process
        self._jobs = process.stdin
        self._outcomes = process.stdout
        self._answer_within_s = answer_within_s
        self._scripts: set[bytes] = set()
        self._scripts_bytes = 0
        self._encoder = msgspec.msgpack.Encoder()
        self._decoder = msgspec.msgpack.Decoder(Outcome)
        self._received = bytearray()

    @classmethod
    async def start(cls, bounds: Bounds, answer_within_s: float) -> SandboxProcess:
        """Start a process. It gets none of the server's environment, which can contain secrets.

        Its time zone is UTC wherever the server is: manufacturers specify their codecs' output in UTC.
        """
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            # Isolated: neither PYTHONPATH nor a user's site-packages nor the working directory affects imports.
            "-I",
            "-m",
            MODULE,
            msgspec.json.encode(bounds).decode(),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={"TZ": "UTC0"},
            cwd="/",
        )
        return cls(process, answer_within_s)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process.returncode is None

    def send(self, batch: Sequence[Waiting]) -> None:
        """Send at least one call; the outcomes arrive in the same order."""
        # An empty list tells the process to forget all scripts.
        assert batch
        # All at once and on both sides: otherwise the two would have to agree on which script to drop.
        if self._scripts_bytes > MAX_SCRIPTS_BYTES:
            self._scripts.clear()
            self._scripts_bytes = 0
            self._jobs.write(frame(self._encoder.encode([])))
        self._jobs.write(frame(self._encoder.encode([self._job(waiting) for waiting in batch])))

    def _job(self, waiting: Waiting) -> Job:
        script, text = waiting.script, None
        if script.key not in self._scripts:
            self._scripts.add(script.key)
            self._scripts_bytes += len(script.text)
            text = script.text
        return Job(script.key, text, waiting.call.value, waiting.given, waiting.later and not waiting.exact)

    async def outcome(self) -> Outcome:
        """The outcome of the next call.

        Raises:
            SandboxEndedError: there will be none; the process has ended.
        """
        try:
            message = self._next_message()
            if message is None:  # a timer for each of many outcomes that came together would cost more than to decode them
                async with asyncio.timeout(self._answer_within_s):
                    message = await self._receive()
            return self._decoder.decode(message)
        except TimeoutError:
            await self.end()
            raise SandboxEndedError(overran=True) from None
        except (EOFError, OSError, msgspec.DecodeError):
            await self.end()
            # SIGPROF is the kernel's timer of processor time: the call exceeded its limit. Any other end came from outside.
            raise SandboxEndedError(overran=self._process.returncode == -signal.SIGPROF) from None

    async def _receive(self) -> bytes:
        while (message := self._next_message()) is None:
            received = await self._outcomes.read(READ_BYTES)
            if not received:
                raise EOFError
            self._received += received
        return message

    def _next_message(self) -> bytes | None:
        """The next message that was received completely, or None."""
        received = self._received
        if len(received) < HEAD_BYTES:
            return None
        size = int.from_bytes(received[:HEAD_BYTES], "big")
        # A process that runs untrusted scripts may have been taken over. None of its output is trusted, least of all its lengths.
        if size > MAX_FRAME_BYTES:
            raise msgspec.DecodeError("the frame is too large")
        end = HEAD_BYTES + size
        if len(received) < end:
            return None
        message = bytes(received[HEAD_BYTES:end])
        del received[:end]
        return message

    async def end(self) -> None:
        """Kill the process if it is running, and wait for its end."""
        with contextlib.suppress(ProcessLookupError):
            if self.running:
                if self._outcomes.at_eof():  # it is ending on its own: its exit status shows why
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(self._process.wait(), 1)
                if self.running:
                    self._process.kill()
        await self._process.wait()
        self._jobs.close()
