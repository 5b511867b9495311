"""The lines of a part of a period in which one version of a tariff holds. Pure.

- Consumption: the prices of an item's tiers apply, one after the other, to what all registers of its kind counted together, in
  the order of time and device. Quantities are exact; only the sum of a line is rounded. A register of which nothing is known has
  a line of nothing, so that its account is invoiced, and corrected once it is known.
- A limit of a tier is per calendar month. For other days it is multiplied by the months that they are, each day being its part of
  its month, and then rounded to a thousandth of the unit.
- A charge per month is multiplied by the months, rounded to six places; one per day by the days. Days are charged on which the
  account had a meter at the day's end, so that the day of a move is charged once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction

import msgspec

from penstock.core.invoices.models import Applied, Line, LineKind, LineMeter
from penstock.core.invoices.periods import Calendar, Days, days_in, merged, months_in
from penstock.core.meters.units import in_unit as shown_in_unit
from penstock.core.meters.units import ratio
from penstock.core.meters.usage import MeterUsage
from penstock.core.registers.models import QUANTITY_OF
from penstock.core.tariffs.amounts import EXACT, decimal_of, rounded, shortest, sum_of, times
from penstock.core.tariffs.models import Charge, Item, Per, Tier
from penstock.core.tariffs.units import in_unit

LIMIT_PLACES, MONTH_PLACES = 3, 6


class PricedUsage(msgspec.Struct, frozen=True, kw_only=True):
    """What an account used while some prices applied, and the days on which it is charged."""

    applied: Applied
    usages: Sequence[MeterUsage]
    days: Sequence[Days]


def charged_days(usages: Iterable[MeterUsage], calendar: Calendar) -> list[Days]:
    """The days at whose end the account had a meter."""
    return merged([(calendar.day_at(one.begin_us), calendar.day_at(one.end_us)) for one in usages])


def lines_of(used: PricedUsage, calendar: Calendar, places: int) -> list[Line]:
    """The lines of a part of a period, in a currency with this number of decimal places."""
    prices = used.applied.prices
    lines = [line for item in prices.usage for line in _usage_lines(item, used, places)]
    lines += [_charge_line(charge, days, calendar, places) for charge in prices.standing for days in used.days]
    if prices.minimum is not None and used.days:
        lines += _minimum_lines(prices.minimum, lines, used, places)
    return lines


def _usage_lines(item: Item, used: PricedUsage, places: int) -> Iterable[Line]:
    months = months_in(used.days)
    limits = [None if tier.up_to is None else _limit(tier.up_to, months) for tier in item.tiers]
    counted = Decimal(0)
    for usage in _in_order(item, used.usages):
        quantity = decimal_of(in_unit(usage.amount or 0, QUANTITY_OF[item.kind], item.unit))
        for tier, part in _tiers_of(counted, quantity, limits):
            yield _usage_line(item, item.tiers[tier], tier if len(limits) > 1 else None, part, usage, places)
        counted = EXACT.add(counted, quantity)


def _in_order(item: Item, usages: Sequence[MeterUsage]) -> list[MeterUsage]:
    counted = [one for one in usages if one.kind is item.kind]
    return sorted(counted, key=lambda one: (one.device_name, one.device_id, one.register, one.begin_us))


def _limit(up_to: Decimal, months: Fraction) -> Decimal:
    return up_to if months == 1 else decimal_of(Fraction(up_to) * months, LIMIT_PLACES)


def _tiers_of(counted: Decimal, quantity: Decimal, limits: Sequence[Decimal | None]) -> list[tuple[int, Decimal]]:
    """How a quantity is divided among tiers, of which `counted` has been used. One of nothing is in the first that is not."""
    found: list[tuple[int, Decimal]] = []
    for tier, limit in enumerate(limits):
        if limit is not None and counted >= limit:
            continue
        room = quantity if limit is None else min(quantity, EXACT.subtract(limit, counted))
        if room or not found:
            found.append((tier, room))
        counted, quantity = EXACT.add(counted, room), EXACT.subtract(quantity, room)
        if quantity <= 0:
            break
    return found


def _usage_line(item: Item, tier: Tier, at: int | None, quantity: Decimal, usage: MeterUsage, places: int) -> Line:
    return Line(
        kind=LineKind.USAGE,
        text=item.name,
        begin_us=usage.begin_us,
        end_us=usage.end_us,
        quantity=shortest(quantity),
        unit=item.unit,
        price=tier.price,
        net=rounded(times(quantity, tier.price), places),
        vat_rate=item.vat_rate,
        tier=at,
        meter=meter_of(usage),
    )


def meter_of(usage: MeterUsage) -> LineMeter:
    """The register of a usage, with its counters in the unit in which it is shown, as the meter shows them."""
    one = ratio(usage.unit, QUANTITY_OF[usage.kind])

    def shown(nano: int | None) -> Decimal | None:
        return None if nano is None else shown_in_unit(nano, one)

    return LineMeter(
        device_id=usage.device_id,
        name=usage.device_name,
        eui=usage.eui,
        serial=usage.serial,
        register=usage.register,
        kind=usage.kind,
        unit=usage.unit,
        decimals=usage.decimals,
        first=shown(usage.first),
        last=shown(usage.last),
        estimated=shown(usage.estimated) or Decimal(0),
        quality=usage.quality,
    )


def _charge_line(charge: Charge, days: Days, calendar: Calendar, places: int) -> Line:
    quantity = _times_charged(charge.per, [days])
    return Line(
        kind=LineKind.STANDING,
        text=charge.name,
        begin_us=calendar.start_us(days[0]),
        end_us=calendar.start_us(days[1]),
        quantity=quantity,
        unit=charge.per.value,
        price=charge.amount,
        net=rounded(times(quantity, charge.amount), places),
        vat_rate=charge.vat_rate,
    )


def _times_charged(per: Per, ranges: Sequence[Days]) -> Decimal:
    return Decimal(days_in(ranges)) if per is Per.DAY else decimal_of(months_in(ranges), MONTH_PLACES)


def _minimum_lines(minimum: Charge, lines: Sequence[Line], used: PricedUsage, places: int) -> list[Line]:
    least = rounded(times(minimum.amount, _times_charged(minimum.per, used.days)), places)
    missing = EXACT.subtract(least, sum_of(line.net for line in lines))
    if missing <= 0:
        return []
    return [
        Line(
            kind=LineKind.MINIMUM,
            text=minimum.name,
            begin_us=used.applied.begin_us,
            end_us=used.applied.end_us,
            quantity=Decimal(1),
            unit="1",
            price=missing,
            net=missing,
            vat_rate=minimum.vat_rate,
        )
    ]
