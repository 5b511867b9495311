"""Device profiles over the native API, exactly as on the wire."""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from penstock.api.v2.devices.wire import ExpectedInterval, SensorCreate
from penstock.api.v2.meters.register_wire import Register, Registers
from penstock.api.v2.wire import ByName, Cursor, Id, Limit, Name, Text, Word

Model = Annotated[str, Meta(max_length=200)]
DeviceType = Annotated[str, Meta(max_length=64)]
Sensors = Annotated[list[SensorCreate], Meta(max_length=256)]


class ProfileQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Filters for profiles. `q` is searched for in name, model and description."""

    limit: Limit = 100
    cursor: Cursor | None = None
    project_id: Id | None = None
    device_type: Word | None = None
    q: Name | None = None
    sort: ByName = "-created_at"


class ProfileCreate(Struct, frozen=True, forbid_unknown_fields=True):
    """A device profile to create. Without `project_id` it is created in the default project."""

    name: Name
    project_id: Id | None = None
    device_type: DeviceType = ""
    model: Model = ""
    description: Text = ""
    expected_interval_s: ExpectedInterval | None = None
    sensors: Sensors = []
    registers: Registers = []


class ProfilePatch(Struct, frozen=True, forbid_unknown_fields=True):
    """A change of a profile: omitted fields are unchanged, `"expected_interval_s": null` clears the interval."""

    name: Name | UnsetType = UNSET
    device_type: DeviceType | UnsetType = UNSET
    model: Model | UnsetType = UNSET
    description: Text | UnsetType = UNSET
    expected_interval_s: ExpectedInterval | UnsetType | None = UNSET
    sensors: Sensors | UnsetType = UNSET
    registers: Registers | UnsetType = UNSET


class Profile(Struct, frozen=True):
    """A device profile. `codec_id` is the current version of its codec; null if it has none.

    `registers` are what its devices count, unless they have registers of their own.
    """

    id: str
    project_id: str
    name: str
    device_type: str
    model: str
    description: str
    expected_interval_s: int | None
    sensors: list[SensorCreate]
    codec_id: str | None
    created_at: str
    updated_at: str
    registers: list[Register]
