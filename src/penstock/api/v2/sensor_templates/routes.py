"""Sensor templates over the native API."""

from __future__ import annotations

from typing import Any

from penstock.api.shared.call import Call
from penstock.api.shared.decoding import path_id
from penstock.api.shared.routes import Routes
from penstock.api.v2.sensor_templates import wire
from penstock.api.v2.sensor_templates.examples import NEW, ONE_PATH, TEMPLATE
from penstock.api.v2.sensor_templates.translate import from_core_template, to_core_patch, to_core_template
from penstock.api.v2.views import view_of
from penstock.api.v2.wire import ListOf, NewestFirst
from penstock.core.sensor_templates.service import SensorTemplateService
from penstock.kit.ids import Prefix, SensorTemplateId
from penstock.kit.operation import Example

READ, WRITE = "sensor_templates:read", "sensor_templates:write"


class SensorTemplateEndpoints:
    """Create, list, change and delete sensor templates."""

    routes = Routes("/api/v2/sensor-templates", surface="v2", tag="Sensors")

    def __init__(self, templates: SensorTemplateService) -> None:
        self._templates = templates

    @routes.get(scope=READ, example=Example(query={"limit": "2"}, answer={"data": [TEMPLATE], "next_cursor": None}))
    async def list(self, call: Call[NewestFirst, None]) -> ListOf[wire.SensorTemplate]:
        """List sensor templates.

        The organisation's own, newest first by default, then those of the system.
        """
        page = await self._templates.list(call.actor, call.query.limit, call.query.cursor, view_of(call.query))
        return ListOf([from_core_template(one) for one in page.items], page.next_cursor)

    @routes.post(scope=WRITE, status=201, example=Example(body=NEW, answer=TEMPLATE))
    async def create(self, call: Call[None, wire.SensorTemplateCreate]) -> wire.SensorTemplate:
        """Create a sensor template.

        A sensor is declared with it by its id: `template_id` of `POST /api/v2/devices/{device_id}/sensors`.
        """
        return from_core_template(await self._templates.create(call.actor, to_core_template(call.body)))

    @routes.get("/{template_id}", scope=READ, example=Example(path=ONE_PATH, answer=TEMPLATE))
    async def get(self, call: Call[None, None]) -> wire.SensorTemplate:
        """Get a sensor template."""
        return from_core_template(await self._templates.get(call.actor, _id(call)))

    @routes.patch("/{template_id}", scope=WRITE, example=Example(path=ONE_PATH, body={"unit": "°C"}, answer=TEMPLATE))
    async def update(self, call: Call[None, wire.SensorTemplatePatch]) -> wire.SensorTemplate:
        """Change a sensor template.

        Omitted fields are unchanged. Sensors that were declared with it are unchanged too.
        """
        return from_core_template(await self._templates.update(call.actor, _id(call), to_core_patch(call.body)))

    @routes.delete("/{template_id}", scope=WRITE, example=Example(path=ONE_PATH))
    async def delete(self, call: Call[None, None]) -> None:
        """Delete a sensor template.

        Sensors that were declared with it are kept.
        """
        await self._templates.delete(call.actor, _id(call))


def _id(call: Call[Any, Any]) -> SensorTemplateId:
    return path_id(Prefix.SENSOR_TEMPLATE, call.path["template_id"])
