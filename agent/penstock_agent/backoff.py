"""How long to wait before the next connection."""

from __future__ import annotations

from collections.abc import Callable


class Backoff:
    """Doubles from try to try: 5, 10, 20, 40, 80, 120, 120 s with the usual settings, each ± three quarters by chance.

    So wide, because of agents that lost one server together no tenth may come back in the same second, from the second try on.
    """

    def __init__(self, random: Callable[[], float]) -> None:
        """`random` gives numbers from 0 to 1."""
        self._random = random
        self._tries = 0

    def next_s(self, first_s: float, max_s: float) -> float:
        """Seconds to wait now."""
        delay_s = min(first_s * 2 ** min(self._tries, 32), max_s)
        self._tries += 1
        return float(min(delay_s * (0.25 + 1.5 * self._random()), max_s))

    def reset(self) -> None:
        """The connection is good: begin again from the first wait."""
        self._tries = 0
