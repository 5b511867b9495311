"""`client.device_queue`."""
# Written by `make clients` from the OpenAPI document. Changes are lost.

from __future__ import annotations

from typing import TYPE_CHECKING

from .._request import Request, present, quoted
from .._resource import AsyncResource, Resource

if TYPE_CHECKING:
    from . import schemas


class DeviceQueue(Resource):
    """The commands that devices support, and their executions."""

    def get(self, device_id: str, *, request_timeout: float | None = None) -> schemas.Queue:
        """Get a device's queue.

        Requires the scope `commands:read`.

        `device_id`: A device's id (`dev_…`).
        """
        request = Request("GET", f"/api/v2/devices/{quoted(device_id)}/command-queue", timeout_s=request_timeout)
        answer: schemas.Queue = self._call(request)
        return answer

    def update(
        self, device_id: str, *, one_at_a_time: bool, if_match: str | None = None, request_timeout: float | None = None
    ) -> schemas.Queue:
        """Set whether a device receives one command at a time.

        Requires the scope `commands:write`.

        `device_id`: A device's id (`dev_…`). `if_match`: the version to change (`etag_of`); another one raises
        `PreconditionFailed`.
        """
        request = Request(
            "PATCH",
            f"/api/v2/devices/{quoted(device_id)}/command-queue",
            body=present({"one_at_a_time": one_at_a_time}),
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.Queue = self._call(request)
        return answer


class AsyncDeviceQueue(AsyncResource):
    """As `DeviceQueue`, for an event loop."""

    async def get(self, device_id: str, *, request_timeout: float | None = None) -> schemas.Queue:
        """Get a device's queue.

        As `DeviceQueue.get`.
        """
        request = Request("GET", f"/api/v2/devices/{quoted(device_id)}/command-queue", timeout_s=request_timeout)
        answer: schemas.Queue = await self._call(request)
        return answer

    async def update(
        self, device_id: str, *, one_at_a_time: bool, if_match: str | None = None, request_timeout: float | None = None
    ) -> schemas.Queue:
        """Set whether a device receives one command at a time.

        As `DeviceQueue.update`.
        """
        request = Request(
            "PATCH",
            f"/api/v2/devices/{quoted(device_id)}/command-queue",
            body=present({"one_at_a_time": one_at_a_time}),
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.Queue = await self._call(request)
        return answer
