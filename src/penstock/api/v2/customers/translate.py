"""Converts customers between wire structs and core models."""

from __future__ import annotations

from penstock.api.v2.customers import wire
from penstock.api.v2.customers.wire import OwnDevice
from penstock.core.customers.models import Customer, PlacedDevice, Resident
from penstock.core.devices.models import IdentifierKind
from penstock.core.uplinks.store import UnregisteredDevice
from penstock.kit.clock import format_time
from penstock.kit.ids import Prefix, encode


def from_core_own_device(placed: PlacedDevice) -> OwnDevice:
    device = placed.device
    eui = next((one.value for one in placed.device.identifiers if one.kind is IdentifierKind.EUI), None)
    seen_us = placed.device.last_seen_us
    return OwnDevice(
        id=encode(Prefix.DEVICE, device.id),
        name=device.name,
        type=device.type,
        eui=eui,
        last_seen_at=None if seen_us is None else format_time(seen_us),
    )


def from_core_customer(customer: Customer) -> wire.Customer:
    return wire.Customer(
        id=encode(Prefix.CUSTOMER, customer.id),
        name=customer.name,
        admin_email=customer.admin_email,
        tenant_name=customer.tenant_name,
        timezone=customer.timezone,
        created_at=format_time(customer.created_us),
    )


def from_core_resident(resident: Resident) -> wire.Resident:
    return wire.Resident(
        id=encode(Prefix.RESIDENT, resident.id),
        customer_id=encode(Prefix.CUSTOMER, resident.customer_id),
        name=resident.name,
        email=resident.email,
        created_at=format_time(resident.created_us),
    )


def from_core_unregistered(one: UnregisteredDevice) -> wire.Unregistered:
    return wire.Unregistered(
        eui=one.eui,
        customer_id=None if one.customer_id is None else encode(Prefix.CUSTOMER, one.customer_id),
        device_name=one.device_name,
        tenant_name=one.tenant_name,
        network=one.network,
        first_seen_at=format_time(one.first_seen_us),
        last_seen_at=format_time(one.last_seen_us),
        readings=one.readings,
    )
