"""The native API's structs, exactly as on the wire."""

from __future__ import annotations

from typing import Annotated, Generic, Literal, TypeVar

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from penstock.kit.secret import hides

T = TypeVar("T")
Name = Annotated[str, Meta(min_length=1, max_length=200)]
Word = Annotated[str, Meta(min_length=1, max_length=64)]
Text = Annotated[str, Meta(max_length=2000)]
Id = Annotated[str, Meta(min_length=1, max_length=64)]
Alias = Annotated[str, Meta(pattern="^[0-9a-f]{24}$", min_length=24, max_length=24)]
PlatformName = Literal["Raspberry Pi", "ARMv5", "ARMv6", "AMD64", "i386"]
Labels = Annotated[dict[Word, Annotated[str, Meta(max_length=256)]], Meta(max_length=64)]
Limit = Annotated[int, Meta(ge=1, le=1000)]
Cursor = Annotated[str, Meta(max_length=512)]
Status = Literal["active", "paused"]
ExpectedInterval = Annotated[int, Meta(ge=1, le=31_536_000)]
"""How often a device should be heard of, in seconds: it is offline after one and a half of it."""
ValueTypeName = Literal["integer", "float", "string", "boolean"]
IdentifierKindName = Literal["eui", "mac", "serial", "external"]


class ListOf(Struct, Generic[T], frozen=True):
    """A page of a list. `next_cursor` is null on the last one."""

    data: list[T]
    next_cursor: str | None = None


class Page(Struct, frozen=True, forbid_unknown_fields=True):
    """Where a page begins and how long it is."""

    limit: Limit = 100
    cursor: Cursor | None = None


class Identifier(Struct, frozen=True, forbid_unknown_fields=True):
    """A name of a device in the outside world, unique per organisation and kind: eui, mac, serial or external."""

    kind: IdentifierKindName
    value: Name


class Location(Struct, frozen=True, forbid_unknown_fields=True):
    """Where a device stands: degrees (WGS 84) and metres above sea level."""

    latitude: Annotated[float, Meta(ge=-90, le=90)]
    longitude: Annotated[float, Meta(ge=-180, le=180)]
    altitude_m: Annotated[float, Meta(ge=-12_000, le=100_000)] | None = None


class SensorCreate(Struct, frozen=True, forbid_unknown_fields=True):
    """A sensor to declare. `key` is the dot path of the value in the device's readings."""

    key: Name
    name: Annotated[str, Meta(max_length=200)] = ""
    unit: Annotated[str, Meta(max_length=32)] = ""
    value_type: ValueTypeName = "float"


class SensorPatch(Struct, frozen=True, forbid_unknown_fields=True):
    """A change of a sensor: a field that is left out stays."""

    name: Name | UnsetType = UNSET
    unit: Annotated[str, Meta(max_length=32)] | UnsetType = UNSET
    value_type: ValueTypeName | UnsetType = UNSET


class Sensor(Struct, frozen=True):
    """One named value of a device. `declared` is false while it was only discovered from readings."""

    id: str
    device_id: str
    key: str
    name: str
    unit: str
    value_type: str
    declared: bool
    created_at: str
    updated_at: str


class DeviceCreate(Struct, frozen=True, forbid_unknown_fields=True):
    """A device to create. Without `project_id` it joins the default project."""

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


class DevicePatch(Struct, frozen=True, forbid_unknown_fields=True):
    """A change of a device: a field that is left out stays; null clears the location, the interval and the profile."""

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


class ConnectivityQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which changes to list."""

    limit: Limit = 100
    cursor: Cursor | None = None
    from_: Annotated[str, Meta(max_length=64)] | None = msgspec.field(default=None, name="from")
    to: Annotated[str, Meta(max_length=64)] | None = None


class ConnectivityChange(Struct, frozen=True):
    """A device came online or went offline.

    `reason` is connected or reading when it came online; silent, lost, last_will or cut when it went offline.
    """

    connectivity: str
    reason: str
    at: str


class Malformed(Struct, frozen=True):
    """Messages of a device that could not be read as readings, and payloads that its codec made nothing of.

    The former are in quarantine, as kind `malformed`; the latter are readings without values.
    """

    messages: int
    last_at: str
    last_reason: str


class Device(Struct, frozen=True):
    """A device. `status` is set by people; `connectivity` (online, offline, never) follows from its connections and readings.

    `malformed` is null while everything it sent could be read.
    """

    id: str
    organization_id: str
    project_id: str
    name: str
    type: str
    description: str
    status: str
    connectivity: str
    settings: dict[str, object]
    labels: dict[str, str]
    location: Location | None
    identifiers: list[Identifier]
    access_token_prefix: str
    last_seen_at: str | None
    expected_interval_s: int | None
    profile_id: str | None
    malformed: Malformed | None
    created_at: str
    updated_at: str


@hides("access_token")
class CreatedDevice(Struct, frozen=True):
    """A device and its access token. Copy the token now: it is not shown again."""

    device: Device
    access_token: str


class DeviceQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which devices to list. `q` is looked for in name, description and identifiers; `identifier` is `kind:value`."""

    limit: Limit = 100
    cursor: Cursor | None = None
    status: Status | None = None
    connectivity: Literal["online", "offline", "never"] | None = None
    type: Word | None = None
    project_id: Id | None = None
    profile_id: Id | None = None
    q: Name | None = None
    identifier: Annotated[str, Meta(max_length=220)] | None = None


class Project(Struct, frozen=True):
    """A group of devices. `alias` is the id that Iottly's clients know it by, `platform` what its agents run on."""

    id: str
    name: str
    is_default: bool
    created_at: str
    alias: str
    platform: str


class ProjectCreate(Struct, frozen=True, forbid_unknown_fields=True):
    """A project to create. `alias` is for one that has an id at Iottly and keeps it; otherwise it gets one."""

    name: Name
    alias: Alias | None = None
    platform: PlatformName = "AMD64"


class Me(Struct, frozen=True):
    """Whom a credential stands for: a key, or a person who signed in."""

    organization_id: str
    organization_name: str
    plan: str
    key_id: str | None
    user_id: str | None
    scopes: list[str]


class Range(Struct, frozen=True):
    """From when to when: what was asked, and what the plan's retention let through."""

    requested_from: str
    requested_to: str
    from_: str = msgspec.field(name="from")
    to: str
    retention_days: int | None


class Reading(Struct, frozen=True):
    """A reading. `data` is the payload as sent, or the values that were asked for."""

    id: str
    seq: int
    device_id: str
    time: str
    received_at: str
    kind: str
    channel: str | None
    backfill: bool
    data: msgspec.Raw | dict[str, object]


class Latest(Struct, frozen=True):
    """The latest reading of a device, null before its first."""

    data: Reading | None


class LatestQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Latest by what: `event` (when it was measured) or `arrival` (when it came in)."""

    by: Literal["event", "arrival"] = "event"


class History(Struct, frozen=True):
    """A page of readings with the range they are from."""

    data: list[Reading]
    next_cursor: str | None
    query: Range


class HistoryQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which readings. `from` and `to` are times, or `range` is a length such as `24h` that ends now or at `to`."""

    from_: str | None = msgspec.field(name="from", default=None)
    to: str | None = None
    range: str | None = None
    fields: str | None = None
    order: Literal["asc", "desc"] = "desc"
    limit: Annotated[int, Meta(ge=1, le=10_000)] = 100
    cursor: Cursor | None = None


class AggregateQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Buckets of time. `bucket` is fixed (`10s` … `1d`) or of the calendar (`hour` … `year`) in `timezone`."""

    bucket: Annotated[str, Meta(max_length=16)] = "1h"
    from_: str | None = msgspec.field(name="from", default=None)
    to: str | None = None
    range: str | None = None
    timezone: Annotated[str, Meta(max_length=64)] = "UTC"
    fields: str | None = None
    functions: str = "avg"
    empty: bool = False


class BucketOut(Struct, frozen=True):
    """One bucket: by sensor, by function. A bucket without readings has count 0 and null otherwise."""

    start: str
    end: str
    values: dict[str, dict[str, object]]


class Aggregated(Struct, frozen=True):
    """Buckets with the range they are from."""

    data: list[BucketOut]
    bucket: str
    timezone: str
    query: Range


class ThinQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """The course of one sensor in so many points."""

    field: Name
    points: Annotated[int, Meta(ge=3, le=10_000)] = 500
    from_: str | None = msgspec.field(name="from", default=None)
    to: str | None = None
    range: str | None = None


class ThinPoint(Struct, frozen=True):
    """One measured value that was chosen for the chart."""

    time: str
    value: float


class Thinned(Struct, frozen=True):
    """Chosen points with the range they are from."""

    data: list[ThinPoint]
    field: str
    query: Range


class ExportQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """All readings of a range as a file, oldest first."""

    format: Literal["csv", "ndjson"] = "csv"
    from_: str | None = msgspec.field(name="from", default=None)
    to: str | None = None
    range: str | None = None
    fields: str | None = None


@hides("ticket")
class Ticket(Struct, frozen=True):
    """A pass for one stream, for browsers, which can set no headers. Good once, and not for long."""

    ticket: str
    expires_at: str
