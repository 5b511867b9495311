"""Device profiles over the native API."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET

from penstock.api.shared.call import Call
from penstock.api.shared.decoding import body_id, path_id
from penstock.api.shared.routes import Routes
from penstock.api.v2.devices.translate import to_core_sensor
from penstock.api.v2.devices.wire import SensorCreate
from penstock.api.v2.profiles import wire
from penstock.api.v2.wire import ListOf
from penstock.core.profiles.models import NewProfile, Profile, ProfileFilter, ProfilePatch
from penstock.core.profiles.service import ProfileService
from penstock.kit.clock import SECOND_US, format_time
from penstock.kit.ids import Prefix, encode
from penstock.kit.operation import Example

TAG = "Device profiles"
READ, WRITE = "devices:read", "devices:write"
PROFILES = "/api/v2/profiles"
ONE = f"{PROFILES}/{{profile_id}}"
PROFILE_ID = "prf_0c2k9fq7w3p1f"
PROFILE_PATH = {"profile_id": PROFILE_ID}
NEW_PROFILE: dict[str, Any] = {
    "name": "Ultrasonic meter",
    "device_type": "water_meter",
    "model": "UW-20",
    "expected_interval_s": 3600,
    "sensors": [{"key": "volume", "name": "Volume", "unit": "m³", "value_type": "float"}],
}
PROFILE: dict[str, Any] = {
    "id": PROFILE_ID,
    "project_id": "prj_0c2k9fq7w3b7h",
    "name": "Ultrasonic meter",
    "device_type": "water_meter",
    "model": "UW-20",
    "description": "",
    "expected_interval_s": 3600,
    "sensors": NEW_PROFILE["sensors"],
    "codec_id": "cdc_0c2k9fq7w3d4c",
    "created_at": "2026-04-14T06:00:00Z",
    "updated_at": "2026-04-14T06:00:00Z",
}


class DeviceProfileEndpoints:
    """Make, read, change and delete device profiles."""

    routes = Routes("/api/v2/profiles", surface="v2", tag="Device profiles")

    routes = Routes("/api/v2/profiles", surface="v2", tag="Device profiles")

    def __init__(self, profiles: ProfileService) -> None:
        self._profiles = profiles

    @routes.get(
        scope=READ,
        of_project=True,
        example=Example(query={"device_type": "water_meter"}, answer={"data": [PROFILE], "next_cursor": None}),
    )
    async def list_profiles(self, call: Call[wire.ProfileQuery, None]) -> ListOf[wire.Profile]:
        """List device profiles.

        Newest first. Filters are combined with and.
        """
        query = call.query
        wanted = ProfileFilter(
            project_id=body_id(Prefix.PROJECT, query.project_id, "project_id") if query.project_id else None,
            device_type=query.device_type,
            text=query.q,
        )
        page = await self._profiles.list(call.actor, wanted, query.limit, query.cursor)
        return ListOf([from_core_profile(profile) for profile in page.items], page.next_cursor)

    @routes.post(
        scope=WRITE,
        of_project=True,
        status=201,
        example=Example(body=NEW_PROFILE, answer=PROFILE | {"codec_id": None}),
    )
    async def create(self, call: Call[None, wire.ProfileCreate]) -> wire.Profile:
        """Make a device profile.

        It has no codec yet. Give it to devices with `profile_id`.
        """
        body = call.body
        wanted = NewProfile(
            name=body.name,
            project_id=body_id(Prefix.PROJECT, body.project_id, "project_id") if body.project_id else None,
            device_type=body.device_type,
            model=body.model,
            description=body.description,
            expected_interval_us=None if body.expected_interval_s is None else body.expected_interval_s * SECOND_US,
            sensors=[to_core_sensor(sensor) for sensor in body.sensors],
        )
        return from_core_profile(await self._profiles.create(call.actor, wanted))

    @routes.get(
        "/{profile_id}",
        scope=READ,
        of_project=True,
        example=Example(path=PROFILE_PATH, answer=PROFILE),
    )
    async def get(self, call: Call[None, None]) -> wire.Profile:
        """Get a device profile."""
        return from_core_profile(await self._profiles.get(call.actor, profile_id_of(call)))

    @routes.patch(
        "/{profile_id}",
        scope=WRITE,
        of_project=True,
        example=Example(path=PROFILE_PATH, body={"description": "From 2026 on"}, answer=PROFILE),
    )
    async def update(self, call: Call[None, wire.ProfilePatch]) -> wire.Profile:
        """Change a device profile.

        A field that is left out stays as it is. Devices that have the profile keep what they took from it.
        """
        patch = _to_core_patch(call.body)
        return from_core_profile(await self._profiles.update(call.actor, profile_id_of(call), patch))

    @routes.delete(
        "/{profile_id}",
        scope=WRITE,
        of_project=True,
        refuses=(409,),
        example=Example(path=PROFILE_PATH),
    )
    async def delete(self, call: Call[None, None]) -> None:
        """Delete a device profile.

        With every version of its codec. 409 while a device has it: `GET /api/v2/devices?profile_id=` lists those.
        """
        await self._profiles.delete(call.actor, profile_id_of(call))


def profile_id_of(call: Call[Any, Any]) -> int:
    """The profile that a path names."""
    return path_id(Prefix.PROFILE, call.path["profile_id"])


def _to_core_patch(wanted: wire.ProfilePatch) -> ProfilePatch:
    changes = {name: value for name in wanted.__struct_fields__ if (value := getattr(wanted, name)) is not UNSET}
    if "sensors" in changes:
        changes["sensors"] = [to_core_sensor(sensor) for sensor in changes["sensors"]]
    if "expected_interval_s" in changes:
        seconds = changes.pop("expected_interval_s")
        changes["expected_interval_us"] = None if seconds is None else seconds * SECOND_US
    return ProfilePatch(**changes)


def from_core_profile(profile: Profile) -> wire.Profile:
    return wire.Profile(
        id=encode(Prefix.PROFILE, profile.id),
        project_id=encode(Prefix.PROJECT, profile.project_id),
        name=profile.name,
        device_type=profile.device_type,
        model=profile.model,
        description=profile.description,
        expected_interval_s=None if profile.expected_interval_us is None else profile.expected_interval_us // SECOND_US,
        sensors=[SensorCreate(one.key, one.name, one.unit, one.value_type.value) for one in profile.sensors],
        codec_id=None if profile.codec_id is None else encode(Prefix.CODEC, profile.codec_id),
        created_at=format_time(profile.created_us),
        updated_at=format_time(profile.updated_us),
    )
