"""The settings of meter alarms over the native API: of a device, and of a profile."""

from __future__ import annotations

from penstock.api.shared.call import Call
from penstock.api.shared.decoding import device_id_of
from penstock.api.shared.routes import Routes
from penstock.api.v2.devices.examples import DEVICE_PATH
from penstock.api.v2.meter_alarms import wire
from penstock.api.v2.meter_alarms.examples import EFFECTIVE, SETTINGS
from penstock.api.v2.meter_alarms.translate import from_core_settings, to_core_settings
from penstock.api.v2.profiles.examples import PROFILE_PATH
from penstock.api.v2.profiles.routes import profile_id_of
from penstock.core.meter_alarms.service import MeterAlarmService
from penstock.kit.operation import Example


class AlarmSettingsEndpoints:
    """Read and replace the settings of meter alarms."""

    routes = Routes("/api/v2", surface="v2", tag="Meter alarms")

    def __init__(self, alarms: MeterAlarmService) -> None:
        self._alarms = alarms

    @routes.get(
        "/devices/{device_id}/meter/alarm-settings",
        scope="devices:read",
        of_project=True,
        example=Example(path=DEVICE_PATH, answer=EFFECTIVE),
    )
    async def get(self, call: Call[None, None]) -> wire.WatchedSettings:
        """Get the alarm settings of a meter."""
        return from_core_settings(await self._alarms.settings(call.actor, device_id_of(call)))

    @routes.put(
        "/devices/{device_id}/meter/alarm-settings",
        scope="devices:write",
        of_project=True,
        example=Example(path=DEVICE_PATH, body=SETTINGS, answer=EFFECTIVE),
    )
    async def set(self, call: Call[None, wire.AlarmSettings]) -> wire.WatchedSettings:
        """Set the alarm settings of a meter.

        What is omitted comes from the device's profile, or else from the defaults. A device with settings is watched even if it
        is not assigned to a customer.
        """
        settings = to_core_settings(call.body)
        return from_core_settings(await self._alarms.set_settings(call.actor, device_id_of(call), settings))

    @routes.get(
        "/profiles/{profile_id}/meter/alarm-settings",
        scope="devices:read",
        of_project=True,
        example=Example(path=PROFILE_PATH, answer=EFFECTIVE),
    )
    async def get_of_profile(self, call: Call[None, None]) -> wire.WatchedSettings:
        """Get the alarm settings of a profile."""
        return from_core_settings(await self._alarms.profile_settings(call.actor, profile_id_of(call)))

    @routes.put(
        "/profiles/{profile_id}/meter/alarm-settings",
        scope="devices:write",
        of_project=True,
        example=Example(path=PROFILE_PATH, body=SETTINGS, answer=EFFECTIVE),
    )
    async def set_of_profile(self, call: Call[None, wire.AlarmSettings]) -> wire.WatchedSettings:
        """Set the alarm settings of a profile.

        They apply to every device of the profile, except those that are set on the device itself.
        """
        settings = to_core_settings(call.body)
        return from_core_settings(await self._alarms.set_profile_settings(call.actor, profile_id_of(call), settings))
