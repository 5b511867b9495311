"""What goes over the pipes between the server and a process that runs codecs.

Shape: each frame is its length in 4 bytes (big-endian) and that many bytes of MessagePack. To the process goes a list of
`Job`, from it comes one `Outcome` per job, in the same order.
"""

from __future__ import annotations

import msgspec

HEAD_BYTES = 4
MAX_FRAME_BYTES = 64 * 1_048_576


class Job(msgspec.Struct, array_like=True):
    """One call of a codec. `script` None means that the process has the script of this key already.

    `input` is JSON: what the codec's function is called with.
    """

    key: bytes
    script: str | None
    call: str
    input: str


class Outcome(msgspec.Struct, array_like=True):
    """How a call ended. `status` is a value of `RunStatus`; `text` is JSON of a good one, else the reason where it is known."""

    status: str
    text: str
    took_us: int


class Bounds(msgspec.Struct):
    """What one call may take."""

    time_s: float
    memory_bytes: int
    output_bytes: int


def frame(message: bytes) -> bytes:
    """A message with its length before it."""
    return len(message).to_bytes(HEAD_BYTES, "big") + message
