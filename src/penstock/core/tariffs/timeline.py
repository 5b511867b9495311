"""Which prices hold on which days: the assignments of tariffs, and the versions of each. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise

import msgspec

from penstock.core.tariffs.models import Assignment, Prices, Tariff
from penstock.kit.ids import TariffId


class PricedDays(msgspec.Struct, frozen=True, kw_only=True):
    """The days from `begin` to `end` (not included) with the prices that hold on them."""

    begin: date
    end: date
    tariff: Tariff
    prices: Prices


class Timeline(msgspec.Struct, frozen=True, kw_only=True):
    """The days of a period: those with prices, and the first day that is assigned to a tariff without any."""

    parts: list[PricedDays]
    unpriced: date | None = None


def timeline_of(assignments: Sequence[Assignment], tariffs: Mapping[TariffId, Tariff], begin: date, end: date) -> Timeline:
    """The prices in [begin, end), divided at each day on which they change.

    An assignment of a resident takes precedence over one of their customer. Days without an assignment are not in it.
    """
    parts: list[PricedDays] = []
    unpriced: date | None = None
    days = _days_of_change(assignments, tariffs, begin, end)
    for first, last in pairwise(days):
        assigned = _assigned(assignments, first)
        if assigned is None:
            continue
        tariff = tariffs[assigned.tariff_id]
        prices = version_at(tariff, first)
        if prices is None:
            unpriced = unpriced or first
        elif parts and parts[-1].end == first and (parts[-1].tariff.id, parts[-1].prices) == (tariff.id, prices):
            parts[-1] = msgspec.structs.replace(parts[-1], end=last)
        else:
            parts.append(PricedDays(begin=first, end=last, tariff=tariff, prices=prices))
    return Timeline(parts=parts, unpriced=unpriced)


def version_at(tariff: Tariff, day: date) -> Prices | None:
    """The version of a tariff that holds on a day, or None."""
    begun = [one for one in tariff.versions if one.begin <= day]
    # The latest that has begun replaces the ones before it, also if it has ended itself.
    return None if not begun or (begun[-1].end is not None and begun[-1].end <= day) else begun[-1]


def _assigned(assignments: Sequence[Assignment], day: date) -> Assignment | None:
    holding = [one for one in assignments if (one.begin is None or one.begin <= day) and (one.end is None or day < one.end)]
    return min(holding, key=lambda one: one.resident_id is None, default=None)


def _days_of_change(assignments: Sequence[Assignment], tariffs: Mapping[TariffId, Tariff], begin: date, end: date) -> list[date]:
    days = {begin, end}
    for one in assignments:
        days |= {day for day in (one.begin, one.end) if day is not None}
        for version in tariffs[one.tariff_id].versions:
            days |= {day for day in (version.begin, version.end) if day is not None}
    return sorted(day for day in days if begin <= day <= end)
