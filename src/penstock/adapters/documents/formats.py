"""Dates, numbers, money and units as people write them in a locale."""

from __future__ import annotations

import copy
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal
from zoneinfo import ZoneInfo

from penstock.core.tariffs.currencies import places_of
from penstock.kit.clock import SECOND_US

if TYPE_CHECKING:
    from babel import Locale

SYMBOLS = {"m3": "m³", "ft3": "ft³", "dm3": "dm³", "cm3": "cm³", "1": ""}
"""Units that are written in another way than they are stored."""
_MARKS = dict.fromkeys(map(ord, "\u200e\u200f\u061c"))
DURATIONS = {"day": "duration-day", "month": "duration-month", "year": "duration-year"}


class Formats:
    """The formats of a locale such as `de-AT`; those of English if there is no such locale. Dates are those of `timezone`."""

    def __init__(self, locale: str, currency: str, timezone: str) -> None:
        self._name = locale
        self._currency = currency
        self._zone = ZoneInfo(timezone)

    def day(self, value: date) -> str:
        """A day, as in running text: 1. Mai 2026."""
        return self._date(value, "long")

    def short_day(self, value: date) -> str:
        """A day, as in tables: 01.05.2026."""
        return self._date(value, "medium")

    def days(self, begin_us: int, end_us: int) -> str:
        """The days of a period, whose end is the first instant after it."""
        first, last = self.date_of(begin_us), self.last_day(end_us)
        return self.short_day(first) if first == last else f"{self.short_day(first)} – {self.short_day(last)}"

    def date_of(self, time_us: int) -> date:
        """The calendar day of a time."""
        return datetime.fromtimestamp(time_us // SECOND_US, self._zone).date()

    def last_day(self, end_us: int) -> date:
        """The last day of a period."""
        return self.date_of(end_us - 1)

    def money(self, amount: Decimal) -> str:
        """A sum in the currency, with its number of decimal places."""
        pattern = copy.copy(self._locale.currency_formats["standard"])
        # Locales show some currencies without the decimal places that amounts have, such as HUF and COP.
        pattern.frac_prec = (places_of(self._currency),) * 2
        applied = pattern.apply(amount, self._locale, currency=self._currency, currency_digits=False)
        return _unmarked(str(applied))

    def price(self, amount: Decimal) -> str:
        """A price, with all its decimal places: it can have more than a sum."""
        from babel.numbers import format_currency

        return _unmarked(format_currency(amount, self._currency, locale=self._locale, decimal_quantization=False))

    def percent(self, rate: Decimal) -> str:
        """A rate in per cent."""
        from babel.numbers import format_percent

        return _unmarked(format_percent(rate / 100, locale=self._locale, decimal_quantization=False))

    def amount(self, value: Decimal, unit: str, decimals: int = 0) -> str:
        """A quantity with its unit and all its decimal places, at least `decimals`."""
        if unit in DURATIONS:
            from babel.units import format_unit

            return format_unit(_plain(value), DURATIONS[unit], format=self._pattern(_places(value)), locale=self._locale)
        places = max(_places(value), decimals)
        return f"{self._number(value, places)} {SYMBOLS.get(unit, unit)}".rstrip()

    def country(self, code: str) -> str:
        """The name of a country by its code of two letters."""
        return str(self._locale.territories.get(code.upper(), code))

    def _date(self, value: date, form: Literal["long", "medium"]) -> str:
        from babel.dates import format_date

        # A month's name from right to left would reverse the order of the numbers next to it in a text from left to right.
        chosen = form if self._locale.text_direction == "ltr" else "short"
        return _unmarked(format_date(value, chosen, locale=self._locale))

    def _number(self, value: Decimal, places: int) -> str:
        return _unmarked(str(self._pattern(places).apply(value, self._locale)))

    def _pattern(self, places: int) -> Any:
        pattern = copy.copy(self._locale.decimal_formats[None])  # the locale's own way to group digits
        pattern.frac_prec = (places, places)
        return pattern

    @cached_property
    def _locale(self) -> Locale:
        from babel import Locale, UnknownLocaleError  # here, as no server imports it at its start

        try:
            return Locale.parse(self._name, sep="-" if "-" in self._name else "_")
        except (ValueError, TypeError, UnknownLocaleError):
            return Locale.parse("en")


def _unmarked(text: str) -> str:
    """Without marks of direction, which are meant for a text from right to left; all documents are from left to right."""
    return text.translate(_MARKS)


def _places(value: Decimal) -> int:
    return max(-int(_plain(value).as_tuple().exponent), 0)


def _plain(value: Decimal) -> Decimal:
    """Without trailing zeros, and never in exponents."""
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()
