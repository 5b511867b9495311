"""The event time that a sender states, read in one way for all ways in.

Accepted are RFC 3339 with an offset, and epoch seconds or milliseconds as a number (`kit.clock.parse_time`). A local time without
an offset, microseconds, nanoseconds and numbers in a string are not guessed at: a wrong guess would be an hour or a century off.
A sender that waits for an answer gets an error. From any other, the message is quarantined and counted on its device, or, where
the time is a network server's and not the device's, the reading is stored at its time of arrival, and this is counted.
"""

from __future__ import annotations

import json

from penstock.kit.clock import parse_time
from penstock.kit.errors import InvalidInput
from penstock.kit.secret import mask_credentials

MAX_SHOWN = 60
"""Characters of an unreadable time in an error."""


def read_time(value: object, field: str) -> int | None:
    """Parse an event time to microseconds; None if there is none.

    Raises:
        InvalidInput: the time cannot be read; the error names the field, and what was sent.
    """
    if value is None:
        return None
    try:
        return parse_time(value)
    except ValueError as error:
        raise InvalidInput.field(field, f"{error}; {shown(value)} was sent", "time") from None


def time_fault(value: object, field: str) -> str | None:
    """Why an event time cannot be read, for senders that get no answer; None if it can, or is absent."""
    try:
        read_time(value, field)
    except InvalidInput as error:
        return f"{field} {error.errors[0].detail}"
    return None


def shown(value: object) -> str:
    """A value as in JSON, shortened, without credentials and characters that would spoil a line of text."""
    text = mask_credentials(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":")))
    plain = "".join(char if char.isprintable() else "?" for char in text[:MAX_SHOWN])
    return f'"{plain}"' if isinstance(value, str) else plain
