"""The texts of an invoice."""

from __future__ import annotations

from msgspec.structs import replace

from penstock.adapters.documents.sheet import _WHY, Sheet, grouped
from penstock.adapters.documents.wording import words_of
from penstock.core.invoices.models import LineKind
from tests.adapters.documents.issued import BUYER, LINES, METER, SELLER, issued, line


def test_an_address_is_written_as_in_its_country() -> None:
    def lines(country: str) -> object:
        buyer = replace(BUYER, country=country, postal_code="SW1", city="Kiel", address=("a",), name="n")
        return Sheet(issued(buyer=buyer)).values()["buyer"]

    assert lines("DE") == ["n", "a", "SW1 Kiel"]
    assert lines("") == ["n", "a", "SW1 Kiel"]
    assert lines("GB") == ["n", "a", "Kiel SW1", "Vereinigtes Königreich"]


def test_a_line_is_named_by_its_kind_if_its_tariff_does_not() -> None:
    def name(**more: object) -> str:
        one = line("1", "1", "1", **more)
        return Sheet(issued((one,))).text_of(one)

    assert name() == "Verbrauch"
    assert name(kind=LineKind.STANDING) == "Grundpreis"
    assert name(kind=LineKind.MINIMUM) == "Mindestbetrag"
    assert name(text="Wasser", tier=2) == "Wasser, Stufe 3"


def test_days_are_said_only_if_they_are_not_the_invoices() -> None:
    whole, half = line("1", "1", "1"), line("1", "1", "1", end_us=issued().begin_us + 10 * 86_400_000_000)
    assert Sheet(issued((whole, half))).details_of(whole) == []
    assert Sheet(issued((whole, half))).details_of(half) == ["01.05.2026 – 10.05.2026"]


def test_a_register_is_named_if_its_meter_has_others() -> None:
    reverse = line("1", "1", "1", meter=replace(METER, register="rückwärts", first=None, last=None))
    assert Sheet(issued((reverse,))).details_of(reverse)[0].endswith("EUI 70b3d57ed0061f2a, rückwärts")
    assert len(Sheet(issued((reverse,))).details_of(reverse)) == 2, "no counters, but the estimated part"


def test_a_long_footer_is_not_repeated() -> None:
    short, long = Sheet(issued()).values(), Sheet(issued(seller=replace(SELLER, footer="x" * 200))).values()
    assert (short["closing"], long["closing"]) == ("", "x" * 200)
    assert "x" * 200 not in str(long["footer"])


def test_an_iban_is_written_in_groups() -> None:
    assert grouped("DE02120300000000202051") == grouped("DE02 1203 0000 0000 2020 51") == "DE02 1203 0000 0000 2020 51"


def test_paper_is_that_of_the_country() -> None:
    assert [Sheet(issued(seller=replace(SELLER, country=one))).values()["paper"] for one in ("US", "DE")] == ["us-letter", "a4"]
    assert len(LINES) == len(Sheet(issued()).values()["lines"])  # type: ignore[arg-type]


def test_why_something_is_corrected_is_said_in_the_language_of_the_invoice() -> None:
    def why(reason: str) -> str:
        one = replace(LINES[-1], reason=reason)
        return Sheet(issued((one,))).details_of(one)[1]

    assert why("edit, registers, profile") == "Grund: bearbeitete Zählerwerte, geänderte Einstellungen des Zählers"
    assert why("late readings, invoice W-2026-000003 was cancelled") == (
        "Grund: verspätete Messwerte, Stornierung der Rechnung W-2026-000003"
    )
    assert why("Ablesung") == "Grund: Ablesung"
    assert all(hasattr(words_of("en"), name) for name in _WHY.values())
