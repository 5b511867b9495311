"""The parts of a time in a time zone: `reading.time.getHours("Europe/Berlin")`.

The engine's own functions open a file by the name of the zone, in the operating system's database, which a container may lack.
A name such as `/dev/stdin` would be opened too. These use Python's database and accept only its names.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cel_expr_python import cel

_OFFSET = re.compile(r"([+-]?)(\d\d):(\d\d)", re.ASCII)
_PARTS: dict[str, Callable[[datetime], int]] = {
    "FullYear": lambda at: at.year,
    "Month": lambda at: at.month - 1,
    "Date": lambda at: at.day,
    "DayOfMonth": lambda at: at.day - 1,
    "DayOfWeek": lambda at: at.isoweekday() % 7,
    "DayOfYear": lambda at: at.timetuple().tm_yday - 1,
    "Hours": lambda at: at.hour,
    "Minutes": lambda at: at.minute,
    "Seconds": lambda at: at.second,
    "Milliseconds": lambda at: at.microsecond // 1_000,
}
REPLACED = {f"get{part}": f"loc{part}" for part in _PARTS}
"""The engine's functions with their replacement, a name of the same length, if a time zone is given."""


@lru_cache(maxsize=1_024)
def zone(name: str) -> tzinfo:
    """A time zone by its IANA name or its offset, such as `+02:00`.

    Raises:
        ValueError: it is neither.
    """
    if match := _OFFSET.fullmatch(name):
        offset = timedelta(hours=int(match[2]), minutes=int(match[3]))
        return timezone(-offset if match[1] == "-" else offset)
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("the time zone must be an IANA time zone, such as Europe/Berlin, or an offset") from None


def replacements() -> list[cel.FunctionDecl]:
    """The functions that replace those of the engine."""
    return [cel.FunctionDecl(REPLACED[f"get{part}"], [_overload(part, read)]) for part, read in _PARTS.items()]


def _overload(part: str, read: Callable[[datetime], int]) -> cel.Overload:
    types = [cel.Type.TIMESTAMP, cel.Type.STRING]

    def found(at: datetime, name: str) -> int:
        return read(at.astimezone(zone(name)))

    return cel.Overload(f"zoned_{part}", cel.Type.INT, types, is_member=True, impl=found)
