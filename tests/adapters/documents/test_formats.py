"""Dates, numbers and money as people write them."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal

from penstock.adapters.documents.formats import Formats
from penstock.core.tariffs.currencies import CODES, places_of
from tests.adapters.documents.issued import JUNE_US, MAY_US


def of(locale: str, currency: str = "EUR") -> Formats:
    return Formats(locale, currency, "Europe/Berlin")


def plain(text: str) -> str:
    return text.replace("\xa0", " ").replace("\u202f", " ")


def test_each_locale_has_its_own_way() -> None:
    expected = {
        "de-DE": ("1. Mai 2026", "01.05.2026 – 31.05.2026", "1.234.567,50 €", "0,123456 €", "5,5 %", "1.234,500 m³", "1 Monat"),
        "de_AT": ("1. Mai 2026", "01.05.2026 – 31.05.2026", "€ 1.234.567,50", "€ 0,123456", "5,5 %", "1.234,500 m³", "1 Monat"),
        "en-US": ("May 1, 2026", "May 1, 2026 – May 31, 2026", "€1,234,567.50", "€0.123456", "5.5%", "1,234.500 m³", "1 month"),
        "hi-IN": ("1 मई 2026", "1 मई 2026 – 31 मई 2026", "€12,34,567.50", "€0.123456", "5.5%", "1,234.500 m³", "1 महीना"),
        "pl": ("1 maja 2026", "1 maj 2026 – 31 maj 2026", "1 234 567,50 €", "0,123456 €", "5,5%", "1 234,500 m³", "1 miesiąc"),
        "xx-YY": ("May 1, 2026", "May 1, 2026 – May 31, 2026", "€1,234,567.50", "€0.123456", "5.5%", "1,234.500 m³", "1 month"),
    }
    found = {}
    for locale in expected:
        one = of(locale)
        texts = (
            *(
                one.day(date(2026, 5, 1)),
                one.days(MAY_US, JUNE_US),
                one.money(Decimal("1234567.5")),
                one.price(Decimal("0.123456")),
            ),
            *(one.percent(Decimal("5.50")), one.amount(Decimal("1234.5"), "m3", 3), one.amount(Decimal(1), "month")),
        )
        found[locale] = tuple(plain(text) for text in texts)
    assert found == expected


def test_a_quantity_keeps_all_its_places() -> None:
    one = of("en")
    assert one.amount(Decimal("4.123456789"), "m3", 3) == "4.123456789 m³"
    assert one.amount(Decimal("1E+3"), "kWh") == "1,000 kWh"
    assert one.amount(Decimal("12345678901234567890.123"), "L") == "12,345,678,901,234,567,890.123 L"
    assert one.amount(Decimal(3), "1") == "3"
    assert one.amount(Decimal("0.290323"), "month") == "0.290323 months"
    assert plain(of("de").amount(Decimal("-1.322581"), "month")) == "-1,322581 Monate"
    assert [one.amount(Decimal(days), "day") for days in ("1", "31", "1E+1")] == ["1 day", "31 days", "10 days"]
    assert of("en", "KWD").money(Decimal("1.234")).endswith("1.234")


def test_a_sum_is_shown_with_all_its_places() -> None:
    for code in sorted(CODES):
        shown = of("en", code).money(Decimal("-1234.567").quantize(Decimal(1).scaleb(-places_of(code))))
        assert re.sub(r"^[^\d]+", "", shown) == {0: "1,235", 2: "1,234.57", 3: "1,234.567"}[places_of(code)], code
    assert plain(of("hu-HU", "HUF").money(Decimal("35.17"))) == "35,17 Ft"
    assert plain(of("de-CH", "CHF").money(Decimal("-35.17"))) == "CHF-35.17"


def test_a_locale_from_right_to_left_does_not_reverse_a_text() -> None:
    for locale in ("ar-EG", "he-IL", "fa-IR"):
        one = of(locale)
        texts = (one.day(date(2026, 5, 1)), one.days(MAY_US, JUNE_US), one.money(Decimal("-7.5")), one.amount(Decimal(-7), "m3"))
        assert not any(unicodedata.bidirectional(letter) in ("R", "AL") for text in texts for letter in text), texts
    assert of("ar-EG").days(MAY_US, JUNE_US) == "1/5/2026 – 31/5/2026"


def test_a_day_alone_is_not_a_range() -> None:
    assert of("de").days(MAY_US, MAY_US + 86_400_000_000) == "01.05.2026"
