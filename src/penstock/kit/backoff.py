"""How long to pause after consecutive failures: one policy, in two shapes, for everything that retries.

Pure: it keeps no state and reads no clock. The caller counts its failures, passes a random source if it wants jitter, and waits.
penstock-agent has its own back-off (`agent/penstock_agent/backoff.py`), because it does not depend on the server.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

_MAX_DOUBLINGS = 40


class Doubling(msgspec.Struct, frozen=True, kw_only=True):
    """Doubles with each failure: min(first_us * 2 ** (failures - 1), longest_us).

    With first_us of 1 s and longest_us of 120 s: 1, 2, 4, 8, 16, 32, 64, 120, 120 … s.
    """

    first_us: int
    longest_us: int

    def pause_us(self, failures: int) -> int:
        """The pause after this many consecutive failures, at least 1."""
        return min(self.first_us << min(failures - 1, _MAX_DOUBLINGS), self.longest_us)


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """Reads each pause from a table, and repeats the last: pauses_us[min(failures, len(pauses_us)) - 1].

    With pauses_us of 5 s, 30 s, 2 min: 5 s, 30 s, 2 min, 2 min … A table is for documented pauses that clients rely on.
    """

    pauses_us: tuple[int, ...]

    def pause_us(self, failures: int) -> int:
        """The pause after this many consecutive failures, at least 1."""
        return self.pauses_us[min(failures, len(self.pauses_us)) - 1]


def jittered(pause_us: int, least: float, most: float, random: Callable[[], float]) -> int:
    """A pause between `least` and `most` times another: pause_us * (least + (most - least) * random()).

    `random` returns numbers from 0 to 1. With 8 s, 0.5 and 1.0: 4 to 8 s. Clients that failed together then do not retry
    together.
    """
    return round(pause_us * (least + (most - least) * random()))
