"""Times in Kaito's queries: a length before now, such as `7d` or `12h`, or a time."""

from __future__ import annotations

from penstock.api.shared.audit_rows import time_of
from penstock.kit.clock import DAY_US, HOUR_US


def moment_of(text: str | None, field: str, now_us: int) -> int | None:
    """Parse a length before now, or a time.

    Raises:
        InvalidInput: it is neither; the error names the field.
    """
    unit = {"d": DAY_US, "h": HOUR_US}.get(text[-1:]) if text else None
    if text and unit and text[:-1].isascii() and text[:-1].isdigit() and len(text) <= 6:
        return max(now_us - int(text[:-1]) * unit, 0)
    return time_of(text, field)
