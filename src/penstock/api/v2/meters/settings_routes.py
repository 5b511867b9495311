"""The settings of meters over the native API."""

from __future__ import annotations

from penstock.api.shared.call import Call
from penstock.api.shared.decoding import device_id_of
from penstock.api.shared.routes import Routes
from penstock.api.v2.devices import examples
from penstock.api.v2.meters import settings_wire as wire
from penstock.api.v2.meters.examples import METER, METER_SET, REPLACED, REPLACEMENT
from penstock.api.v2.meters.settings_translate import from_core_settings, to_core_replacement, to_core_settings
from penstock.core.meters.setup import MeterSetup
from penstock.kit.operation import Example


class MeterSettingsEndpoints:
    """What a device counts, and in which role."""

    routes = Routes("/api/v2/devices/{device_id}/meter", surface="v2", tag="Meters")

    def __init__(self, setup: MeterSetup) -> None:
        self._setup = setup

    @routes.get(
        scope="devices:read",
        of_customer=True,
        of_project=True,
        example=Example(path=examples.DEVICE_PATH, answer=METER),
    )
    async def get(self, call: Call[None, None]) -> wire.Meter:
        """Get the meter settings of a device.

        Its registers are its own, those of its profile, or the default ones: a volume, from the fields that codecs of water
        meters use.
        """
        return from_core_settings(await self._setup.get(call.actor, device_id_of(call)))

    @routes.put(
        scope="devices:write",
        of_project=True,
        example=Example(path=examples.DEVICE_PATH, body=METER_SET, answer=METER),
    )
    async def set(self, call: Call[None, wire.MeterSet]) -> wire.Meter:
        """Set the meter settings of a device.

        They apply to the device's past readings too. Omitted fields get their defaults.
        """
        return from_core_settings(await self._setup.set(call.actor, device_id_of(call), to_core_settings(call.body)))

    @routes.delete(
        scope="devices:write",
        of_project=True,
        status=204,
        example=Example(path=examples.DEVICE_PATH),
    )
    async def reset(self, call: Call[None, None]) -> None:
        """Reset the meter settings of a device to the defaults."""
        await self._setup.reset(call.actor, device_id_of(call))

    @routes.post(
        "/replacements",
        scope="devices:write",
        of_project=True,
        status=200,
        refuses=(409,),
        example=Example(path=examples.DEVICE_PATH, body=REPLACEMENT, answer=REPLACED),
    )
    async def replace(self, call: Call[None, wire.Replacement]) -> wire.Meter:
        """Replace a meter.

        The register's version ends at this time with the last value of the old meter, and the next begins with the first value of
        the new one. Consumption is counted up to the one and from the other. A device with the registers of its profile gets
        them as its own. Returns 409 if the register has a later version.
        """
        return from_core_settings(await self._setup.replace(call.actor, device_id_of(call), to_core_replacement(call.body)))
