"""What the server and the process that reads a picture tell each other. Apart from the picture, which is sent as it is."""

from __future__ import annotations

import msgspec

FAULTS = ("format", "pixels", "memory")


class Bounds(msgspec.Struct, frozen=True):
    """The limits of a picture."""

    picture_bytes: int
    pixels: int


class Outcome(msgspec.Struct, frozen=True):
    """The texts of the codes in a picture, or why it was not read, one of `FAULTS`."""

    texts: list[str] = []
    fault: str | None = None
