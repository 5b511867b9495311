"""How long to pause after failures in a row: one policy, in two shapes, for everybody who tries again.

Pure: it keeps no state and reads no clock. The caller counts its failures, passes a source of chance if it wants jitter, and
waits. penstock-agent has a back-off of its own (`agent/penstock_agent/backoff.py`): it knows nothing of the server.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

_MAX_DOUBLINGS = 40


class Doubling(msgspec.Struct, frozen=True, kw_only=True):
    """Doubles from failure to failure: min(first_us * 2 ** (failures - 1), longest_us).

    With first_us of 1 s and longest_us of 120 s: 1, 2, 4, 8, 16, 32, 64, 120, 120 … s.
    """

    first_us: int
    longest_us: int

    def pause_us(self, failures: int) -> int:
        """The pause after so many failures in a row, from 1 on."""
        return min(self.first_us << min(failures - 1, _MAX_DOUBLINGS), self.longest_us)


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """Takes each pause from a table, and repeats the last: pauses_us[min(failures, len(pauses_us)) - 1].

    With pauses_us of 5 s, 30 s, 2 min: 5 s, 30 s, 2 min, 2 min … A table is for pauses that others rely on, as documented.
    """

    pauses_us: tuple[int, ...]

    def pause_us(self, failures: int) -> int:
        """The pause after so many failures in a row, from 1 on."""
        return self.pauses_us[min(failures, len(self.pauses_us)) - 1]


def jittered(pause_us: int, least: float, most: float, random: Callable[[], float]) -> int:
    """A pause of between `least` and `most` times another: pause_us * (least + (most - least) * random()).

    `random` gives numbers from 0 to 1. With 8 s, 0.5 and 1.0: 4 to 8 s. What failed together then does not come back together.
    """
    return round(pause_us * (least + (most - least) * random()))
