"""`client.sensors`."""
# Written by `make clients` from the OpenAPI document. Changes are lost.

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from .._pages import AsyncPages, Pages
from .._request import UNSET, Request, Unset, new_key, present, quoted
from .._resource import AsyncResource, Resource

if TYPE_CHECKING:
    from . import schemas


class Sensors(Resource):
    """The named values of a device, declared or discovered in its readings."""

    def declare(
        self,
        device_id: str,
        *,
        key: str | Unset = UNSET,
        name: str | Unset = UNSET,
        unit: str | Unset = UNSET,
        value_type: Literal["boolean", "float", "integer", "string"] | Unset = UNSET,
        decimals: int | Unset | None = UNSET,
        template_id: str | Unset | None = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Sensor:
        """Declare a sensor.

        With `template_id` the fields that are omitted are those of a sensor template, which requires the scope
        `sensor_templates:read`.

        Requires the scope `sensors:write`.

        `device_id`: A device's id (`dev_…`).
        """
        request = Request(
            "POST",
            f"/api/v2/devices/{quoted(device_id)}/sensors",
            body=present(
                {
                    "key": key,
                    "name": name,
                    "unit": unit,
                    "value_type": value_type,
                    "decimals": decimals,
                    "template_id": template_id,
                }
            )
            or UNSET,
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Sensor = self._call(request)
        return answer

    def delete(self, device_id: str, key: str, *, if_match: str | None = None, request_timeout: float | None = None) -> None:
        """Delete a sensor.

        Its readings are kept; the next reading that contains the value discovers it again.

        Requires the scope `sensors:write`.

        `device_id`: A device's id (`dev_…`). `key`: A sensor's key: the dot path of its value in the readings. It can
        contain slashes. `if_match`: the version to change (`etag_of`); another one raises `PreconditionFailed`.
        """
        request = Request(
            "DELETE", f"/api/v2/devices/{quoted(device_id)}/sensors/{quoted(key)}", if_match=if_match, timeout_s=request_timeout
        )
        self._call(request)

    def get(self, device_id: str, key: str, *, request_timeout: float | None = None) -> schemas.Sensor:
        """Get a sensor.

        Requires the scope `sensors:read`.

        `device_id`: A device's id (`dev_…`). `key`: A sensor's key: the dot path of its value in the readings. It can
        contain slashes.
        """
        request = Request("GET", f"/api/v2/devices/{quoted(device_id)}/sensors/{quoted(key)}", timeout_s=request_timeout)
        answer: schemas.Sensor = self._call(request)
        return answer

    def list(
        self, device_id: str, *, limit: int | None = None, cursor: str | None = None, request_timeout: float | None = None
    ) -> Pages[schemas.Sensor]:
        """List the sensors of a device.

        Ordered by key. Sensors are declared, or discovered in the device's readings.

        A page of the list. Send the `next_cursor` of a response as `cursor` to get the next page.

        Requires the scope `sensors:read`.

        `device_id`: A device's id (`dev_…`). `limit`: Maximum number of results. `cursor`: The `next_cursor` of the
        previous page.
        """
        request = Request(
            "GET",
            f"/api/v2/devices/{quoted(device_id)}/sensors",
            query={"limit": limit, "cursor": cursor},
            timeout_s=request_timeout,
        )
        return self._list(request)

    def update(
        self,
        device_id: str,
        key: str,
        *,
        name: str | Unset = UNSET,
        unit: str | Unset = UNSET,
        value_type: Literal["boolean", "float", "integer", "string"] | Unset = UNSET,
        decimals: int | Unset | None = UNSET,
        if_match: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Sensor:
        """Change a sensor.

        A discovered sensor becomes a declared one.

        Requires the scope `sensors:write`.

        `device_id`: A device's id (`dev_…`). `key`: A sensor's key: the dot path of its value in the readings. It can
        contain slashes. `if_match`: the version to change (`etag_of`); another one raises `PreconditionFailed`.
        """
        request = Request(
            "PATCH",
            f"/api/v2/devices/{quoted(device_id)}/sensors/{quoted(key)}",
            body=present({"name": name, "unit": unit, "value_type": value_type, "decimals": decimals}) or UNSET,
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.Sensor = self._call(request)
        return answer


class AsyncSensors(AsyncResource):
    """As `Sensors`, for an event loop."""

    async def declare(
        self,
        device_id: str,
        *,
        key: str | Unset = UNSET,
        name: str | Unset = UNSET,
        unit: str | Unset = UNSET,
        value_type: Literal["boolean", "float", "integer", "string"] | Unset = UNSET,
        decimals: int | Unset | None = UNSET,
        template_id: str | Unset | None = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Sensor:
        """Declare a sensor.

        As `Sensors.declare`.
        """
        request = Request(
            "POST",
            f"/api/v2/devices/{quoted(device_id)}/sensors",
            body=present(
                {
                    "key": key,
                    "name": name,
                    "unit": unit,
                    "value_type": value_type,
                    "decimals": decimals,
                    "template_id": template_id,
                }
            )
            or UNSET,
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Sensor = await self._call(request)
        return answer

    async def delete(
        self, device_id: str, key: str, *, if_match: str | None = None, request_timeout: float | None = None
    ) -> None:
        """Delete a sensor.

        As `Sensors.delete`.
        """
        request = Request(
            "DELETE", f"/api/v2/devices/{quoted(device_id)}/sensors/{quoted(key)}", if_match=if_match, timeout_s=request_timeout
        )
        await self._call(request)

    async def get(self, device_id: str, key: str, *, request_timeout: float | None = None) -> schemas.Sensor:
        """Get a sensor.

        As `Sensors.get`.
        """
        request = Request("GET", f"/api/v2/devices/{quoted(device_id)}/sensors/{quoted(key)}", timeout_s=request_timeout)
        answer: schemas.Sensor = await self._call(request)
        return answer

    def list(
        self, device_id: str, *, limit: int | None = None, cursor: str | None = None, request_timeout: float | None = None
    ) -> AsyncPages[schemas.Sensor]:
        """List the sensors of a device.

        As `Sensors.list`.
        """
        request = Request(
            "GET",
            f"/api/v2/devices/{quoted(device_id)}/sensors",
            query={"limit": limit, "cursor": cursor},
            timeout_s=request_timeout,
        )
        return self._list(request)

    async def update(
        self,
        device_id: str,
        key: str,
        *,
        name: str | Unset = UNSET,
        unit: str | Unset = UNSET,
        value_type: Literal["boolean", "float", "integer", "string"] | Unset = UNSET,
        decimals: int | Unset | None = UNSET,
        if_match: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Sensor:
        """Change a sensor.

        As `Sensors.update`.
        """
        request = Request(
            "PATCH",
            f"/api/v2/devices/{quoted(device_id)}/sensors/{quoted(key)}",
            body=present({"name": name, "unit": unit, "value_type": value_type, "decimals": decimals}) or UNSET,
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.Sensor = await self._call(request)
        return answer
