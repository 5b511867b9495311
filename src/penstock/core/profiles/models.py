"""Device profiles."""

from __future__ import annotations

import msgspec
from msgspec import UNSET, UnsetType

from penstock.core.registers.models import Register
from penstock.core.sensor import NewSensor
from penstock.kit.ids import CodecId, ProfileId, ProjectId


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """A device profile.

    `device_type` and `model` state which devices it is for. A device that is assigned the profile copies `sensors` and
    `expected_interval_us` from it if it has none of its own. `codec_id` is the codec version in use, or None.
    `registers` are what its devices count that have no registers of their own; unlike the sensors they are not copied.
    """

    id: ProfileId
    project_id: ProjectId
    name: str
    device_type: str
    model: str
    description: str
    expected_interval_us: int | None
    sensors: list[NewSensor]
    codec_id: CodecId | None
    created_us: int
    updated_us: int
    registers: tuple[Register, ...] = ()


class NewProfile(msgspec.Struct, frozen=True, kw_only=True):
    """The fields of a new profile. `project_id` None means the organisation's default project."""

    name: str
    project_id: ProjectId | None = None
    device_type: str = ""
    model: str = ""
    description: str = ""
    expected_interval_us: int | None = None
    sensors: list[NewSensor] = []
    registers: tuple[Register, ...] = ()


class ProfilePatch(msgspec.Struct, frozen=True, kw_only=True):
    """A change of a profile: an UNSET field is unchanged, None clears it."""

    name: str | UnsetType = UNSET
    device_type: str | UnsetType = UNSET
    model: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    expected_interval_us: int | UnsetType | None = UNSET
    sensors: list[NewSensor] | UnsetType = UNSET
    registers: tuple[Register, ...] | UnsetType = UNSET


class ProfileFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which profiles to list; None means any. `text` is searched for in name, model and description."""

    project_id: ProjectId | None = None
    device_type: str | None = None
    text: str | None = None
