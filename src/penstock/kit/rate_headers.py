"""The remaining limits of a caller as response headers. All surfaces and transports return the same four."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from penstock.kit.http import Headers

_NAMES = {
    "minute": (b"x-ratelimit-limit", b"x-ratelimit-remaining"),
    "day": (b"x-ratelimit-daily-limit", b"x-ratelimit-daily-remaining"),
}


class LimitLike(Protocol):
    """What a header shows of a limit."""

    @property
    def window(self) -> str:
        """The time over which it counts."""

    @property
    def count(self) -> int:
        """The number of calls that it allows."""


def rate_headers(left: Iterable[tuple[LimitLike, int]]) -> Headers:
    """The remaining limits as headers. Of two limits with the same window, the one with less remaining is shown."""
    least: dict[str, tuple[LimitLike, int]] = {}
    for one in left:
        found = least.get(one[0].window)
        if found is None or one[1] < found[1]:
            least[one[0].window] = one
    headers: Headers = []
    for window, (limit, remaining) in least.items():
        name, name_of_remaining = _NAMES[window]
        headers.append((name, b"%d" % limit.count))
        headers.append((name_of_remaining, b"%d" % remaining))
    return headers
