"""Device profiles over the native API."""

from __future__ import annotations

from typing import Any

from penstock.api.shared.call import Call
from penstock.api.shared.decoding import body_id, path_id
from penstock.api.shared.routes import Routes
from penstock.api.v2.devices.translate import to_core_sensor
from penstock.api.v2.meters.register_translate import to_core_registers
from penstock.api.v2.profiles import wire
from penstock.api.v2.profiles.examples import NEW_PROFILE, PROFILE, PROFILE_PATH
from penstock.api.v2.profiles.translate import from_core_profile, to_core_patch
from penstock.api.v2.views import order_of
from penstock.api.v2.wire import ListOf
from penstock.core.profiles.models import NewProfile, ProfileFilter
from penstock.core.profiles.service import ProfileService
from penstock.kit.clock import SECOND_US
from penstock.kit.ids import Prefix, ProfileId
from penstock.kit.operation import Example

READ, WRITE = "devices:read", "devices:write"


class DeviceProfileEndpoints:
    """Create, read, change and delete device profiles."""

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

        Newest first by default. Filters are combined with AND.
        """
        query = call.query
        filters = ProfileFilter(
            project_id=body_id(Prefix.PROJECT, query.project_id, "project_id") if query.project_id else None,
            device_type=query.device_type,
            text=query.q,
        )
        page = await self._profiles.list(call.actor, filters, query.limit, query.cursor, order_of(query))
        return ListOf([from_core_profile(profile) for profile in page.items], page.next_cursor)

    @routes.post(
        scope=WRITE,
        of_project=True,
        status=201,
        example=Example(body=NEW_PROFILE, answer=PROFILE | {"codec_id": None}),
    )
    async def create(self, call: Call[None, wire.ProfileCreate]) -> wire.Profile:
        """Create a device profile.

        The new profile has no codec. Assign it to devices with `profile_id`.
        """
        body = call.body
        new = NewProfile(
            name=body.name,
            project_id=body_id(Prefix.PROJECT, body.project_id, "project_id") if body.project_id else None,
            device_type=body.device_type,
            model=body.model,
            description=body.description,
            expected_interval_us=None if body.expected_interval_s is None else body.expected_interval_s * SECOND_US,
            sensors=[to_core_sensor(sensor) for sensor in body.sensors],
            registers=to_core_registers(body.registers),
        )
        return from_core_profile(await self._profiles.create(call.actor, new))

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

        Omitted fields are unchanged. Devices keep the settings that they copied from the profile. Registers are not copied: they
        apply to the past readings of its devices too.
        """
        patch = to_core_patch(call.body)
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

        All versions of its codec are deleted with it. Returns 409 while devices have the profile: `GET
        /api/v2/devices?profile_id=` lists them.
        """
        await self._profiles.delete(call.actor, profile_id_of(call))


def profile_id_of(call: Call[Any, Any]) -> ProfileId:
    """The profile in a call's path."""
    return path_id(Prefix.PROFILE, call.path["profile_id"])
