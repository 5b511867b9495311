"""How long to wait before the next connection."""

from __future__ import annotations

from collections.abc import Callable


class Backoff:
    """Doubles with each attempt: 5, 10, 20, 40, 80, 120, 120 s with the default settings, each with a jitter of ± three quarters.

    The jitter is this wide so that, of agents that lost one server together, no tenth reconnects in the same second from the
    second attempt on.
    """

    def __init__(self, random: Callable[[], float]) -> None:
        """`random` returns numbers from 0 to 1."""
        self._random = random
        self._tries = 0

    def next_s(self, first_s: float, max_s: float) -> float:
        """The seconds to wait now."""
        delay_s = min(first_s * 2 ** min(self._tries, 32), max_s)
        self._tries += 1
        return float(min(delay_s * (0.25 + 1.5 * self._random()), max_s))

    def reset(self) -> None:
        """The connection is good: start again with the first wait."""
        self._tries = 0
