"""What a Retry-After header asks for."""

from __future__ import annotations

import pytest

from penstock.kit.clock import DAY_US, MINUTE_US, SECOND_US
from penstock.kit.retry_after import retry_after_us

NOW_US = 1_777_713_304_000_000


@pytest.mark.parametrize(
    ("text", "wanted_us"),
    [
        ("120", 120 * SECOND_US),
        (" 7 ", 7 * SECOND_US),
        ("Sat, 02 May 2026 09:25:04 GMT", 10 * MINUTE_US),
        ("Sat, 02 May 2026 09:00:00 GMT", 0),
        ("99999999999999999999", DAY_US),
        ("Sun, 02 May 2032 09:00:00 GMT", DAY_US),
        ("-5", 0),
        ("soon", 0),
        ("", 0),
        (None, 0),
    ],
)
def test_retry_after_is_seconds_or_a_date(text: str | None, wanted_us: int) -> None:
    assert retry_after_us(text, NOW_US) == wanted_us
