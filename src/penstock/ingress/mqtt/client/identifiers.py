"""Packet identifiers as numbers in a circle, from 1 to 65,535. No I/O.

Most brokers number their messages in order and start again after 65,535. Two numbers then tell which message came first, as long
as they are less than half of the circle apart.
"""

from __future__ import annotations

COUNT = 65_535
SPAN = 28_672
"""How many messages to remember: less than half of the circle, and twice as many less than all of it. The difference, 4,095 and
more, is room for messages that a broker has in flight."""


def precedes(one: int, other: int) -> bool:
    """Whether a broker that counts upwards used the first identifier before the second."""
    return 0 < (other - one) % COUNT <= COUNT // 2


class RecentIdentifiers:
    """The identifiers that were added last: at least `SPAN` of them, at most twice as many. Takes 16 KiB at any rate."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Forget all."""
        self._current = bytearray(COUNT // 8 + 1)
        self._previous = bytearray(COUNT // 8 + 1)
        self._added = 0

    def add(self, packet_id: int) -> None:
        """Add an identifier."""
        if self._added == SPAN:
            self._previous, self._current, self._added = self._current, bytearray(COUNT // 8 + 1), 0
        self._current[packet_id >> 3] |= 1 << (packet_id & 7)
        self._added += 1

    def __contains__(self, packet_id: int) -> bool:
        return bool((self._current[packet_id >> 3] | self._previous[packet_id >> 3]) & 1 << (packet_id & 7))
