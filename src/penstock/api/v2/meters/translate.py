"""Converts consumption between wire structs and core models. Nano-units become exact decimals of a unit."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

import msgspec

from penstock.api.v2.meters import wire
from penstock.api.v2.meters.register_translate import exact
from penstock.core.meters.models import BalanceRow, BucketAmount, Consumption, LeakHint, MeterEvent, MeterOf, MeterRole
from penstock.core.meters.units import in_unit, ratio
from penstock.core.meters.windows import ConsumptionScope
from penstock.core.registers.models import QUANTITY_OF, RegisterKind
from penstock.kit.clock import format_time
from penstock.kit.ids import Prefix, encode

BASE = Fraction(1)
"""The ratio of the base unit, which totals are in."""


def to_core_role(name: str | None) -> MeterRole | None:
    return None if name is None else MeterRole(name)


def unit_of_total(kind: RegisterKind) -> str:
    return QUANTITY_OF[kind].value


def ratio_of(one: MeterOf) -> Fraction:
    """The ratio of the unit in which the results of a register are shown."""
    return ratio(one.unit, one.register.quantity)


def amount_of(nano: int, unit: Fraction) -> msgspec.Raw:
    return exact(in_unit(nano, unit))


def amount_or_null(nano: int | None, unit: Fraction) -> msgspec.Raw:
    return msgspec.Raw(b"null") if nano is None else amount_of(nano, unit)


def method_of(one: BucketAmount) -> str | None:
    if not one.methods:
        return None
    return one.methods[0].value if len(one.methods) == 1 else "mixed"


def from_core_amounts(buckets: Iterable[BucketAmount], unit: Fraction) -> list[wire.Amount]:
    return [
        wire.Amount(
            start=format_time(one.start_us),
            end=format_time(one.end_us),
            consumption=amount_or_null(one.amount, unit),
            not_measured=amount_of(one.not_measured, unit),
            quality=one.worst.value,
            method=method_of(one),
            missing_days=one.missing_days,
            suspects=one.suspects,
        )
        for one in buckets
    ]


def from_core_events(found: Iterable[MeterEvent], unit: Fraction) -> list[wire.Event]:
    return [
        wire.Event(one.kind.value, format_time(one.at_us), amount_of(one.before, unit), amount_of(one.after, unit), one.detected)
        for one in found
    ]


def from_core_row(of: MeterOf, found: Consumption) -> wire.MeterRow:
    unit = ratio_of(of)
    return wire.MeterRow(
        device_id=encode(Prefix.DEVICE, of.device_id),
        name=of.name,
        role=of.role.value,
        register=of.register.name,
        kind=of.kind.value,
        unit=of.unit,
        data=from_core_amounts(found.buckets, unit),
        events=from_core_events(found.events, unit),
    )


def from_core_balance(row: BalanceRow) -> wire.BalanceDay:
    return wire.BalanceDay(
        start=format_time(row.start_us),
        end=format_time(row.end_us),
        principal=amount_or_null(row.principal, BASE),
        leaves=amount_of(row.leaves, BASE),
        unmetered=amount_or_null(row.unmetered, BASE),
        notable=row.notable,
        leaves_measured=row.contributing,
        leaves_silent=row.silent,
        leaves_estimated=amount_of(row.estimated, BASE),
    )


def from_core_hint(of: MeterOf, hint: LeakHint, scope: ConsumptionScope) -> wire.LeakHint:
    return wire.LeakHint(
        device_id=encode(Prefix.DEVICE, of.device_id),
        register=of.register.name,
        suspected=hint.suspected,
        nights=hint.nights,
        nights_flowing=hint.flowing,
        least_per_hour=amount_or_null(hint.least, ratio_of(of)),
        unit=of.unit,
        timezone=scope.timezone,
    )
