"""The remaining limits as headers: the least of each window, and nothing for a caller without limits."""

from __future__ import annotations

from penstock.core.limits.models import Limit, LimitScope, Window
from penstock.kit.rate_headers import rate_headers


def limit(window: Window, count: int) -> Limit:
    return Limit("any", LimitScope.ACCOUNT, count, window)


def test_of_two_limits_of_a_window_the_one_with_less_left_is_shown() -> None:
    left = [(limit(Window.MINUTE, 60), 59), (limit(Window.MINUTE, 1_000), 3), (limit(Window.DAY, 5_000), 7)]
    assert rate_headers(left) == [
        (b"x-ratelimit-limit", b"1000"),
        (b"x-ratelimit-remaining", b"3"),
        (b"x-ratelimit-daily-limit", b"5000"),
        (b"x-ratelimit-daily-remaining", b"7"),
    ]


def test_no_limit_is_no_header() -> None:
    assert rate_headers([]) == []
