"""Sensors over the native API."""

from __future__ import annotations

from typing import Any

from penstock.api.shared.call import Call
from penstock.api.shared.decoding import body_id, device_id_of
from penstock.api.shared.routes import Routes
from penstock.api.v2.devices import examples, wire
from penstock.api.v2.devices.translate import from_core_sensor, to_core_draft, to_core_sensor_patch
from penstock.api.v2.wire import ListOf, Page
from penstock.core.devices.sensors import SensorService
from penstock.core.sensor_templates.service import SensorTemplateService
from penstock.kit.ids import Prefix
from penstock.kit.operation import Example

_ONE = examples.DEVICE_PATH | {"key": "temperature"}


class SensorEndpoints:
    """The sensors of a device. A sensor's key can contain dots and slashes, so it is the rest of the path."""

    routes = Routes("/api/v2/devices", surface="v2", tag="Sensors")

    def __init__(self, sensors: SensorService, templates: SensorTemplateService) -> None:
        self._sensors = sensors
        self._templates = templates

    @routes.get(
        "/{device_id}/sensors",
        scope="sensors:read",
        of_customer=True,
        of_project=True,
        example=Example(path=examples.DEVICE_PATH, answer=examples.SENSORS),
    )
    async def list(self, call: Call[Page, None]) -> ListOf[wire.Sensor]:
        """List the sensors of a device.

        Ordered by key. Sensors are declared, or discovered in the device's readings.
        """
        page = await self._sensors.list(call.actor, device_id_of(call), call.query.limit, call.query.cursor)
        return ListOf([from_core_sensor(sensor) for sensor in page.items], page.next_cursor)

    @routes.post(
        "/{device_id}/sensors",
        scope="sensors:write",
        of_project=True,
        status=201,
        example=Example(
            path=examples.DEVICE_PATH,
            body={"key": "temperature", "name": "Temperature", "unit": "°C"},
            answer=examples.SENSOR,
        ),
    )
    async def create(self, call: Call[None, wire.SensorDeclare]) -> wire.Sensor:
        """Declare a sensor.

        With `template_id` the fields that are omitted are those of a sensor template, which requires the scope
        `sensor_templates:read`.
        """
        body = call.body
        template_id = body_id(Prefix.SENSOR_TEMPLATE, body.template_id, "template_id") if body.template_id else None
        new = await self._templates.sensor(call.actor, to_core_draft(body), template_id)
        return from_core_sensor(await self._sensors.create(call.actor, device_id_of(call), new))

    @routes.get(
        "/{device_id}/sensors/{key:path}",
        scope="sensors:read",
        of_project=True,
        example=Example(path=_ONE, answer=examples.SENSOR),
    )
    async def get(self, call: Call[None, None]) -> wire.Sensor:
        """Get a sensor."""
        return from_core_sensor(await self._sensors.get(call.actor, device_id_of(call), _key(call)))

    @routes.patch(
        "/{device_id}/sensors/{key:path}",
        scope="sensors:write",
        of_project=True,
        example=Example(path=_ONE, body={"unit": "°C"}, answer=examples.SENSOR),
    )
    async def update(self, call: Call[None, wire.SensorPatch]) -> wire.Sensor:
        """Change a sensor.

        A discovered sensor becomes a declared one.
        """
        patch = to_core_sensor_patch(call.body)
        return from_core_sensor(await self._sensors.update(call.actor, device_id_of(call), _key(call), patch))

    @routes.delete(
        "/{device_id}/sensors/{key:path}",
        scope="sensors:write",
        of_project=True,
        example=Example(path=_ONE),
    )
    async def delete(self, call: Call[None, None]) -> None:
        """Delete a sensor.

        Its readings are kept; the next reading that contains the value discovers it again.
        """
        await self._sensors.delete(call.actor, device_id_of(call), _key(call))


def _key(call: Call[Any, Any]) -> str:
    return call.path["key"]
