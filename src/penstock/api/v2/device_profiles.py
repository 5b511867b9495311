"""Device profiles over the native API."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET

from penstock.api.shared.call import Answer, Call
from penstock.api.shared.decoding import body_id, path_id
from penstock.api.v2 import profiles_wire as wire
from penstock.api.v2.translate import to_core_sensor
from penstock.api.v2.wire import ListOf, SensorCreate
from penstock.core.profiles.models import NewProfile, Profile, ProfileFilter, ProfilePatch
from penstock.core.profiles.service import ProfileService
from penstock.kit.clock import SECOND_US, format_time
from penstock.kit.ids import Prefix, ProfileId, encode
from penstock.kit.operation import Example, operation

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

    def __init__(self, profiles: ProfileService) -> None:
        self._profiles = profiles

    @operation(
        "GET",
        PROFILES,
        surface="v2",
        tag=TAG,
        summary="List device profiles",
        description="Newest first. Filters are combined with and.",
        scope=READ,
        of_project=True,
        query=wire.ProfileQuery,
        answer=ListOf[wire.Profile],
        example=Example(query={"device_type": "water_meter"}, answer={"data": [PROFILE], "next_cursor": None}),
    )
    async def list_profiles(self, call: Call[wire.ProfileQuery, None]) -> ListOf[wire.Profile]:
        query = call.query
        wanted = ProfileFilter(
            project_id=body_id(Prefix.PROJECT, query.project_id, "project_id") if query.project_id else None,
            device_type=query.device_type,
            text=query.q,
        )
        page = await self._profiles.list(call.actor, wanted, query.limit, query.cursor)
        return ListOf([from_core_profile(profile) for profile in page.items], page.next_cursor)

    @operation(
        "POST",
        PROFILES,
        surface="v2",
        tag=TAG,
        summary="Make a device profile",
        description="It has no codec yet. Give it to devices with `profile_id`.",
        scope=WRITE,
        of_project=True,
        status=201,
        body=wire.ProfileCreate,
        answer=wire.Profile,
        example=Example(body=NEW_PROFILE, answer=PROFILE | {"codec_id": None}),
    )
    async def create(self, call: Call[None, wire.ProfileCreate]) -> wire.Profile:
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

    @operation(
        "GET",
        ONE,
        surface="v2",
        tag=TAG,
        summary="Get a device profile",
        scope=READ,
        of_project=True,
        answer=wire.Profile,
        example=Example(path=PROFILE_PATH, answer=PROFILE),
    )
    async def get(self, call: Call[None, None]) -> wire.Profile:
        return from_core_profile(await self._profiles.get(call.actor, profile_id_of(call)))

    @operation(
        "PATCH",
        ONE,
        surface="v2",
        tag=TAG,
        summary="Change a device profile",
        description="A field that is left out stays as it is. Devices that have the profile keep what they took from it.",
        scope=WRITE,
        of_project=True,
        body=wire.ProfilePatch,
        answer=wire.Profile,
        example=Example(path=PROFILE_PATH, body={"description": "From 2026 on"}, answer=PROFILE),
    )
    async def update(self, call: Call[None, wire.ProfilePatch]) -> wire.Profile:
        patch = _to_core_patch(call.body)
        return from_core_profile(await self._profiles.update(call.actor, profile_id_of(call), patch))

    @operation(
        "DELETE",
        ONE,
        surface="v2",
        tag=TAG,
        summary="Delete a device profile",
        description="With every version of its codec. 409 while a device has it: `GET /api/v2/devices?profile_id=` lists those.",
        scope=WRITE,
        of_project=True,
        status=204,
        refuses=(409,),
        example=Example(path=PROFILE_PATH),
    )
    async def delete(self, call: Call[None, None]) -> Answer:
        await self._profiles.delete(call.actor, profile_id_of(call))
        return Answer()


def profile_id_of(call: Call[Any, Any]) -> ProfileId:
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
