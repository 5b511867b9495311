"""How long a server asks its client to wait before the next attempt.

Source: RFC 9110 10.2.3 (Retry-After: seconds, or a date).
"""

from __future__ import annotations

from datetime import UTC
from email.utils import parsedate_to_datetime

from penstock.kit.clock import DAY_US, SECOND_US

MAX_RETRY_AFTER_US = DAY_US
"""The longest wait that is honoured: a server cannot silence Penstock for longer."""
BUSY = frozenset({429, 503})
"""The statuses that ask a client to wait."""


def retry_after_us(value: str | None, now_us: int) -> int:
    """How long the Retry-After header asks to wait: seconds or a date. Any other value counts as 0."""
    if not value:
        return 0
    text = value.strip()
    if text.isascii() and text.isdigit():
        # Python's `int` raises an error for more than 4,300 digits.
        return min(int(text[:9]) * SECOND_US, MAX_RETRY_AFTER_US)
    try:
        moment = parsedate_to_datetime(text)
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        wait_us = int(aware.timestamp() * SECOND_US) - now_us
    except (ValueError, TypeError, OverflowError):
        return 0
    return min(max(wait_us, 0), MAX_RETRY_AFTER_US)
