"""Sensors over the native API."""

from __future__ import annotations

from typing import Any

from penstock.api.shared.call import Answer, Call
from penstock.api.shared.decoding import path_id
from penstock.api.v2 import examples, wire
from penstock.api.v2.translate import from_core_sensor, to_core_sensor, to_core_sensor_patch
from penstock.core.devices.sensors import SensorService
from penstock.kit.ids import DeviceId, Prefix
from penstock.kit.operation import Example, operation

TAG = "Sensors"
PATH = "/api/v2/devices/{device_id}/sensors"
_ONE = examples.DEVICE_PATH | {"key": "temperature"}


class SensorEndpoints:
    """The named values of a device. A sensor's key may hold dots and slashes, so it is the rest of the path."""

    def __init__(self, sensors: SensorService) -> None:
        self._sensors = sensors

    @operation(
        "GET",
        PATH,
        surface="v2",
        tag=TAG,
        summary="List the sensors of a device",
        description="By key. Sensors are declared, or discovered from the device's readings.",
        scope="sensors:read",
        of_project=True,
        query=wire.Page,
        answer=wire.ListOf[wire.Sensor],
        example=Example(path=examples.DEVICE_PATH, answer=examples.SENSORS),
    )
    async def list(self, call: Call[wire.Page, None]) -> wire.ListOf[wire.Sensor]:
        page = await self._sensors.list(call.actor, _device_id(call), call.query.limit, call.query.cursor)
        return wire.ListOf([from_core_sensor(sensor) for sensor in page.items], page.next_cursor)

    @operation(
        "POST",
        PATH,
        surface="v2",
        tag=TAG,
        summary="Declare a sensor",
        scope="sensors:write",
        of_project=True,
        status=201,
        body=wire.SensorCreate,
        answer=wire.Sensor,
        example=Example(
            path=examples.DEVICE_PATH,
            body={"key": "temperature", "name": "Temperature", "unit": "°C"},
            answer=examples.SENSOR,
        ),
    )
    async def create(self, call: Call[None, wire.SensorCreate]) -> wire.Sensor:
        return from_core_sensor(await self._sensors.create(call.actor, _device_id(call), to_core_sensor(call.body)))

    @operation(
        "GET",
        f"{PATH}/{{key:path}}",
        surface="v2",
        tag=TAG,
        summary="Get a sensor",
        scope="sensors:read",
        of_project=True,
        answer=wire.Sensor,
        example=Example(path=_ONE, answer=examples.SENSOR),
    )
    async def get(self, call: Call[None, None]) -> wire.Sensor:
        return from_core_sensor(await self._sensors.get(call.actor, _device_id(call), _key(call)))

    @operation(
        "PATCH",
        f"{PATH}/{{key:path}}",
        surface="v2",
        tag=TAG,
        summary="Change a sensor",
        description="A sensor that was only discovered counts as declared from then on.",
        scope="sensors:write",
        of_project=True,
        body=wire.SensorPatch,
        answer=wire.Sensor,
        example=Example(path=_ONE, body={"unit": "°C"}, answer=examples.SENSOR),
    )
    async def update(self, call: Call[None, wire.SensorPatch]) -> wire.Sensor:
        patch = to_core_sensor_patch(call.body)
        return from_core_sensor(await self._sensors.update(call.actor, _device_id(call), _key(call), patch))

    @operation(
        "DELETE",
        f"{PATH}/{{key:path}}",
        surface="v2",
        tag=TAG,
        summary="Remove a sensor",
        description="Its readings stay; the next one that holds the value discovers it again.",
        scope="sensors:write",
        of_project=True,
        status=204,
        example=Example(path=_ONE),
    )
    async def delete(self, call: Call[None, None]) -> Answer:
        await self._sensors.delete(call.actor, _device_id(call), _key(call))
        return Answer()


def _device_id(call: Call[Any, Any]) -> DeviceId:
    return path_id(Prefix.DEVICE, call.path["device_id"])


def _key(call: Call[Any, Any]) -> str:
    return call.path["key"]
