"""The plan of a re-decode: the numbers of its uplinks in the order in which they are decoded, and their form in the database.

Shape: differences of consecutive numbers as 64-bit integers, little-endian, compressed. Most differences are small and repeated,
so that a plan has a byte or less for each uplink. numpy does this without stopping other threads for seconds; it is imported
where it is used, because a server that decodes nothing again does not need it.
"""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Callable
from typing import TypeAlias

from penstock.kit.ids import Seq

MAX_UPLINKS = 5_000_000
"""The most uplinks of one re-decode: their plan is in memory while it runs."""

LacksValues: TypeAlias = Callable[[bytes], bool | None]


class TooManyUplinksError(Exception):
    """There are more uplinks than a plan can have."""


def encode_plan(plan: array[int]) -> bytes:
    """The stored form of a plan."""
    import numpy as np

    differences = np.diff(np.frombuffer(plan, np.int64), prepend=0) if plan else np.empty(0, np.int64)
    return zlib.compress(differences.astype("<i8").tobytes(), 1)


def decode_plan(stored: bytes) -> array[int]:
    """A plan from its stored form."""
    import numpy as np

    return array("q", np.cumsum(np.frombuffer(zlib.decompress(stored), "<i8"), dtype=np.int64).tobytes())


class PlanBuilder:
    """Collects the uplinks of a plan. Called in another thread, one chunk at a time."""

    def __init__(self, lacks_values: LacksValues, *, only_failed: bool) -> None:
        self._lacks_values = lacks_values
        self._only_failed = only_failed
        self._without = array("q")
        self._others = array("q")

    def add(self, seqs: list[Seq], payloads: list[bytes]) -> None:
        """Add those of a chunk that have bytes to decode.

        Raises:
            TooManyUplinksError.
        """
        for seq, payload in zip(seqs, payloads, strict=True):
            lacking = self._lacks_values(payload)
            if lacking:
                self._without.append(seq)
            elif lacking is False and not self._only_failed:
                self._others.append(seq)
        if len(self._without) + len(self._others) > MAX_UPLINKS:
            raise TooManyUplinksError

    def seqs(self) -> array[int]:
        """The plan: uplinks without values first, each kind in the order of arrival."""
        import numpy as np

        for part in (self._without, self._others):
            if part:
                np.frombuffer(part, np.int64).sort()  # in place, and other threads run meanwhile
        return self._without + self._others
