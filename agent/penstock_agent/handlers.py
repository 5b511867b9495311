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
_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,99}")


@dataclass(frozen=True, slots=True)
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
    """Run a script to its end, or until its time limit; then kill it and the processes it started."""
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
    try:
        async with asyncio.timeout(timeout_s):
            # All three at the same time: a script that waits until one pipe is read or written would otherwise never end.
            _, result, complaint = await asyncio.gather(
                _feed(process, json.dumps(parameters).encode()), _listen(process, on_progress), _complaint(process)
            )
            status = await process.wait()
    except TimeoutError:
        return Outcome(False, error=f"the script did not end within {timeout_s:g} s")
    finally:
        # Also when the agent stops: the script's outcome could no longer be reported.
        await _kill(process)
    if status != 0:
        return Outcome(False, result, complaint or f"the script ended with status {status}")
    return Outcome(True, result)


async def _feed(process: asyncio.subprocess.Process, text: bytes) -> None:
    assert process.stdin is not None
    with contextlib.suppress(ConnectionError):  # a script need not read its input
        process.stdin.write(text)
        await process.stdin.drain()
    process.stdin.close()


async def _listen(process: asyncio.subprocess.Process, on_progress: Callable[[Any], Awaitable[None]]) -> Any:
    """Report progress lines. Returns the result."""
    assert process.stdout is not None
    result: Any = None
    while True:
        try:
            line = await process.stdout.readline()
        except ValueError:  # the line is too long: the part that was read is dropped
            continue
        if not line:
            return result
        parsed = _read(line)
        if isinstance(parsed, dict) and parsed.keys() == {"progress"}:
            await on_progress(parsed["progress"])
        elif parsed != "":
            result = parsed


def _read(line: bytes) -> Any:
    text = line.decode("utf-8", "replace").strip()
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


async def _complaint(process: asyncio.subprocess.Process) -> str:
    """The end of a script's standard error."""
    assert process.stderr is not None
    kept = b""
    while data := await process.stderr.read(4096):
        kept = (kept + data)[-MAX_ERROR_BYTES:]
    return kept.decode("utf-8", "replace").strip()


async def _kill(process: asyncio.subprocess.Process) -> None:
    """Kill a script that is still running, and its whole session: it may have started other processes."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
