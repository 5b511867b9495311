"""The frames on the pipes between the server and a process that runs codecs.

Shape: each frame is its length in 4 bytes (big-endian) and that many bytes of MessagePack. A list of `Job` is sent to the
process, which returns one `Outcome` per job, in the same order.
"""

from __future__ import annotations

import msgspec

HEAD_BYTES = 4
MAX_FRAME_BYTES = 64 * 1_048_576


class Job(msgspec.Struct, array_like=True):
    """One call of a codec. `script` None means that the process already has the script of this key.

    `input` is JSON: the argument of the codec's function. `held`: the outcome can be sent some milliseconds later, together with
    others.
    """

    key: bytes
    script: str | None
    call: str
    input: str
    held: bool = False


class Outcome(msgspec.Struct, array_like=True):
    """The outcome of a call. `status` is a value of `RunStatus`; `text` is the JSON result, or the reason of a failure."""

    status: str
    text: str
    took_us: int


class Bounds(msgspec.Struct):
    """The limits of one call."""

    time_s: float
    memory_bytes: int
    output_bytes: int


def frame(message: bytes) -> bytes:
    """A message with a length prefix."""
    return len(message).to_bytes(HEAD_BYTES, "big") + message
