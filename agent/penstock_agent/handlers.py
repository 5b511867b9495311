"""Commands as scripts: an executable file in the commands folder, with the name of the command.

The script gets the parameters as JSON on its standard input, and the id in `PENSTOCK_COMMAND_ID`. A line `{"progress": …}` on
its standard output is reported immediately; the last other line is the result, as JSON if it is valid JSON, else as text. Exit
status 0 means done; any other means failed, with the end of its standard error as the reason.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MAX_LINE_BYTES = 16_384
MAX_ERROR_BYTES = 2_000
POLL_S = 0.02
DRAIN_S = 1.0
"""How long the last output of a script that has ended may take to arrive."""
_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,99}")


@dataclass(frozen=True)
class Outcome:
    """The outcome of a script."""

    ok: bool
    result: Any = None
    error: str | None = None


def find_script(folder: Path, name: str) -> Path | None:
    """The executable script of a command, if there is one. A name never leads out of the folder."""
    if not _NAME.fullmatch(name):
        return None
    path = folder / name
    return path if path.is_file() and os.access(path, os.X_OK) else None


async def run_script(
    path: Path, command_id: str, parameters: dict[str, Any], timeout_s: float, on_progress: Callable[[Any], Awaitable[None]]
) -> Outcome:
    """Run a script to its end, or until its time limit; then kill it and the processes it started.

    Processes that a script leaves in the background continue if they have closed its outputs, as `nohup … >/dev/null 2>&1 &`
    does. The others are killed when the script ends.
    """
    try:
        process = await asyncio.create_subprocess_exec(
            str(path),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=os.environ | {"PENSTOCK_COMMAND_ID": command_id},
            cwd=path.parent,
            # A separate session, so that `_kill` also reaches the processes that the script started.
            start_new_session=True,
            limit=MAX_LINE_BYTES,
        )
    except OSError as error:
        return Outcome(False, error=f"the script cannot be run: {error.strerror}")
    outputs = _Outputs(process, on_progress)
    # All three at the same time: a script that waits until one pipe is read or written would otherwise never end.
    work = asyncio.gather(_feed(process, json.dumps(parameters).encode()), outputs.listen(), outputs.listen_to_errors())
    status = None
    try:
        status = await asyncio.wait_for(_ended(process), timeout_s)
        await asyncio.wait([work], timeout=DRAIN_S)
    except asyncio.TimeoutError:
        return Outcome(False, error=f"the script did not end within {timeout_s:g} s")
    finally:
        # Also when the agent stops: the script's outcome could no longer be reported.
        if status is None or not work.done():
            await _kill(process)
            await asyncio.wait([work], timeout=DRAIN_S)
        complete = work.done()
        await _close(process, work)
    if complete:
        work.result()  # raises what went wrong in reporting progress
    return outputs.outcome(status)


async def _close(process: asyncio.subprocess.Process, work: asyncio.Future[Any]) -> None:
    """Stop listening. A process in another session can keep the pipes open for ever."""
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)
    # Nothing public closes this side of the pipes.
    process._transport.close()  # type: ignore[attr-defined]


async def _ended(process: asyncio.subprocess.Process) -> int:
    """Wait for the end of the script itself.

    Not `process.wait()`, which in some versions of Python also waits until every process has closed the script's outputs.
    """
    while process.returncode is None:  # noqa: ASYNC110  (nothing else tells it in every version of Python)
        await asyncio.sleep(POLL_S)
    return process.returncode


class _Outputs:
    """What a script has written so far."""

    def __init__(self, process: asyncio.subprocess.Process, on_progress: Callable[[Any], Awaitable[None]]) -> None:
        self._process = process
        self._on_progress = on_progress
        self._result: Any = None
        self._errors = b""

    def outcome(self, status: int) -> Outcome:
        """The outcome of a script that ended with this status."""
        if status == 0:
            return Outcome(True, self._result)
        complaint = self._errors.decode("utf-8", "replace").strip()
        return Outcome(False, self._result, complaint or f"the script ended with status {status}")

    async def listen(self) -> None:
        """Report progress lines, and keep the last other one."""
        assert self._process.stdout is not None
        while True:
            try:
                line = await self._process.stdout.readline()
            except ValueError:  # the line is too long: the part that was read is dropped
                continue
            if not line:
                return
            parsed = _read(line)
            if isinstance(parsed, dict) and parsed.keys() == {"progress"}:
                await self._on_progress(parsed["progress"])
            elif parsed != "":
                self._result = parsed

    async def listen_to_errors(self) -> None:
        """Keep the end of the script's standard error."""
        assert self._process.stderr is not None
        while data := await self._process.stderr.read(4096):
            self._errors = (self._errors + data)[-MAX_ERROR_BYTES:]


async def _feed(process: asyncio.subprocess.Process, text: bytes) -> None:
    assert process.stdin is not None
    with contextlib.suppress(ConnectionError):  # a script need not read its input
        process.stdin.write(text)
        await process.stdin.drain()
    process.stdin.close()


def _read(line: bytes) -> Any:
    text = line.decode("utf-8", "replace").strip()
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


async def _kill(process: asyncio.subprocess.Process) -> None:
    """Kill a script and the processes of its session that still run, also those that it left behind."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    await _ended(process)
