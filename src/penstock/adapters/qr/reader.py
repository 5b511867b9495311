"""Implements `PictureReader`: one short-lived process for each picture, a few at once."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import Sequence

import msgspec

from penstock.adapters.qr.frames import Bounds, Outcome
from penstock.core.tokens.pictures import FIELD, MAX_PICTURE_BYTES, MAX_PIXELS, check_size
from penstock.kit.errors import InvalidInput, Kind, PenstockError

MODULE = "penstock.adapters.qr.worker"
AT_ONCE = 2
MAX_WAITING = 16
WITHIN_S = 60.0
"""Wall time, and far more than the kernel's limit of processor time, which a busy machine grants late."""
MAX_OUTCOME_BYTES = 4 * 1_048_576
_FAULTS = {
    "format": ("must be a complete PNG or JPEG picture", "invalid"),
    "pixels": (f"must have at most {MAX_PIXELS:,} pixels", "too_large"),
    "memory": ("takes too much memory to decode", "too_large"),
}


class TooManyPictures(PenstockError):
    """Too many pictures are waiting to be read. This one was not read."""

    kind, code = Kind.UNAVAILABLE, "tokens.too_many_pictures"
    message = "too many pictures are being read; retry shortly"


class QrReader:
    """The processes, and the pictures that wait for one."""

    def __init__(self) -> None:
        self._free = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0

    async def read(self, picture: bytes) -> Sequence[str]:
        check_size(picture)
        if self._waiting >= MAX_WAITING:
            raise TooManyPictures()
        self._waiting += 1
        try:
            async with self._free:
                outcome = await self._read(picture)
        finally:
            self._waiting -= 1
        if outcome.fault is not None:
            detail, code = _FAULTS[outcome.fault]
            raise InvalidInput.field(FIELD, detail, code)
        return outcome.texts

    async def _read(self, picture: bytes) -> Outcome:
        process = await start()
        try:
            async with asyncio.timeout(WITHIN_S):
                return decoded(await _exchanged(process, picture))
        except TimeoutError:
            raise TooManyPictures() from None
        finally:
            # Also if the caller has gone: a process must not be left behind.
            await asyncio.shield(_end(process))


async def _exchanged(process: asyncio.subprocess.Process, picture: bytes) -> bytes:
    """What a process writes about a picture, within the limit: one that was taken over could write without end."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(picture)
    process.stdin.close()  # once all of it is written, or the process has ended
    written = bytearray()
    while len(written) <= MAX_OUTCOME_BYTES and (part := await process.stdout.read(65_536)):
        written += part
    return bytes(written)


async def start() -> asyncio.subprocess.Process:
    """Start a process. It gets none of the server's environment, which can contain secrets."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",  # isolated: neither PYTHONPATH nor the working directory affects imports
        "-m",
        MODULE,
        msgspec.json.encode(Bounds(MAX_PICTURE_BYTES, MAX_PIXELS)).decode(),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={},
        cwd="/",
    )


def decoded(written: bytes) -> Outcome:
    """What a process wrote. It may have been taken over, so its output is not trusted; one that was ended wrote none."""
    if len(written) <= MAX_OUTCOME_BYTES:
        with contextlib.suppress(msgspec.DecodeError, ValueError):
            outcome = msgspec.msgpack.decode(written, type=Outcome)
            if outcome.fault is None or outcome.fault in _FAULTS:
                return outcome
    return Outcome(fault="memory")


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
    if process.stdout is not None:
        await process.stdout.read()  # what is left in the pipe: until it is read, the end of the process is not reported
    await process.wait()
