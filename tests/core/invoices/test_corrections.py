"""Corrections as differences of quantities: none if nothing changed, and none twice."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from penstock.core.invoices.corrections import corrections_of, reference_to
from penstock.core.invoices.models import Invoice, Line, Party
from penstock.core.invoices.pricing import lines_of
from penstock.core.registers.models import NANO
from penstock.core.tariffs.amounts import sum_of
from penstock.core.tariffs.models import Charge, Prices, Tier
from penstock.kit.ids import CustomerId, InvoiceId
from tests.core.invoices.test_pricing import DAYS, MAY, usage, used, volume

TIERS = (Tier(up_to=Decimal(10), price=Decimal(1)), Tier(price=Decimal(2)))
PRICES = Prices(begin=MAY, usage=(volume(*TIERS),), standing=(Charge(amount=Decimal(5)),), minimum=Charge(amount=Decimal(20)))


def lines(*amounts: str) -> list[Line]:
    return lines_of(used(PRICES, *(usage(one, at) for at, one in enumerate(amounts))), DAYS, 2)


def invoice(found: list[Line]) -> Invoice:
    applied = used(PRICES).applied
    return Invoice(
        id=InvoiceId(7),
        number="2026-000007",
        customer_id=CustomerId(1),
        customer="House",
        account="House",
        period="2026-05",
        begin_us=applied.begin_us,
        end_us=applied.end_us,
        timezone="Europe/Berlin",
        locale="en",
        currency="EUR",
        issued_us=0,
        issued_on=date(2026, 6, 3),
        seller=Party(),
        buyer=Party(),
        lines=tuple(found),
        vat=(),
        net=Decimal(0),
        vat_total=Decimal(0),
        gross=Decimal(0),
        applied=(applied,),
    )


AMOUNTS = st.integers(0, 40_000).map(lambda litres: f"{Decimal(litres).scaleb(-3):f}")


@given(st.tuples(AMOUNTS, AMOUNTS), st.tuples(AMOUNTS, AMOUNTS))
def test_corrections_bring_the_invoice_to_what_holds_now(before: tuple[str, str], now: tuple[str, str]) -> None:
    billed, wanted = invoice(lines(*before)), lines(*now)
    found = corrections_of(billed, [], wanted, "edit", 2)
    assert sum_of(one.quantity for one in found if one.meter) == sum(map(Decimal, now)) - sum(map(Decimal, before))
    # A minimum is computed from rounded lines, so it is exact to half a cent of each.
    exact = sum_of(one.quantity * one.price for one in (*billed.lines, *found))
    assert abs(exact - sum_of(one.quantity * one.price for one in wanted)) <= Decimal("0.03")
    assert corrections_of(billed, found, wanted, "edit", 2) == [], "what was corrected counts as billed"


def test_nothing_changed() -> None:
    assert corrections_of(invoice(lines("12", "3")), [], lines("12", "3"), "edit", 2) == []


def test_corrections_of_other_invoices_are_left_out() -> None:
    billed = invoice(lines("12"))
    earlier = msgspec.structs.replace(reference_to(billed), id=InvoiceId(6))
    own = corrections_of(billed, [], lines("13"), "edit", 2)
    of_another = msgspec.structs.replace(own[0], corrects=earlier)
    with_it = msgspec.structs.replace(billed, lines=(*billed.lines, of_another))
    assert corrections_of(with_it, [], lines("12"), "edit", 2) == []


def test_a_correction_has_the_days_of_the_counters_that_it_shows() -> None:
    moved_in, replaced = date(2026, 5, 20), date(2026, 5, 25)
    billed = invoice([*lines_of(used(PRICES, usage("8", begin=moved_in, last=109 * NANO)), DAYS, 2)])
    now = lines_of(used(PRICES, usage("9", begin=moved_in, last=109 * NANO)), DAYS, 2)
    (found, *_) = corrections_of(billed, [], now, "edit", 2)
    assert found.meter is not None
    assert (found.begin_us, found.meter.first, found.meter.last) == (now[0].begin_us, 100, 109)

    parts = usage("4", begin=moved_in, end=replaced), usage("5", begin=replaced)
    (found, *_) = corrections_of(billed, [], lines_of(used(PRICES, *parts), DAYS, 2), "replacement", 2)
    assert found.meter is not None
    assert (found.begin_us, found.end_us) == (now[0].begin_us, now[0].end_us)
    assert (found.meter.first, found.meter.last) == (None, None), "no counter is that of both meters"
