"""Converts between DataKubo's structs and core models: pure functions, a pair per resource."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import msgspec
from msgspec import UNSET

from penstock.api.dialects.datakubo import wire
from penstock.core.billing.models import Bill
from penstock.core.customers.models import Customer, NewCustomer, PlacedDevice, Standing
from penstock.core.devices.models import DeviceStatus, IdentifierKind
from penstock.core.uplinks.histories import Divided, Part
from penstock.core.uplinks.models import Network, NetworkMessage
from penstock.core.uplinks.service import UplinkResult
from penstock.kit.clock import format_seconds
from penstock.kit.errors import FieldError, InvalidInput
from penstock.kit.field_errors import invalid_fields
from penstock.kit.ids import Prefix, ResidentId, decode
from penstock.kit.uuids import from_uuid, to_uuid

LITRES_PER_M3 = 1000


def to_core_customer(requested: wire.CreateCustomer) -> NewCustomer:
    return NewCustomer(name=requested.name, admin_email=requested.admin_email, tenant_name=requested.tenant_name)


def from_core_customer(customer: Customer) -> wire.Customer:
    return wire.Customer(
        id=to_uuid(Prefix.CUSTOMER, customer.id),
        name=customer.name,
        admin_email=customer.admin_email,
        tenant_name=customer.tenant_name,
        created_at=format_seconds(customer.created_us),
    )


def to_core_resident_id(text: str | None) -> ResidentId | None:
    """The resident that a device is assigned to, by their UUID or their id; None for none."""
    if text is None:
        return None
    return decode(Prefix.RESIDENT, text) or from_uuid(Prefix.RESIDENT, text)


def from_core_device(found: PlacedDevice, standing: Standing) -> wire.Device:
    device, resident_id = found.device, found.placement.resident_id
    return wire.Device(
        id=to_uuid(Prefix.DEVICE, device.id),
        # Every device on this surface has an EUI (docs/surfaces/datakubo.md).
        dev_eui=next(one.value for one in device.identifiers if one.kind is IdentifierKind.EUI),
        device_name=device.name,
        device_type=device.type,
        status=standing.value,
        is_active=device.status is DeviceStatus.ACTIVE,
        created_at=format_seconds(device.created_us),
        end_user_id=UNSET if resident_id is None else to_uuid(Prefix.RESIDENT, resident_id),
    )


def from_core_bill(bill: Bill) -> wire.Bill:
    """The bill with its costs as numbers with both decimals, as the vendor returns them."""
    return wire.Bill(
        subscription_tier=bill.tier,
        active_devices=bill.active_devices,
        included_devices=bill.included_devices,
        overage_devices=bill.overage_devices,
        base_cost=msgspec.Raw(str(bill.base_cost).encode()),
        overage_cost=msgspec.Raw(str(bill.overage_cost).encode()),
        total_cost=msgspec.Raw(str(bill.total_cost).encode()),
        currency=bill.currency,
    )


class Measured(msgspec.Struct, frozen=True):
    """The vendor's two normalised values of an uplink, None if it does not contain one."""

    consumption_m3: float | None
    battery_level: float | None


def to_core_values(message: NetworkMessage) -> tuple[Measured, dict[str, Any]]:
    """The values of an uplink, including the normalised ones.

    If an uplink has several consumption fields, the first in the table is used.
    Source: surfaces/datakubo.md 4.2 and 4.3.

    Raises:
        InvalidInput: the body names no device, or a custom one contains no consumption or one that is not a number of at least 0.
    """
    values = message.values or {}
    # Its author can correct it; a network server never resends (docs/surfaces/datakubo.md), so its values are kept.
    if message.network is Network.CUSTOM:
        _check_custom(message.eui, values)
    elif message.eui is None:
        raise InvalidInput.field(_EUI_FIELDS[message.network], "is required")
    return _measured(values), {**values, **derived_values(message)}


def derived_values(message: NetworkMessage) -> dict[str, object]:
    """The normalised values of an uplink, as far as it contains them."""
    measured = msgspec.structs.asdict(_measured(message.values or {}))
    return {name: value for name, value in measured.items() if value is not None}


def _measured(values: Mapping[str, object]) -> Measured:
    return Measured(_first(values, _CONSUMPTION), _first(values, _BATTERY))


def normalised(divided: Divided) -> tuple[Divided, Measured]:
    """The readings of an uplink with the normalised values, and those of the newest that has a consumption.

    Raises:
        InvalidInput: as `to_core_values`.
    """
    parts, measured = [], Measured(None, None)
    for part in divided.parts:
        found, values = _of_part(part)
        if found.consumption_m3 is not None or measured.consumption_m3 is None:
            measured = found
        parts.append(msgspec.structs.replace(part, message=msgspec.structs.replace(part.message, values=values or None)))
    return msgspec.structs.replace(divided, parts=parts), measured


def _of_part(part: Part) -> tuple[Measured, dict[str, Any]]:
    message = part.message
    values = message.values or {}
    # Next to a history there may be other values alone, such as the battery's.
    is_additional = not part.place and message.eui is not None and not _CONSUMPTION.keys() & values.keys()
    try:
        return (_measured(values), {**values, **derived_values(message)}) if is_additional else to_core_values(message)
    except InvalidInput as error:
        # The device is named once, next to the readings.
        names = [one.field if one.field == "dev_eui" else f"{part.place}.{one.field}".lstrip(".") for one in error.errors]
        faults = [FieldError(name, one.detail, one.code) for name, one in zip(names, error.errors, strict=True)]
        raise invalid_fields(faults) from None


def from_core_uplink(taken: UplinkResult, measured: Measured) -> wire.Ingested:
    return wire.Ingested(
        dev_eui=taken.eui,
        consumption_m3=measured.consumption_m3,
        battery_level=measured.battery_level,
        recorded_at=format_seconds(taken.time_us),
        registered=taken.registered,
        quarantined=taken.quarantined,
        readings=UNSET if taken.readings == 1 else taken.readings,
    )


def _position(value: object) -> float | None:
    """A meter's count, or a voltage: a number of at least 0."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return value if is_number and math.isfinite(value) and value >= 0 else None  # type: ignore[operator, arg-type, return-value]


def _from_litres(value: object) -> float | None:
    litres = _position(value)
    # As decimals, because a quotient of two floats can have digits that were not in the payload.
    return None if litres is None else float(Decimal(repr(litres)) / LITRES_PER_M3)


def _from_word(value: object) -> float | None:
    return {"OK": 3.6, "LOW": 2.8}.get(value.upper()) if isinstance(value, str) else None


_EUI_FIELDS = {
    Network.CHIRPSTACK_V4: "deviceInfo.devEui",
    Network.CHIRPSTACK_V3: "devEUI",
    Network.THINGS_STACK_V3: "end_device_ids.dev_eui",
}
_Reader = Callable[[object], float | None]
_CONSUMPTION: dict[str, _Reader] = {
    "consumption_m3": _position,
    "cumulativeFlowM3": _position,
    "water": _position,
    "cumulativeFlow": _from_litres,
}
_BATTERY: dict[str, _Reader] = {
    "battery_level": _position,
    "battery": _position,
    "bateria": _position,
    "battery_status": _from_word,
}


def _first(values: Mapping[str, object], readers: Mapping[str, _Reader]) -> float | None:
    found = (read(values[name]) for name, read in readers.items() if name in values)
    return next((value for value in found if value is not None), None)


def _check_custom(eui: str | None, values: Mapping[str, object]) -> None:
    named = [name for name in _CONSUMPTION if name in values]
    missing = [name for name, found in (("dev_eui", eui), ("consumption_m3", named)) if not found]
    if missing:
        reason = "; ".join(f"{name}: is required" for name in missing)
        raise InvalidInput(reason=reason, errors=[FieldError(name, "is required", "required") for name in missing])
    for name in named:
        if _CONSUMPTION[name](values[name]) is None:
            raise InvalidInput.field(name, "must be a number of at least 0")
