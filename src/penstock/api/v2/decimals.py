"""Exact numbers and days of requests: a number as JSON or as text, and a calendar day."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, TypeAlias

from msgspec import Meta

from penstock.kit.errors import InvalidInput

Exact: TypeAlias = int | float | Annotated[str, Meta(max_length=40)]
"""A decimal number. As text it keeps every digit; JSON numbers have 15."""
Day: TypeAlias = Annotated[str, Meta(max_length=10, extra_json_schema={"format": "date"})]
"""A calendar day (ISO 8601), such as 2026-05-01."""
_NUMBER = re.compile(r"-?\d{1,20}(?:\.\d{1,20})?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def parse_number(value: int | float | str, field: str) -> Decimal:
    """A number from a request.

    Raises:
        InvalidInput: the text is not a decimal number.
    """
    # The shortest text that gives a float back has the digits that were sent, as long as they are no more than 15.
    text = value if isinstance(value, str) else format(Decimal(repr(value)), "f")
    if _NUMBER.fullmatch(text) is None:
        raise InvalidInput.field(field, "must be a decimal number, such as 2.35")
    return Decimal(text)


def parse_number_or_none(value: int | float | str | None, field: str) -> Decimal | None:
    """The same, or None if it was not sent."""
    return None if value is None else parse_number(value, field)


def parse_day(text: str, field: str) -> date:
    """A day from a request.

    Raises:
        InvalidInput: it is not a day from 1970 to 2099.
    """
    try:
        day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None or not 1970 <= day.year <= 2099:
        raise InvalidInput.field(field, "must be a day from 1970 to 2099, such as 2026-05-01")
    return day


def parse_day_or_none(text: str | None, field: str) -> date | None:
    """The same, or None if it was not sent."""
    return None if text is None else parse_day(text, field)
