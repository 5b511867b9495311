"""Converts devices between wire structs and core models."""

from __future__ import annotations

import msgspec

from penstock.api.shared.decoding import body_id
from penstock.api.v2.devices import wire
from penstock.api.v2.devices.wire import DeviceEventShown
from penstock.api.v2.ranges import parse_moment
from penstock.core.devices import models as devices
from penstock.core.devices.connectivity import ConnectivityChange, ConnectivityQuery
from penstock.core.devices.history import DeviceEvent
from penstock.core.sensor import NewSensor, ValueType
from penstock.core.sensor_templates.models import SensorDraft
from penstock.kit.clock import SECOND_US, format_time, format_time_or_none
from penstock.kit.errors import InvalidInput
from penstock.kit.fields import converted, same_fields
from penstock.kit.ids import DeviceId, Prefix, encode


def to_core_device(new: wire.DeviceCreate) -> devices.NewDevice:
    return devices.NewDevice(
        **same_fields(new, devices.NewDevice),
        project_id=body_id(Prefix.PROJECT, new.project_id, "project_id") if new.project_id else None,
        location=converted(new.location, to_core_location),
        identifiers=[to_core_identifier(item) for item in new.identifiers],
        sensors=[to_core_sensor(item) for item in new.sensors],
        expected_interval_us=converted(new.expected_interval_s, _in_us),
        profile_id=body_id(Prefix.PROFILE, new.profile_id, "profile_id") if new.profile_id else None,
    )


def to_core_device_patch(patch: wire.DevicePatch) -> devices.DevicePatch:
    return devices.DevicePatch(
        **same_fields(patch, devices.DevicePatch),
        project_id=converted(patch.project_id, lambda text: body_id(Prefix.PROJECT, text, "project_id")),
        location=converted(patch.location, to_core_location),
        identifiers=converted(patch.identifiers, lambda items: [to_core_identifier(item) for item in items]),
        expected_interval_us=converted(patch.expected_interval_s, _in_us),
        profile_id=converted(patch.profile_id, lambda text: body_id(Prefix.PROFILE, text, "profile_id")),
    )


def _in_us(seconds: int) -> int:
    return seconds * SECOND_US


def to_core_location(location: wire.Location) -> devices.Location:
    return devices.Location(**same_fields(location, devices.Location))


def to_core_identifier(identifier: wire.Identifier) -> devices.Identifier:
    return devices.Identifier(kind=devices.IdentifierKind(identifier.kind), value=identifier.value)


def to_core_sensor(new: wire.SensorCreate) -> NewSensor:
    return NewSensor(**same_fields(new, NewSensor), value_type=ValueType(new.value_type))


def to_core_draft(new: wire.SensorDeclare) -> SensorDraft:
    return SensorDraft(
        key=new.key, name=new.name, unit=new.unit, value_type=converted(new.value_type, ValueType), decimals=new.decimals
    )


def to_core_sensor_patch(patch: wire.SensorPatch) -> devices.SensorPatch:
    return devices.SensorPatch(
        **same_fields(patch, devices.SensorPatch),
        value_type=converted(patch.value_type, ValueType),
    )


def to_core_filter(query: wire.DeviceQuery) -> devices.DeviceFilter:
    return devices.DeviceFilter(
        status=devices.DeviceStatus(query.status) if query.status else None,
        connectivity=devices.Connectivity(query.connectivity) if query.connectivity else None,
        type=query.type,
        project_id=body_id(Prefix.PROJECT, query.project_id, "project_id") if query.project_id else None,
        profile_id=body_id(Prefix.PROFILE, query.profile_id, "profile_id") if query.profile_id else None,
        customer_id=body_id(Prefix.CUSTOMER, query.customer_id, "customer_id") if query.customer_id else None,
        resident_id=body_id(Prefix.RESIDENT, query.resident_id, "resident_id") if query.resident_id else None,
        connection_id=body_id(Prefix.CONNECTION, query.connection_id, "connection_id") if query.connection_id else None,
        has_alert=query.has_alert,
        text=query.q,
        identifier=_parse_identifier(query.identifier) if query.identifier else None,
        labels=_parse_labels(query.label),
    )


def _parse_labels(pairs: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for place, pair in enumerate(pairs):
        key, _, value = pair.partition(":")
        if found.setdefault(key, value) != value:
            raise InvalidInput.field(f"label[{place}]", f"must not give {key} a second value")
    return found


def _parse_identifier(text: str) -> devices.Identifier:
    kind, _, value = text.partition(":")
    if kind not in list(devices.IdentifierKind) or not value:
        raise InvalidInput.field("identifier", "must be kind:value, such as eui:70b3d57ed0061f2a")
    return devices.Identifier(kind=devices.IdentifierKind(kind), value=value)


def from_core_device(device: devices.Device, connectivity: devices.Connectivity) -> wire.Device:
    return wire.Device(
        **same_fields(device, wire.Device),
        id=encode(Prefix.DEVICE, device.id),
        organization_id=encode(Prefix.ORGANIZATION, device.org_id),
        project_id=encode(Prefix.PROJECT, device.project_id),
        status=device.status,
        connectivity=connectivity,
        location=converted(device.location, from_core_location),
        identifiers=[wire.Identifier(item.kind.value, item.value) for item in device.identifiers],
        access_token_prefix=device.token_prefix,
        last_seen_at=format_time_or_none(device.last_seen_us),
        expected_interval_s=converted(device.expected_interval_us, lambda us: us // SECOND_US),
        profile_id=converted(device.profile_id, lambda number: encode(Prefix.PROFILE, number)),
        malformed=_malformed(device),
        cuts=_cuts(device),
        created_at=format_time(device.created_us),
        updated_at=format_time(device.updated_us),
    )


def from_core_summary(summary: devices.FleetSummary) -> wire.FleetSummary:
    """Format the counts of devices."""
    return wire.FleetSummary(**msgspec.structs.asdict(summary))


def from_core_location(location: devices.Location) -> wire.Location:
    return wire.Location(**same_fields(location, wire.Location))


def _malformed(device: devices.Device) -> wire.Malformed | None:
    if device.malformed_us is None:
        return None
    return wire.Malformed(device.malformed_messages, format_time(device.malformed_us), device.malformed_reason or "")


def _cuts(device: devices.Device) -> wire.Cuts | None:
    if device.cut_us is None:
        return None
    return wire.Cuts(device.cut_connections, format_time(device.cut_us), device.cut_reason or "")


def to_core_connectivity_query(device_id: DeviceId, query: wire.ConnectivityQuery) -> ConnectivityQuery:
    return ConnectivityQuery(
        device_id=device_id,
        from_us=parse_moment(query.from_, "from") if query.from_ else None,
        to_us=parse_moment(query.to, "to") if query.to else None,
    )


def from_core_connectivity(change: ConnectivityChange) -> wire.ConnectivityChange:
    return wire.ConnectivityChange(change.state, change.reason, format_time(change.at_us))


def from_core_sensor(sensor: devices.Sensor) -> wire.Sensor:
    return wire.Sensor(
        **same_fields(sensor, wire.Sensor),
        id=encode(Prefix.SENSOR, sensor.id),
        device_id=encode(Prefix.DEVICE, sensor.device_id),
        value_type=sensor.value_type,
        created_at=format_time(sensor.created_us),
        updated_at=format_time(sensor.updated_us),
    )


def from_core_event(event: DeviceEvent) -> DeviceEventShown:
    return DeviceEventShown(
        id=encode(Prefix.EVENT, event.id),
        kind=event.kind,
        time=format_time(event.time_us),
        received_at=format_time(event.received_us),
        connection_id=None if event.connection_id is None else encode(Prefix.CONNECTION, event.connection_id),
        details=event.details,
    )
