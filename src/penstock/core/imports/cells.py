"""Reads the values of a row, and collects everything that is wrong with them. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time, tzinfo
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from penstock.core.imports.models import Fault
from penstock.core.imports.table import Row
from penstock.kit.clock import parse_time
from penstock.kit.errors import PenstockError

E = TypeVar("E", bound=StrEnum)
_DECIMAL = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,12})?")
_COMMA = re.compile(r"-?[0-9. ']*,[0-9]+")
_WHOLE = re.compile(r"[0-9]{1,18}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class InvalidRowError(Exception):
    """A row has faults; `Cells.faults` are they."""


class Cells:
    """The cells of a row. An empty cell is None, and so is one that is invalid: its fault is noted."""

    def __init__(self, row: Row) -> None:
        self._row = row
        self.faults: list[Fault] = [row.fault] if row.fault else []

    def fail(self, column: str, detail: str) -> None:
        """Note a fault."""
        self.faults.append(Fault(self._row.number, column, detail))

    def fail_by(self, error: PenstockError, columns: Sequence[str] = ()) -> None:
        """Note the faults of an error; a field that is none of `columns` is about the row."""
        for one in error.errors:
            name = next((part for part in re.split(r"[.\[\]]+", one.field)[::-1] if part in columns), "")
            self.fail(name, one.detail)
        if not error.errors:
            self.fail("", error.detail)

    def check(self) -> None:
        """End the planning of a row that has faults.

        Raises:
            InvalidRowError: it has.
        """
        if self.faults:
            raise InvalidRowError

    def raw(self, column: str) -> str:
        """The text of a cell; empty if the file has no such column."""
        return self._row.cells.get(column, "")

    def text(self, column: str, most: int, *, required: bool = False) -> str | None:
        """A text of at most so many characters."""
        found = self.raw(column)
        if required and not found:
            self.fail(column, "is required")
        if len(found) > most:
            self.fail(column, f"must have at most {most} characters")
            return None
        return found or None

    def choice(self, column: str, of: type[E]) -> E | None:
        """One of some words."""
        found = self.raw(column).lower()
        if not found:
            return None
        if found not in tuple(of):
            self.fail(column, f"must be one of {', '.join(of)}")
            return None
        return of(found)

    def decimal(self, column: str) -> Decimal | None:
        """An exact number."""
        found = self.raw(column)
        if not found:
            return None
        if _DECIMAL.fullmatch(found):
            return Decimal(found)
        if _COMMA.fullmatch(found):
            self.fail(column, "must have a decimal point and no comma, such as 184.327")
        else:
            self.fail(column, "must be a decimal number such as 184.327")
        return None

    def whole(self, column: str, least: int, most: int) -> int | None:
        """A whole number in a range."""
        found = self.raw(column)
        if not found:
            return None
        if not _WHOLE.fullmatch(found) or not least <= int(found) <= most:
            self.fail(column, f"must be an integer between {least} and {most}")
            return None
        return int(found)

    def degrees(self, column: str, most: int) -> float | None:
        """A latitude or longitude."""
        found = self.decimal(column)
        if found is not None and abs(found) > most:
            self.fail(column, f"must be between -{most} and {most}")
            return None
        return None if found is None else float(found)

    def moment(self, column: str, zone: tzinfo) -> int | None:
        """A time, or a date: its midnight in the time zone. In microseconds."""
        found = self.raw(column)
        if not found:
            return None
        try:
            if _DATE.fullmatch(found):
                midnight = datetime.combine(date.fromisoformat(found), time.min, zone)
                return parse_time(midnight.isoformat())
            return parse_time(found)
        except ValueError:
            self.fail(column, "must be a date such as 2026-01-31, or a time with an offset such as 2026-01-31T12:00:00Z")
            return None
