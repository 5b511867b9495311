"""Converts devices between wire structs and core models."""

from __future__ import annotations

from msgspec import UNSET

from penstock.api.shared.decoding import body_id
from penstock.api.v2.devices import wire
from penstock.api.v2.devices.wire import DeviceEventShown
from penstock.api.v2.ranges import parse_moment
from penstock.core.devices import models as devices
from penstock.core.devices.connectivity import ConnectivityChange, ConnectivityQuery
from penstock.core.devices.history import DeviceEvent
from penstock.core.sensor import NewSensor, ValueType
from penstock.kit.clock import SECOND_US, format_time, format_time_or_none
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import DeviceId, Prefix, encode


def to_core_device(wanted: wire.DeviceCreate) -> devices.NewDevice:
    return devices.NewDevice(
        name=wanted.name,
        type=wanted.type,
        description=wanted.description,
        project_id=body_id(Prefix.PROJECT, wanted.project_id, "project_id") if wanted.project_id else None,
        settings=wanted.settings,
        labels=wanted.labels,
        location=to_core_location(wanted.location) if wanted.location else None,
        identifiers=[to_core_identifier(item) for item in wanted.identifiers],
        sensors=[to_core_sensor(item) for item in wanted.sensors],
        expected_interval_us=None if wanted.expected_interval_s is None else wanted.expected_interval_s * SECOND_US,
        profile_id=body_id(Prefix.PROFILE, wanted.profile_id, "profile_id") if wanted.profile_id else None,
    )


def to_core_device_patch(wanted: wire.DevicePatch) -> devices.DevicePatch:
    changes = {name: value for name in wanted.__struct_fields__ if (value := getattr(wanted, name)) is not UNSET}
    if "project_id" in changes:
        changes["project_id"] = body_id(Prefix.PROJECT, changes["project_id"], "project_id")
    if changes.get("profile_id") is not None:
        changes["profile_id"] = body_id(Prefix.PROFILE, changes["profile_id"], "profile_id")
    if changes.get("location") is not None:
        changes["location"] = to_core_location(changes["location"])
    if "identifiers" in changes:
        changes["identifiers"] = [to_core_identifier(item) for item in changes["identifiers"]]
    if "expected_interval_s" in changes:
        seconds = changes.pop("expected_interval_s")
        changes["expected_interval_us"] = None if seconds is None else seconds * SECOND_US
    return devices.DevicePatch(**changes)


def to_core_location(location: wire.Location) -> devices.Location:
    return devices.Location(latitude=location.latitude, longitude=location.longitude, altitude_m=location.altitude_m)


def to_core_identifier(identifier: wire.Identifier) -> devices.Identifier:
    return devices.Identifier(kind=devices.IdentifierKind(identifier.kind), value=identifier.value)


def to_core_sensor(wanted: wire.SensorCreate) -> NewSensor:
    return NewSensor(key=wanted.key, name=wanted.name, unit=wanted.unit, value_type=ValueType(wanted.value_type))


def to_core_sensor_patch(wanted: wire.SensorPatch) -> devices.SensorPatch:
    value_type = UNSET if wanted.value_type is UNSET else ValueType(wanted.value_type)
    return devices.SensorPatch(name=wanted.name, unit=wanted.unit, value_type=value_type)


def to_core_filter(query: wire.DeviceQuery) -> devices.DeviceFilter:
    return devices.DeviceFilter(
        status=devices.DeviceStatus(query.status) if query.status else None,
        connectivity=devices.Connectivity(query.connectivity) if query.connectivity else None,
        type=query.type,
        project_id=body_id(Prefix.PROJECT, query.project_id, "project_id") if query.project_id else None,
        profile_id=body_id(Prefix.PROFILE, query.profile_id, "profile_id") if query.profile_id else None,
        text=query.q,
        identifier=_parse_identifier(query.identifier) if query.identifier else None,
    )


def _parse_identifier(text: str) -> devices.Identifier:
    kind, _, value = text.partition(":")
    if kind not in list(devices.IdentifierKind) or not value:
        raise InvalidInput.field("identifier", "must be kind:value, such as eui:70b3d57ed0061f2a")
    return devices.Identifier(kind=devices.IdentifierKind(kind), value=value)


def from_core_device(device: devices.Device, connectivity: devices.Connectivity) -> wire.Device:
    location = device.location
    return wire.Device(
        id=encode(Prefix.DEVICE, device.id),
        organization_id=encode(Prefix.ORGANIZATION, device.org_id),
        project_id=encode(Prefix.PROJECT, device.project_id),
        name=device.name,
        type=device.type,
        description=device.description,
        status=device.status,
        connectivity=connectivity,
        settings=device.settings,
        labels=device.labels,
        location=wire.Location(location.latitude, location.longitude, location.altitude_m) if location else None,
        identifiers=[wire.Identifier(item.kind.value, item.value) for item in device.identifiers],
        access_token_prefix=device.token_prefix,
        last_seen_at=format_time_or_none(device.last_seen_us),
        expected_interval_s=None if device.expected_interval_us is None else device.expected_interval_us // SECOND_US,
        profile_id=None if device.profile_id is None else encode(Prefix.PROFILE, device.profile_id),
        malformed=_malformed(device),
        created_at=format_time(device.created_us),
        updated_at=format_time(device.updated_us),
    )


def _malformed(device: devices.Device) -> wire.Malformed | None:
    if device.malformed_us is None:
        return None
    return wire.Malformed(device.malformed_messages, format_time(device.malformed_us), device.malformed_reason or "")


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
        id=encode(Prefix.SENSOR, sensor.id),
        device_id=encode(Prefix.DEVICE, sensor.device_id),
        key=sensor.key,
        name=sensor.name,
        unit=sensor.unit,
        value_type=sensor.value_type,
        declared=sensor.declared,
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
