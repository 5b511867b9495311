"""`client.unregistered_devices`."""
# Written by `make clients` from the OpenAPI document. Changes are lost.

from __future__ import annotations

from typing import TYPE_CHECKING

from .._pages import AsyncPages, Pages
from .._request import Request, quoted
from .._resource import AsyncResource, Resource

if TYPE_CHECKING:
    from . import schemas


class UnregisteredDevices(Resource):
    """The customers and residents an organisation measures for, and devices that report before they are registered."""

    def delete(self, waiting_eui: str, *, request_timeout: float | None = None) -> None:
        """Delete an unregistered device.

        Its readings are deleted with it. If it reports again, it is listed again.

        Requires the scope `devices:write`.

        `waiting_eui`: The EUI of an unregistered device.
        """
        request = Request("DELETE", f"/api/v2/unregistered-devices/{quoted(waiting_eui)}", timeout_s=request_timeout)
        self._call(request)

    def list(
        self,
        *,
        customer_id: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        request_timeout: float | None = None,
    ) -> Pages[schemas.Unregistered]:
        """List unregistered devices.

        Devices that network servers reported and that are not registered, by EUI.

        Filters for unregistered devices: all, or those routed to a customer.

        Requires the scope `devices:read`.

        `customer_id`: Only devices routed to this customer (`cus_…`). `limit`: Maximum number of results. `cursor`: The
        `next_cursor` of the previous page.
        """
        request = Request(
            "GET",
            "/api/v2/unregistered-devices",
            query={"customer_id": customer_id, "limit": limit, "cursor": cursor},
            timeout_s=request_timeout,
        )
        return self._list(request)


class AsyncUnregisteredDevices(AsyncResource):
    """As `UnregisteredDevices`, for an event loop."""

    async def delete(self, waiting_eui: str, *, request_timeout: float | None = None) -> None:
        """Delete an unregistered device.

        As `UnregisteredDevices.delete`.
        """
        request = Request("DELETE", f"/api/v2/unregistered-devices/{quoted(waiting_eui)}", timeout_s=request_timeout)
        await self._call(request)

    def list(
        self,
        *,
        customer_id: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        request_timeout: float | None = None,
    ) -> AsyncPages[schemas.Unregistered]:
        """List unregistered devices.

        As `UnregisteredDevices.list`.
        """
        request = Request(
            "GET",
            "/api/v2/unregistered-devices",
            query={"customer_id": customer_id, "limit": limit, "cursor": cursor},
            timeout_s=request_timeout,
        )
        return self._list(request)
