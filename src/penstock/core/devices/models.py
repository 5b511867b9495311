"""Devices, their identifiers and sensors, and the rules for their values."""

from __future__ import annotations

import re
from enum import StrEnum

import msgspec
from msgspec import UNSET, UnsetType

from penstock.core.sensor import NewSensor, ValueType
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import ConnectionId, CustomerId, DeviceId, OrgId, ProfileId, ProjectId, ResidentId, SensorId
from penstock.kit.secret import hides


class DeviceStatus(StrEnum):
    """Whether a device may report. Set by users; the device's behaviour does not change it."""

    ACTIVE = "active"
    PAUSED = "paused"


class Connectivity(StrEnum):
    """Whether a device is connected or was seen recently. `connectivity.py` describes what changes it."""

    ONLINE = "online"
    OFFLINE = "offline"
    NEVER = "never"


class IdentifierKind(StrEnum):
    """The kinds of external names that a device can have."""

    EUI = "eui"
    MAC = "mac"
    SERIAL = "serial"
    EXTERNAL = "external"


class Identifier(msgspec.Struct, frozen=True, kw_only=True):
    """An external name of a device, unique per organisation and kind."""

    kind: IdentifierKind
    value: str


class Location(msgspec.Struct, frozen=True, kw_only=True):
    """Where a device is.

    Units: latitude and longitude in degrees (WGS 84), altitude_m above sea level.
    """

    latitude: float
    longitude: float
    altitude_m: float | None = None


class Device(msgspec.Struct, frozen=True, kw_only=True):
    """A device as users see it.

    `expected_interval_us` is how often it is expected to report; None applies the default in the settings. `noted` is its last
    stored connectivity, and `noted_us` the time since which it applies. `profile_id` is None without a profile. `agent_version`
    and `macaddress` are what its agent last reported; empty without an agent.
    """

    id: DeviceId
    org_id: OrgId
    project_id: ProjectId
    name: str
    type: str
    description: str
    status: DeviceStatus
    settings: dict[str, object]
    labels: dict[str, str]
    location: Location | None
    identifiers: list[Identifier]
    token_prefix: str
    last_seen_us: int | None
    created_us: int
    updated_us: int
    malformed_messages: int = 0
    malformed_us: int | None = None
    malformed_reason: str | None = None
    cut_connections: int = 0
    cut_us: int | None = None
    cut_reason: str | None = None
    expected_interval_us: int | None = None
    noted: Connectivity | None = None
    noted_us: int | None = None
    profile_id: ProfileId | None = None
    firmware_version: str = ""
    agent_version: str = ""
    macaddress: str = ""

    def ref(self) -> DeviceRef:
        """The few fields that the hot paths need."""
        return DeviceRef(self.id, self.org_id, self.project_id, self.status, self.profile_id)

    def connectivity(self, now_us: int, offline_after_us: int) -> Connectivity:
        """The stored connectivity. A worker updates it shortly after each reading."""
        seen_us = self.last_seen_us
        # Until the worker has recorded it, a reading that arrived after the last recorded change decides.
        if self.noted is not Connectivity.ONLINE and seen_us is not None and seen_us > (self.noted_us or 0):
            if self.expected_interval_us is not None:
                offline_after_us = self.expected_interval_us * 3 // 2
            return Connectivity.ONLINE if now_us - seen_us <= offline_after_us else Connectivity.OFFLINE
        return self.noted or Connectivity.NEVER


class DeviceRef(msgspec.Struct, frozen=True):
    """The few fields of a device that the hot paths need."""

    id: DeviceId
    org_id: OrgId
    project_id: ProjectId
    status: DeviceStatus
    profile_id: ProfileId | None = None


class NewDevice(msgspec.Struct, frozen=True, kw_only=True):
    """The fields of a device to create. A `project_id` of None selects the organisation's default project."""

    name: str
    type: str = "sensor"
    description: str = ""
    project_id: ProjectId | None = None
    settings: dict[str, object] = {}
    labels: dict[str, str] = {}
    location: Location | None = None
    identifiers: list[Identifier] = []
    sensors: list[NewSensor] = []
    expected_interval_us: int | None = None
    profile_id: ProfileId | None = None
    firmware_version: str = ""


class DevicePatch(msgspec.Struct, frozen=True, kw_only=True):
    """A change to a device: UNSET fields are unchanged, None clears a field."""

    name: str | UnsetType = UNSET
    type: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    project_id: ProjectId | UnsetType = UNSET
    settings: dict[str, object] | UnsetType = UNSET
    labels: dict[str, str] | UnsetType = UNSET
    location: Location | UnsetType | None = UNSET
    identifiers: list[Identifier] | UnsetType = UNSET
    expected_interval_us: int | UnsetType | None = UNSET
    profile_id: ProfileId | UnsetType | None = UNSET
    firmware_version: str | UnsetType = UNSET


class DeviceSort(StrEnum):
    """The order of a list of devices. Devices that were never seen count as seen before all others."""

    NAME = "name"
    NAME_REVERSED = "-name"
    OLDEST = "created_at"
    NEWEST = "-created_at"
    LONGEST_UNSEEN = "last_seen_at"
    LAST_SEEN = "-last_seen_at"

    def position(self, device: Device) -> tuple[int | str, ...]:
        """The place of a device in a list in this order; two devices never have the same."""
        if self in (DeviceSort.NAME, DeviceSort.NAME_REVERSED):
            return device.name, device.id
        return (device.id,) if self in (DeviceSort.OLDEST, DeviceSort.NEWEST) else (device.last_seen_us or 0, device.id)


class DeviceFilter(msgspec.Struct, frozen=True, kw_only=True):
    """The devices to list; None matches all. `text` is searched for in name, description and identifiers.

    A device must have all `labels`, with these values. `customer_id` and `resident_id` are where it is placed now,
    `connection_id` by which connection it reported last. `has_alert`: whether an alert is open for it.
    """

    status: DeviceStatus | None = None
    connectivity: Connectivity | None = None
    type: str | None = None
    project_id: ProjectId | None = None
    profile_id: ProfileId | None = None
    customer_id: CustomerId | None = None
    resident_id: ResidentId | None = None
    text: str | None = None
    identifier: Identifier | None = None
    labels: dict[str, str] = {}
    connection_id: ConnectionId | None = None
    has_alert: bool | None = None


class FleetSummary(msgspec.Struct, frozen=True, kw_only=True):
    """How many devices there are, how many of them are paused, and how many have which connectivity."""

    total: int
    paused: int
    online: int
    offline: int
    never: int


@hides("access_token")
class CreatedDevice(msgspec.Struct, frozen=True, kw_only=True):
    """A device that was created or re-keyed, with its access token, which is shown only once."""

    device: Device
    access_token: str


class Sensor(msgspec.Struct, frozen=True, kw_only=True):
    """One named value of a device. `key` is the dot path of the value in the device's readings."""

    id: SensorId
    device_id: DeviceId
    key: str
    name: str
    unit: str
    value_type: ValueType
    decimals: int | None = None
    declared: bool
    created_us: int
    updated_us: int


class SensorPatch(msgspec.Struct, frozen=True, kw_only=True):
    """A change to a sensor: UNSET fields are unchanged."""

    name: str | UnsetType = UNSET
    unit: str | UnsetType = UNSET
    value_type: ValueType | UnsetType = UNSET
    decimals: int | UnsetType | None = UNSET


_EUI = re.compile(r"[0-9a-f]{16}", re.ASCII)
_MAC = re.compile(r"[0-9a-f]{2}(:[0-9a-f]{2}){5}", re.ASCII)
_SEPARATORS = str.maketrans("", "", ":-. ")


def normalize_identifier(identifier: Identifier, field: str = "identifiers") -> Identifier:
    """The normalised form under which an identifier is stored and looked up.

    EUIs become 16 lower-case hexadecimal digits and MAC addresses six lower-case pairs with colons, whatever separators were
    sent. Other kinds are unchanged.

    Raises:
        InvalidInput: the value is not a valid identifier of its kind.
    """
    value = identifier.value
    if identifier.kind is IdentifierKind.EUI:
        value = value.lower().translate(_SEPARATORS)
        if not _EUI.fullmatch(value):
            raise InvalidInput.field(field, "must be an EUI of 16 hexadecimal digits", "identifier")
    elif identifier.kind is IdentifierKind.MAC:
        digits = value.lower().translate(_SEPARATORS)
        value = ":".join(digits[i : i + 2] for i in range(0, len(digits), 2))
        if not _MAC.fullmatch(value):
            raise InvalidInput.field(field, "must be a MAC address of six pairs of hexadecimal digits", "identifier")
    elif not value.strip() or len(value) > 200:
        raise InvalidInput.field(field, "must have 1 to 200 characters", "identifier")
    return Identifier(kind=identifier.kind, value=value)


def spellings(text: str) -> set[str]:
    """The forms under which an identifier of unknown kind can be stored: unchanged, as an EUI, as a MAC address."""
    found = {text}
    for kind in (IdentifierKind.EUI, IdentifierKind.MAC):
        try:
            found.add(normalize_identifier(Identifier(kind=kind, value=text)).value)
        except InvalidInput:
            continue
    return found
