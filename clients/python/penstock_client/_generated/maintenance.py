"""`client.maintenance`."""
# Written by `make clients` from the OpenAPI document. Changes are lost.

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from .._request import UNSET, Request, Unset, present, quoted
from .._resource import AsyncResource, Resource

if TYPE_CHECKING:
    from . import schemas


class Maintenance(Resource):
    """Conditions that are monitored on devices, their events, and the actions when an alert is raised."""

    def end(self, device_id: str, *, if_match: str | None = None, request_timeout: float | None = None) -> None:
        """End a device's maintenance.

        Requires the scope `alerts:write`.

        `device_id`: A device's id (`dev_…`). `if_match`: the version to change (`etag_of`); another one raises
        `PreconditionFailed`.
        """
        request = Request(
            "DELETE", f"/api/v2/devices/{quoted(device_id)}/maintenance", if_match=if_match, timeout_s=request_timeout
        )
        self._call(request)

    def get(self, device_id: str, *, request_timeout: float | None = None) -> schemas.Maintenance:
        """Get the maintenance state of a device.

        Requires the scope `alerts:read`.

        `device_id`: A device's id (`dev_…`).
        """
        request = Request("GET", f"/api/v2/devices/{quoted(device_id)}/maintenance", timeout_s=request_timeout)
        answer: schemas.Maintenance = self._call(request)
        return answer

    def start(
        self,
        device_id: str,
        *,
        until: str | datetime | Unset | None = UNSET,
        reason: str | Unset = UNSET,
        if_match: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Maintenance:
        """Start a device's maintenance.

        No alerts are raised for the device until `until`. Alert events that are already raised stay open, and are
        cleared as usual.

        Requires the scope `alerts:write`.

        `device_id`: A device's id (`dev_…`). `if_match`: the version to change (`etag_of`); another one raises
        `PreconditionFailed`.
        """
        request = Request(
            "PUT",
            f"/api/v2/devices/{quoted(device_id)}/maintenance",
            body=present({"until": until, "reason": reason}) or UNSET,
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.Maintenance = self._call(request)
        return answer


class AsyncMaintenance(AsyncResource):
    """As `Maintenance`, for an event loop."""

    async def end(self, device_id: str, *, if_match: str | None = None, request_timeout: float | None = None) -> None:
        """End a device's maintenance.

        As `Maintenance.end`.
        """
        request = Request(
            "DELETE", f"/api/v2/devices/{quoted(device_id)}/maintenance", if_match=if_match, timeout_s=request_timeout
        )
        await self._call(request)

    async def get(self, device_id: str, *, request_timeout: float | None = None) -> schemas.Maintenance:
        """Get the maintenance state of a device.

        As `Maintenance.get`.
        """
        request = Request("GET", f"/api/v2/devices/{quoted(device_id)}/maintenance", timeout_s=request_timeout)
        answer: schemas.Maintenance = await self._call(request)
        return answer

    async def start(
        self,
        device_id: str,
        *,
        until: str | datetime | Unset | None = UNSET,
        reason: str | Unset = UNSET,
        if_match: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Maintenance:
        """Start a device's maintenance.

        As `Maintenance.start`.
        """
        request = Request(
            "PUT",
            f"/api/v2/devices/{quoted(device_id)}/maintenance",
            body=present({"until": until, "reason": reason}) or UNSET,
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.Maintenance = await self._call(request)
        return answer
