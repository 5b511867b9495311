"""Counts what addresses do within a minute."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable

WINDOW_S = 60.0
MOST_NAMES = 10_000
"""Names that are counted at once. With more, the oldest are forgotten."""


class Windows:
    """At most `limit` events per name within a minute. The time is that of `monotonic`, in seconds."""

    def __init__(self, limit: int, monotonic: Callable[[], float]) -> None:
        self._limit = limit
        self._monotonic = monotonic
        self._counts: dict[str, tuple[float, int]] = {}
        """The begin of the window of each name, in the order of these begins, and its count."""

    def count(self, name: str) -> bool:
        """Count an event; False if the limit is exceeded."""
        now = self._monotonic()
        begun, count = self._current(name, now)
        if not count:
            self._counts.pop(name, None)
            if len(self._counts) >= MOST_NAMES:
                del self._counts[next(iter(self._counts))]
        self._counts[name] = (begun, count + 1)
        return count < self._limit

    def is_exceeded(self, name: str) -> bool:
        """Whether the next event would exceed the limit."""
        return self._current(name, self._monotonic())[1] >= self._limit

    def _current(self, name: str, now: float) -> tuple[float, int]:
        begun, count = self._counts.get(name, (now, 0))
        return (begun, count) if now - begun < WINDOW_S else (now, 0)


def network_of(peer: str) -> str:
    """What counts as one client: an IPv4 address, or the /64 network of an IPv6 address."""
    try:
        address = ipaddress.ip_address(peer.partition("%")[0])
    except ValueError:
        return peer
    if isinstance(address, ipaddress.IPv6Address):
        mapped = address.ipv4_mapped
        return str(mapped) if mapped else str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)
