"""Devices, sensors and connectivity, exactly as on the wire."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from penstock.api.v2.wire import Cursor, Id, Labels, Limit, Name, Status, Text, Word
from penstock.core.devices.bulk import MAX_DEVICES
from penstock.core.devices.connectivity import Reason
from penstock.core.devices.models import Connectivity, DeviceStatus
from penstock.core.sensor import ValueType
from penstock.kit.secret import hides
from penstock.kit.wire_types import one_of

ExpectedInterval = Annotated[int, Meta(ge=1, le=31_536_000)]
"""How often a device is expected to report, in seconds. It is offline after one and a half times this interval."""
AgentVersion = Annotated[str, Meta(max_length=200, examples=["1.0.0"])]
MacAddress = Annotated[str, Meta(max_length=200, examples=["02:5a:9e:11:20:7c"])]
FirmwareVersion = Annotated[str, Meta(max_length=100, examples=["2.4.1"])]
"""The version of a device's firmware, as its maker writes it; empty if it is not known."""
ValueTypeName = Literal["integer", "float", "string", "boolean"]
IdentifierKindName = Literal["eui", "mac", "serial", "external"]


class FleetSummary(Struct, frozen=True):
    """The number of devices, of those that are paused, and of those that are online, offline or were never seen."""

    total: int
    paused: int
    online: int
    offline: int
    never: int


class Identifier(Struct, frozen=True, forbid_unknown_fields=True):
    """An external name of a device, unique per organisation and kind: eui, mac, serial or external."""

    kind: IdentifierKindName
    value: Name


class Location(Struct, frozen=True, forbid_unknown_fields=True):
    """The location of a device: degrees (WGS 84) and metres above sea level."""

    latitude: Annotated[float, Meta(ge=-90, le=90)]
    longitude: Annotated[float, Meta(ge=-180, le=180)]
    altitude_m: Annotated[float, Meta(ge=-12_000, le=100_000)] | None = None


Decimals = Annotated[int, Meta(ge=0, le=9)]


class SensorCreate(Struct, frozen=True, forbid_unknown_fields=True):
    """A sensor to declare. `key` is the dot path of the value in the device's readings.

    `decimals` is how many of its values' decimals people see; null: as many as were measured. Readings keep all.
    """

    key: Name
    name: Annotated[str, Meta(max_length=200)] = ""
    unit: Annotated[str, Meta(max_length=32)] = ""
    value_type: ValueTypeName = "float"
    decimals: Decimals | None = None


class SensorDeclare(Struct, frozen=True, forbid_unknown_fields=True):
    """A sensor to declare on a device.

    `key` is the dot path of the value in the device's readings. With `template_id` the fields that are omitted are those of the
    sensor template.
    """

    key: Name | UnsetType = UNSET
    name: Annotated[str, Meta(max_length=200)] | UnsetType = UNSET
    unit: Annotated[str, Meta(max_length=32)] | UnsetType = UNSET
    value_type: ValueTypeName | UnsetType = UNSET
    decimals: Decimals | UnsetType | None = UNSET
    template_id: Id | None = None


class SensorPatch(Struct, frozen=True, forbid_unknown_fields=True):
    """A change of a sensor: omitted fields are unchanged, null clears `decimals`."""

    name: Name | UnsetType = UNSET
    unit: Annotated[str, Meta(max_length=32)] | UnsetType = UNSET
    value_type: ValueTypeName | UnsetType = UNSET
    decimals: Decimals | UnsetType | None = UNSET


class Sensor(Struct, frozen=True):
    """One named value of a device. `declared` is false if it was only discovered in readings.

    `decimals` is how many people see; null: as many as were measured.
    """

    id: str
    device_id: str
    key: str
    name: str
    unit: str
    value_type: Annotated[str, one_of(*ValueType)]
    decimals: int | None
    declared: bool
    created_at: str
    updated_at: str


class DeviceCreate(Struct, frozen=True, forbid_unknown_fields=True):
    """A device to create. Without `project_id` it is created in the default project."""

    name: Name
    type: Word = "sensor"
    description: Text = ""
    project_id: Id | None = None
    settings: Annotated[dict[str, object], Meta(max_length=256)] = {}
    labels: Labels = {}
    location: Location | None = None
    identifiers: Annotated[list[Identifier], Meta(max_length=16)] = []
    sensors: Annotated[list[SensorCreate], Meta(max_length=256)] = []
    expected_interval_s: ExpectedInterval | None = None
    profile_id: Id | None = None
    firmware_version: FirmwareVersion = ""


class DevicesCreate(Struct, frozen=True, forbid_unknown_fields=True):
    """Devices to create, each as when it is created by itself."""

    items: Annotated[
        list[dict[str, object]],
        Meta(
            min_length=1,
            max_length=MAX_DEVICES,
            extra_json_schema={"items": {"$ref": "#/components/schemas/DeviceCreate"}},
        ),
    ]


class DevicePatch(Struct, frozen=True, forbid_unknown_fields=True):
    """A change of a device: omitted fields are unchanged; null clears the location, the interval and the profile."""

    name: Name | UnsetType = UNSET
    type: Word | UnsetType = UNSET
    description: Text | UnsetType = UNSET
    project_id: Id | UnsetType = UNSET
    settings: Annotated[dict[str, object], Meta(max_length=256)] | UnsetType = UNSET
    labels: Labels | UnsetType = UNSET
    location: Location | UnsetType | None = UNSET
    identifiers: Annotated[list[Identifier], Meta(max_length=16)] | UnsetType = UNSET
    expected_interval_s: ExpectedInterval | UnsetType | None = UNSET
    profile_id: Id | UnsetType | None = UNSET
    firmware_version: FirmwareVersion | UnsetType = UNSET


class ConnectivityQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Filters for connectivity changes."""

    limit: Limit = 100
    cursor: Cursor | None = None
    from_: Annotated[str, Meta(max_length=64)] | None = msgspec.field(default=None, name="from")
    to: Annotated[str, Meta(max_length=64)] | None = None


class ConnectivityChange(Struct, frozen=True):
    """A device came online or went offline.

    `reason` is connected, reading or seen when it came online; silent, reported, lost, last_will or cut when it went offline.
    """

    connectivity: Annotated[str, one_of(*Connectivity)]
    reason: Annotated[str, one_of(*Reason)]
    at: str


class Malformed(Struct, frozen=True):
    """Counts of a device's malformed messages and times, and of readings that were stored although something could not be used.

    The former are quarantined: messages with the kind `malformed`, readings whose time is in the future with their own kind. The
    latter are payloads from which the device's codec decoded no values, times older than the plan's retention, times of a network
    server that are unreadable or in the future, and, once per device, fields that cannot be listed as sensors.
    """

    messages: int
    last_at: str
    last_reason: str


class Cuts(Struct, frozen=True):
    """Counts of a device's connections that the server closed or rejected, although its token was valid."""

    connections: int
    last_at: str
    last_reason: str


class Device(Struct, frozen=True):
    """A device. `status` is set by users; `connectivity` (online, offline, never) follows from its connections and readings.

    `malformed` is null if every message could be parsed, `cuts` if the server has closed or rejected no connection.
    `agent_version` and `macaddress` are what its agent reported at its last connection; empty without an agent.
    """

    id: str
    organization_id: str
    project_id: str
    name: str
    type: str
    description: str
    status: Annotated[str, one_of(*DeviceStatus)]
    connectivity: Annotated[str, one_of(*Connectivity)]
    settings: dict[str, object]
    labels: dict[str, str]
    location: Location | None
    identifiers: list[Identifier]
    access_token_prefix: str
    last_seen_at: str | None
    expected_interval_s: int | None
    profile_id: str | None
    firmware_version: FirmwareVersion
    agent_version: AgentVersion
    macaddress: MacAddress
    malformed: Malformed | None
    cuts: Cuts | None
    created_at: str
    updated_at: str


@hides("access_token")
class CreatedDevice(Struct, frozen=True):
    """A device and its access token. Copy the token now: it is not shown again."""

    device: Device
    access_token: str


class RejectedDevice(Struct, frozen=True):
    """One reason why one of many devices was not created; a row can have several.

    `row` counts from 0; `field` is empty if no field is invalid.
    """

    row: int
    field: str
    code: str
    detail: str


class DevicesCreated(Struct, frozen=True):
    """The outcome of creating many devices. `devices` has one entry per row, null if it was rejected: then it is in `errors`."""

    created: int
    rejected: int
    devices: list[CreatedDevice | None]
    errors: list[RejectedDevice]


Label = Annotated[
    str,
    Meta(min_length=2, max_length=321, pattern=r"^[^:]{1,64}:", extra={"form": "key:value, such as site:harbour"}),
]


class DeviceQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Filters for devices, and the order.

    `customer_id` and `resident_id` are where the device is placed now, `connection_id` is the connection by which it reports.
    `has_alert`: whether an alert is open for it. `q` is searched for in name, description and identifiers;
    `identifier` is `kind:value`. `label` is `key:value`; it can be repeated, and a device must have all of them. `sort` is the
    order, descending with a leading minus sign.
    """

    limit: Limit = 100
    cursor: Cursor | None = None
    status: Status | None = None
    connectivity: Literal["online", "offline", "never"] | None = None
    type: Word | None = None
    project_id: Id | None = None
    profile_id: Id | None = None
    customer_id: Id | None = None
    resident_id: Id | None = None
    connection_id: Id | None = None
    has_alert: bool | None = None
    q: Name | None = None
    identifier: Annotated[str, Meta(max_length=220)] | None = None
    label: Annotated[list[Label], Meta(max_length=16)] = []
    sort: Literal["name", "-name", "created_at", "-created_at", "last_seen_at", "-last_seen_at"] = "-created_at"


class DeviceEventsQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Filters for device events; times are the events' own."""

    limit: Limit = 100
    cursor: Cursor | None = None
    kind: Word | None = None
    from_: Annotated[str, Meta(max_length=64)] | None = msgspec.field(default=None, name="from")
    to: Annotated[str, Meta(max_length=64)] | None = None


class DeviceEventShown(Struct, frozen=True):
    """A network server's report about a device.

    `kind` is join, status, ack, nack, txack, failed, queued, invalidated, location, service or log. `details` contains its facts
    under Penstock's names: `device_address`, `battery_percent`, `margin_db`, `external_power`, `queue_item_id`, `f_cnt_down`,
    `gateway_id`, `latitude`, `longitude`, `altitude_m`, `level`, `code`, `description`.
    """

    id: str
    kind: str
    time: str
    received_at: str
    connection_id: str | None
    details: dict[str, object]
