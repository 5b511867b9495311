"""Times as forms and addresses carry them: with an offset, or as a wall clock shows them in the person's zone."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo


def utc_text(text: str, zone: ZoneInfo) -> str:
    """A typed time in the form of the API. Without an offset it is one in the zone; other text stays, for the API to refuse."""
    try:
        found = datetime.datetime.fromisoformat(text.strip())
    except ValueError:
        return text.strip()
    local = found if found.tzinfo is not None else found.replace(tzinfo=zone)
    return local.astimezone(datetime.UTC).isoformat().replace("+00:00", "Z")


def around(begin: str, end: str | None) -> tuple[str, str | None]:
    """A span with some time before and after it, in the form of the API; without an end it lasts until now."""
    first = datetime.datetime.fromisoformat(begin)
    last = datetime.datetime.fromisoformat(end) if end else None
    length = last - first if last else datetime.timedelta()
    margin = min(max(length / 2, datetime.timedelta(hours=1)), datetime.timedelta(days=1))
    return (first - margin).isoformat(), (last + margin).isoformat() if last else None
