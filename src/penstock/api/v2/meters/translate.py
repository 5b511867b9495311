"""Converts meters and consumption between wire structs and core models."""

from __future__ import annotations

from collections.abc import Iterable

from penstock.api.v2.meters import wire
from penstock.core.meters.models import (
    BalanceRow,
    BucketAmount,
    Consumption,
    LeakHint,
    Meter,
    MeterEvent,
    MeterOf,
    MeterRole,
)
from penstock.core.meters.registers import NANO
from penstock.core.meters.service import ConsumptionScope
from penstock.kit.clock import format_time
from penstock.kit.ids import DeviceId, Prefix, encode


def to_core_role(name: str | None) -> MeterRole | None:
    return None if name is None else MeterRole(name)


def units_of(amount: int) -> float:
    # The core computes with integers of billionths, so that sums are exact. Only the response is a float.
    return amount / NANO


def units_or_none(amount: int | None) -> float | None:
    return None if amount is None else units_of(amount)


def from_core_meter(meter: Meter) -> wire.Meter:
    return wire.Meter(field=meter.field, unit=meter.unit, role=meter.role.value, rolls_over_at=meter.rolls_over_at)


def from_core_amounts(buckets: Iterable[BucketAmount]) -> list[wire.Amount]:
    return [
        wire.Amount(
            start=format_time(one.start_us),
            end=format_time(one.end_us),
            consumption=units_or_none(one.amount),
            not_measured=units_of(one.not_measured),
            quality=one.worst.value,
            missing_days=one.missing_days,
        )
        for one in buckets
    ]


def from_core_events(found: Iterable[MeterEvent]) -> list[wire.Event]:
    return [
        wire.Event(one.kind.value, format_time(one.at_us), units_of(one.before), units_of(one.after), one.detected)
        for one in found
    ]


def from_core_row(of: MeterOf, found: Consumption) -> wire.MeterRow:
    device_id = encode(Prefix.DEVICE, of.device_id)
    return wire.MeterRow(
        device_id, of.name, of.role.value, of.unit, from_core_amounts(found.buckets), from_core_events(found.events)
    )


def from_core_balance(row: BalanceRow) -> wire.BalanceDay:
    return wire.BalanceDay(
        start=format_time(row.start_us),
        end=format_time(row.end_us),
        principal=units_or_none(row.principal),
        leaves=units_of(row.leaves),
        unmetered=units_or_none(row.unmetered),
        notable=row.notable,
        leaves_measured=row.contributing,
        leaves_silent=row.silent,
        leaves_estimated=units_of(row.estimated),
    )


def from_core_hint(device_id: DeviceId, hint: LeakHint, scope: ConsumptionScope) -> wire.LeakHint:
    return wire.LeakHint(
        device_id=encode(Prefix.DEVICE, device_id),
        suspected=hint.suspected,
        nights=hint.nights,
        nights_flowing=hint.flowing,
        least_per_hour=units_or_none(hint.least),
        timezone=scope.timezone,
    )
