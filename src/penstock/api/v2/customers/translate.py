"""Converts customers between wire structs and core models."""

from __future__ import annotations

from penstock.api.v2.customers import wire
from penstock.api.v2.customers.wire import OwnDevice
from penstock.core.customers.models import Customer, PlacedDevice, Resident
from penstock.core.customers.periods import Period
from penstock.core.devices.models import IdentifierKind
from penstock.core.uplinks.store import UnregisteredDevice
from penstock.kit.clock import format_time, format_time_or_none
from penstock.kit.fields import converted, same_fields
from penstock.kit.ids import Prefix, encode
from penstock.kit.uuids import to_uuid


def from_core_own_device(placed: PlacedDevice) -> OwnDevice:
    device = placed.device
    eui = next((one.value for one in placed.device.identifiers if one.kind is IdentifierKind.EUI), None)
    seen_us = placed.device.last_seen_us
    if seen_us is not None and seen_us < (placed.since_us or 0):
        seen_us = None  # before the resident had it
    return OwnDevice(
        id=encode(Prefix.DEVICE, device.id),
        name=device.name,
        type=device.type,
        eui=eui,
        last_seen_at=None if seen_us is None else format_time(seen_us),
    )


def from_core_customer(customer: Customer) -> wire.Customer:
    return wire.Customer(
        **same_fields(customer, wire.Customer),
        id=encode(Prefix.CUSTOMER, customer.id),
        created_at=format_time(customer.created_us),
    )


def from_core_resident(resident: Resident) -> wire.Resident:
    return wire.Resident(
        **same_fields(resident, wire.Resident),
        id=encode(Prefix.RESIDENT, resident.id),
        end_user_id=to_uuid(Prefix.RESIDENT, resident.id),
        customer_id=encode(Prefix.CUSTOMER, resident.customer_id),
        created_at=format_time(resident.created_us),
    )


def from_core_period(period: Period) -> wire.PlacementPeriod:
    return wire.PlacementPeriod(
        customer_id=encode(Prefix.CUSTOMER, period.customer_id),
        resident_id=converted(period.resident_id, lambda number: encode(Prefix.RESIDENT, number)),
        from_=format_time(period.from_us) if period.from_us else None,
        to=format_time_or_none(period.to_us),
    )


def from_core_unregistered(one: UnregisteredDevice) -> wire.Unregistered:
    return wire.Unregistered(
        **same_fields(one, wire.Unregistered),
        customer_id=converted(one.customer_id, lambda number: encode(Prefix.CUSTOMER, number)),
        first_seen_at=format_time(one.first_seen_us),
        last_seen_at=format_time(one.last_seen_us),
    )
