"""`client.placements`."""
# Written by `make clients` from the OpenAPI document. Changes are lost.

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Literal

from .._pages import AsyncPages, Pages
from .._request import UNSET, Request, Unset, present, quoted
from .._resource import AsyncResource, Resource

if TYPE_CHECKING:
    from . import schemas


class Placements(Resource):
    """The customers and residents an organisation measures for, and devices that report before they are registered."""

    def get(self, device_id: str, *, request_timeout: float | None = None) -> schemas.Placement:
        """Get the placement of a device.

        Requires the scope `devices:read`.

        `device_id`: A device's id (`dev_…`).
        """
        request = Request("GET", f"/api/v2/devices/{quoted(device_id)}/placement", timeout_s=request_timeout)
        answer: schemas.Placement = self._call(request)
        return answer

    def list(
        self, device_id: str, *, limit: int | None = None, cursor: str | None = None, request_timeout: float | None = None
    ) -> Pages[schemas.PlacementPeriod]:
        """List the placements of a device.

        The latest comes first.

        A page of the list. Send the `next_cursor` of a response as `cursor` to get the next page.

        Requires the scope `devices:read`.

        `device_id`: A device's id (`dev_…`). `limit`: Maximum number of results. `cursor`: The `next_cursor` of the
        previous page.
        """
        request = Request(
            "GET",
            f"/api/v2/devices/{quoted(device_id)}/placements",
            query={"limit": limit, "cursor": cursor},
            timeout_s=request_timeout,
        )
        return self._list(request)

    def remove(self, device_id: str, *, if_match: str | None = None, request_timeout: float | None = None) -> None:
        """Remove the placement of a device.

        Requires the scope `devices:write`.

        `device_id`: A device's id (`dev_…`). `if_match`: the version to change (`etag_of`); another one raises
        `PreconditionFailed`.
        """
        request = Request(
            "DELETE", f"/api/v2/devices/{quoted(device_id)}/placement", if_match=if_match, timeout_s=request_timeout
        )
        self._call(request)

    def set(
        self,
        device_id: str,
        *,
        customer_id: str | Unset | None = UNSET,
        resident_id: str | Unset | None = UNSET,
        from_: str | datetime | Unset | None = UNSET,
        if_match: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Placement:
        """Assign a device to a customer or a resident.

        A device assigned to a resident is also assigned to the resident's customer. A resident who signs in can see the
        device from then on, and the previous resident no longer can.

        Consumption belongs to the customer and resident of its time. With `from` in the past, the placement replaces
        what was recorded after it; if it is the current placement, `from` corrects when that began.

        Requires the scope `devices:write`.

        `device_id`: A device's id (`dev_…`). `if_match`: the version to change (`etag_of`); another one raises
        `PreconditionFailed`.
        """
        request = Request(
            "PUT",
            f"/api/v2/devices/{quoted(device_id)}/placement",
            body=present({"customer_id": customer_id, "resident_id": resident_id, "from": from_}) or UNSET,
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.Placement = self._call(request)
        return answer

    def set_standing(
        self, device_id: str, *, status: Literal["maintenance", "offline", "online"], request_timeout: float | None = None
    ) -> schemas.Placement:
        """Set the standing of a device.

        While a device is in maintenance, its connectivity events state so, and rules can exclude them.

        Requires the scope `devices:write`.

        `device_id`: A device's id (`dev_…`).
        """
        request = Request(
            "PUT", f"/api/v2/devices/{quoted(device_id)}/standing", body=present({"status": status}), timeout_s=request_timeout
        )
        answer: schemas.Placement = self._call(request)
        return answer


class AsyncPlacements(AsyncResource):
    """As `Placements`, for an event loop."""

    async def get(self, device_id: str, *, request_timeout: float | None = None) -> schemas.Placement:
        """Get the placement of a device.

        As `Placements.get`.
        """
        request = Request("GET", f"/api/v2/devices/{quoted(device_id)}/placement", timeout_s=request_timeout)
        answer: schemas.Placement = await self._call(request)
        return answer

    def list(
        self, device_id: str, *, limit: int | None = None, cursor: str | None = None, request_timeout: float | None = None
    ) -> AsyncPages[schemas.PlacementPeriod]:
        """List the placements of a device.

        As `Placements.list`.
        """
        request = Request(
            "GET",
            f"/api/v2/devices/{quoted(device_id)}/placements",
            query={"limit": limit, "cursor": cursor},
            timeout_s=request_timeout,
        )
        return self._list(request)

    async def remove(self, device_id: str, *, if_match: str | None = None, request_timeout: float | None = None) -> None:
        """Remove the placement of a device.

        As `Placements.remove`.
        """
        request = Request(
            "DELETE", f"/api/v2/devices/{quoted(device_id)}/placement", if_match=if_match, timeout_s=request_timeout
        )
        await self._call(request)

    async def set(
        self,
        device_id: str,
        *,
        customer_id: str | Unset | None = UNSET,
        resident_id: str | Unset | None = UNSET,
        from_: str | datetime | Unset | None = UNSET,
        if_match: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Placement:
        """Assign a device to a customer or a resident.

        As `Placements.set`.
        """
        request = Request(
            "PUT",
            f"/api/v2/devices/{quoted(device_id)}/placement",
            body=present({"customer_id": customer_id, "resident_id": resident_id, "from": from_}) or UNSET,
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.Placement = await self._call(request)
        return answer

    async def set_standing(
        self, device_id: str, *, status: Literal["maintenance", "offline", "online"], request_timeout: float | None = None
    ) -> schemas.Placement:
        """Set the standing of a device.

        As `Placements.set_standing`.
        """
        request = Request(
            "PUT", f"/api/v2/devices/{quoted(device_id)}/standing", body=present({"status": status}), timeout_s=request_timeout
        )
        answer: schemas.Placement = await self._call(request)
        return answer
