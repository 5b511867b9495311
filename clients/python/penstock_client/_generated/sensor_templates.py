"""`client.sensor_templates`."""
# Written by `make clients` from the OpenAPI document. Changes are lost.

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from .._pages import AsyncPages, Pages
from .._request import UNSET, Request, Unset, new_key, present, quoted
from .._resource import AsyncResource, Resource

if TYPE_CHECKING:
    from . import schemas


class SensorTemplates(Resource):
    """The named values of a device, declared or discovered in its readings."""

    def create(
        self,
        *,
        name: str,
        key: str,
        unit: str | Unset = UNSET,
        value_type: Literal["boolean", "float", "integer", "string"] | Unset = UNSET,
        decimals: int | Unset | None = UNSET,
        description: str | Unset = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.SensorTemplate:
        """Create a sensor template.

        A sensor is declared with it by its id: `template_id` of `POST /api/v2/devices/{device_id}/sensors`.

        Requires the scope `sensor_templates:write`.
        """
        request = Request(
            "POST",
            "/api/v2/sensor-templates",
            body=present(
                {
                    "name": name,
                    "key": key,
                    "unit": unit,
                    "value_type": value_type,
                    "decimals": decimals,
                    "description": description,
                }
            ),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.SensorTemplate = self._call(request)
        return answer

    def delete(self, template_id: str, *, if_match: str | None = None, request_timeout: float | None = None) -> None:
        """Delete a sensor template.

        Sensors that were declared with it are kept.

        Requires the scope `sensor_templates:write`.

        `template_id`: The id of a sensor template (`stp_…`). `if_match`: the version to change (`etag_of`); another one
        raises `PreconditionFailed`.
        """
        request = Request(
            "DELETE", f"/api/v2/sensor-templates/{quoted(template_id)}", if_match=if_match, timeout_s=request_timeout
        )
        self._call(request)

    def get(self, template_id: str, *, request_timeout: float | None = None) -> schemas.SensorTemplate:
        """Get a sensor template.

        Requires the scope `sensor_templates:read`.

        `template_id`: The id of a sensor template (`stp_…`).
        """
        request = Request("GET", f"/api/v2/sensor-templates/{quoted(template_id)}", timeout_s=request_timeout)
        answer: schemas.SensorTemplate = self._call(request)
        return answer

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        q: str | None = None,
        sort: Literal["-created_at", "-name", "created_at", "name"] | None = None,
        request_timeout: float | None = None,
    ) -> Pages[schemas.SensorTemplate]:
        """List sensor templates.

        The organisation's own, newest first by default, then those of the system.

        A page of the list, newest first unless sorted otherwise.

        Requires the scope `sensor_templates:read`.

        `limit`: Maximum number of results. `cursor`: The `next_cursor` of the previous page. `q`: A text to search for.
        A to Z are the same as a to z, and `%` and `_` stand for themselves. `sort`: The order; descending with a
        leading minus sign. A `cursor` continues only the order that it was returned for.
        """
        request = Request(
            "GET",
            "/api/v2/sensor-templates",
            query={"limit": limit, "cursor": cursor, "q": q, "sort": sort},
            timeout_s=request_timeout,
        )
        return self._list(request)

    def update(
        self,
        template_id: str,
        *,
        name: str | Unset = UNSET,
        key: str | Unset = UNSET,
        unit: str | Unset = UNSET,
        value_type: Literal["boolean", "float", "integer", "string"] | Unset = UNSET,
        decimals: int | Unset | None = UNSET,
        description: str | Unset = UNSET,
        if_match: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.SensorTemplate:
        """Change a sensor template.

        Omitted fields are unchanged. Sensors that were declared with it are unchanged too.

        Requires the scope `sensor_templates:write`.

        `template_id`: The id of a sensor template (`stp_…`). `if_match`: the version to change (`etag_of`); another one
        raises `PreconditionFailed`.
        """
        request = Request(
            "PATCH",
            f"/api/v2/sensor-templates/{quoted(template_id)}",
            body=present(
                {
                    "name": name,
                    "key": key,
                    "unit": unit,
                    "value_type": value_type,
                    "decimals": decimals,
                    "description": description,
                }
            )
            or UNSET,
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.SensorTemplate = self._call(request)
        return answer


class AsyncSensorTemplates(AsyncResource):
    """As `SensorTemplates`, for an event loop."""

    async def create(
        self,
        *,
        name: str,
        key: str,
        unit: str | Unset = UNSET,
        value_type: Literal["boolean", "float", "integer", "string"] | Unset = UNSET,
        decimals: int | Unset | None = UNSET,
        description: str | Unset = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.SensorTemplate:
        """Create a sensor template.

        As `SensorTemplates.create`.
        """
        request = Request(
            "POST",
            "/api/v2/sensor-templates",
            body=present(
                {
                    "name": name,
                    "key": key,
                    "unit": unit,
                    "value_type": value_type,
                    "decimals": decimals,
                    "description": description,
                }
            ),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.SensorTemplate = await self._call(request)
        return answer

    async def delete(self, template_id: str, *, if_match: str | None = None, request_timeout: float | None = None) -> None:
        """Delete a sensor template.

        As `SensorTemplates.delete`.
        """
        request = Request(
            "DELETE", f"/api/v2/sensor-templates/{quoted(template_id)}", if_match=if_match, timeout_s=request_timeout
        )
        await self._call(request)

    async def get(self, template_id: str, *, request_timeout: float | None = None) -> schemas.SensorTemplate:
        """Get a sensor template.

        As `SensorTemplates.get`.
        """
        request = Request("GET", f"/api/v2/sensor-templates/{quoted(template_id)}", timeout_s=request_timeout)
        answer: schemas.SensorTemplate = await self._call(request)
        return answer

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        q: str | None = None,
        sort: Literal["-created_at", "-name", "created_at", "name"] | None = None,
        request_timeout: float | None = None,
    ) -> AsyncPages[schemas.SensorTemplate]:
        """List sensor templates.

        As `SensorTemplates.list`.
        """
        request = Request(
            "GET",
            "/api/v2/sensor-templates",
            query={"limit": limit, "cursor": cursor, "q": q, "sort": sort},
            timeout_s=request_timeout,
        )
        return self._list(request)

    async def update(
        self,
        template_id: str,
        *,
        name: str | Unset = UNSET,
        key: str | Unset = UNSET,
        unit: str | Unset = UNSET,
        value_type: Literal["boolean", "float", "integer", "string"] | Unset = UNSET,
        decimals: int | Unset | None = UNSET,
        description: str | Unset = UNSET,
        if_match: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.SensorTemplate:
        """Change a sensor template.

        As `SensorTemplates.update`.
        """
        request = Request(
            "PATCH",
            f"/api/v2/sensor-templates/{quoted(template_id)}",
            body=present(
                {
                    "name": name,
                    "key": key,
                    "unit": unit,
                    "value_type": value_type,
                    "decimals": decimals,
                    "description": description,
                }
            )
            or UNSET,
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.SensorTemplate = await self._call(request)
        return answer
