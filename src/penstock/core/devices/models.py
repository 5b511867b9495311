"""Devices, their identifiers and sensors, and the rules their values obey."""

from __future__ import annotations

import re
from enum import StrEnum

import msgspec
from msgspec import UNSET, UnsetType

from penstock.core.sensor import NewSensor, ValueType
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import DeviceId, OrgId, ProfileId, ProjectId, SensorId
from penstock.kit.secret import hides


class DeviceStatus(StrEnum):
    """Whether a device may report. Set by people, not by what the device does."""

    ACTIVE = "active"
    PAUSED = "paused"


class Connectivity(StrEnum):
    """Whether a device is connected or has been heard of lately. `connectivity.py` says what changes it."""

    ONLINE = "online"
    OFFLINE = "offline"
    NEVER = "never"


class IdentifierKind(StrEnum):
    """The sorts of names under which a device is known outside."""

    EUI = "eui"
    MAC = "mac"
    SERIAL = "serial"
    EXTERNAL = "external"


class Identifier(msgspec.Struct, frozen=True, kw_only=True):
    """A name of a device in the outside world, unique per organisation and kind."""

    kind: IdentifierKind
    value: str


class Location(msgspec.Struct, frozen=True, kw_only=True):
    """Where a device stands.

    Units: latitude and longitude in degrees (WGS 84), altitude_m above sea level.
    """

    latitude: float
    longitude: float
    altitude_m: float | None = None


class Device(msgspec.Struct, frozen=True, kw_only=True):
    """A device as people see it.

    `expected_interval_us` is how often it should be heard of, None for the default of the settings. `noted` and `noted_us` are
    its connectivity as it was last written down, and since when. `profile_id` None is no profile.
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
    expected_interval_us: int | None = None
    noted: Connectivity | None = None
    noted_us: int | None = None
    profile_id: ProfileId | None = None
    firmware_version: str = ""

    def ref(self) -> DeviceRef:
        """The little of it that the hot paths need."""
        return DeviceRef(self.id, self.org_id, self.project_id, self.status, self.profile_id)

    def connectivity(self, now_us: int, offline_after_us: int) -> Connectivity:
        """What was noted; a reading that came since is noted in a moment."""
        seen_us = self.last_seen_us
        if self.noted is not Connectivity.ONLINE and seen_us is not None and seen_us > (self.noted_us or 0):
            if self.expected_interval_us is not None:
                offline_after_us = self.expected_interval_us * 3 // 2
            return Connectivity.ONLINE if now_us - seen_us <= offline_after_us else Connectivity.OFFLINE
        return self.noted or Connectivity.NEVER


class DeviceRef(msgspec.Struct, frozen=True):
    """The little that the hot paths need to know of a device."""

    id: DeviceId
    org_id: OrgId
    project_id: ProjectId
    status: DeviceStatus
    profile_id: ProfileId | None = None


class NewDevice(msgspec.Struct, frozen=True, kw_only=True):
    """What it takes to create a device. `project_id` None means the organisation's default project."""

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
    """A change of a device: what is UNSET stays, what is None is cleared."""

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


class DeviceFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which devices to list; None means any. `text` is looked for in name, description and identifiers."""

    status: DeviceStatus | None = None
    connectivity: Connectivity | None = None
    type: str | None = None
    project_id: ProjectId | None = None
    profile_id: ProfileId | None = None
    text: str | None = None
    identifier: Identifier | None = None


@hides("access_token")
class CreatedDevice(msgspec.Struct, frozen=True, kw_only=True):
    """A device just made or re-keyed, with the one sight of its access token."""

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
    declared: bool
    created_us: int
    updated_us: int


class SensorPatch(msgspec.Struct, frozen=True, kw_only=True):
    """A change of a sensor: what is UNSET stays."""

    name: str | UnsetType = UNSET
    unit: str | UnsetType = UNSET
    value_type: ValueType | UnsetType = UNSET


_EUI = re.compile(r"[0-9a-f]{16}", re.ASCII)
_MAC = re.compile(r"[0-9a-f]{2}(:[0-9a-f]{2}){5}", re.ASCII)
_SEPARATORS = str.maketrans("", "", ":-. ")


def normalize_identifier(identifier: Identifier, field: str = "identifiers") -> Identifier:
    """The one spelling under which an identifier is stored and looked up.

    EUIs become 16 lower-case hex digits and MAC addresses six lower-case pairs with colons, whatever separators were
    sent; the others are kept as they are.

    Raises:
        InvalidInput: the value is no such identifier.
    """
    value = identifier.value
    if identifier.kind is IdentifierKind.EUI:
        value = value.lower().translate(_SEPARATORS)
        if not _EUI.fullmatch(value):
            raise InvalidInput.field(field, "an EUI has 16 hex digits", "identifier")
    elif identifier.kind is IdentifierKind.MAC:
        digits = value.lower().translate(_SEPARATORS)
        value = ":".join(digits[i : i + 2] for i in range(0, len(digits), 2))
        if not _MAC.fullmatch(value):
            raise InvalidInput.field(field, "a MAC address has six pairs of hex digits", "identifier")
    elif not value.strip() or len(value) > 200:
        raise InvalidInput.field(field, "an identifier has 1 to 200 characters", "identifier")
    return Identifier(kind=identifier.kind, value=value)


def spellings(text: str) -> set[str]:
    """The texts under which a name of unknown kind can be stored: as it is, as an EUI, as a MAC address."""
    found = {text}
    for kind in (IdentifierKind.EUI, IdentifierKind.MAC):
        try:
            found.add(normalize_identifier(Identifier(kind=kind, value=text)).value)
        except InvalidInput:
            continue
    return found
