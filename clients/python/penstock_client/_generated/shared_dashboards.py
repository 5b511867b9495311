"""`client.shared_dashboards`."""
# Written by `make clients` from the OpenAPI document. Changes are lost.

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from .._downloads import AsyncDownload, Download
from .._request import Request, quoted
from .._resource import AsyncResource, Resource

if TYPE_CHECKING:
    from . import schemas


class SharedDashboards(Resource):
    """Dashboards of widgets, their folders, data and images, and links that show them without a credential."""

    def data(
        self,
        share_token: str,
        *,
        range: str | None = None,
        from_: str | datetime | int | None = None,
        to: str | datetime | int | None = None,
        timezone: str | None = None,
        widget_ids: Sequence[str] | None = None,
        request_timeout: float | None = None,
    ) -> schemas.DashboardData:
        """Get what all widgets of a shared dashboard show.

        The same as one call for each widget, and counted as one. A widget that can no longer be shown has an `error`.

        The same, of the widgets with these ids only. `widget_ids` can be repeated; without it, all widgets are shown.

        `share_token`: The token of a share link (`dsh_…`). `range`: A length such as `90m`, `24h` or `7d` that ends now
        or at `to`. `from_`: Start, included: RFC 3339, or epoch seconds or milliseconds. `to`: End, excluded: RFC 3339,
        or epoch seconds or milliseconds. By default now. `timezone`: An IANA time zone, such as `Europe/Brussels`.
        `widget_ids`: Only the widgets with these ids, repeated for several; by default all.
        """
        request = Request(
            "GET",
            f"/api/v2/shared/dashboards/{quoted(share_token)}/data",
            query={"range": range, "from": from_, "to": to, "timezone": timezone, "widget_ids": widget_ids},
            timeout_s=request_timeout,
        )
        answer: schemas.DashboardData = self._call(request)
        return answer

    def get(self, share_token: str, *, request_timeout: float | None = None) -> schemas.SharedDashboard:
        """Get a shared dashboard with its widgets.

        Requires no credential, only the token of the link. Buttons that send commands are left out.

        `share_token`: The token of a share link (`dsh_…`).
        """
        request = Request("GET", f"/api/v2/shared/dashboards/{quoted(share_token)}", timeout_s=request_timeout)
        answer: schemas.SharedDashboard = self._call(request)
        return answer

    def widget_data(
        self,
        share_token: str,
        widget_id: str,
        *,
        range: str | None = None,
        from_: str | datetime | int | None = None,
        to: str | datetime | int | None = None,
        timezone: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.WidgetData:
        """Get what a widget of a shared dashboard shows.

        With the link's values of the variables, and without the ids of devices.

        The range, as for readings; without it, the dashboard's.

        `share_token`: The token of a share link (`dsh_…`). `widget_id`: A widget's id (`wid_…`). `range`: A length such
        as `90m`, `24h` or `7d` that ends now or at `to`. `from_`: Start, included: RFC 3339, or epoch seconds or
        milliseconds. `to`: End, excluded: RFC 3339, or epoch seconds or milliseconds. By default now. `timezone`: An
        IANA time zone, such as `Europe/Brussels`.
        """
        request = Request(
            "GET",
            f"/api/v2/shared/dashboards/{quoted(share_token)}/widgets/{quoted(widget_id)}/data",
            query={"range": range, "from": from_, "to": to, "timezone": timezone},
            timeout_s=request_timeout,
        )
        answer: schemas.WidgetData = self._call(request)
        return answer

    def widget_image(self, share_token: str, widget_id: str, *, request_timeout: float | None = None) -> Download:
        """Get the image of a widget of a shared dashboard.

        `share_token`: The token of a share link (`dsh_…`). `widget_id`: A widget's id (`wid_…`).
        """
        request = Request(
            "GET", f"/api/v2/shared/dashboards/{quoted(share_token)}/widgets/{quoted(widget_id)}/image", timeout_s=request_timeout
        )
        return self._file(request)


class AsyncSharedDashboards(AsyncResource):
    """As `SharedDashboards`, for an event loop."""

    async def data(
        self,
        share_token: str,
        *,
        range: str | None = None,
        from_: str | datetime | int | None = None,
        to: str | datetime | int | None = None,
        timezone: str | None = None,
        widget_ids: Sequence[str] | None = None,
        request_timeout: float | None = None,
    ) -> schemas.DashboardData:
        """Get what all widgets of a shared dashboard show.

        As `SharedDashboards.data`.
        """
        request = Request(
            "GET",
            f"/api/v2/shared/dashboards/{quoted(share_token)}/data",
            query={"range": range, "from": from_, "to": to, "timezone": timezone, "widget_ids": widget_ids},
            timeout_s=request_timeout,
        )
        answer: schemas.DashboardData = await self._call(request)
        return answer

    async def get(self, share_token: str, *, request_timeout: float | None = None) -> schemas.SharedDashboard:
        """Get a shared dashboard with its widgets.

        As `SharedDashboards.get`.
        """
        request = Request("GET", f"/api/v2/shared/dashboards/{quoted(share_token)}", timeout_s=request_timeout)
        answer: schemas.SharedDashboard = await self._call(request)
        return answer

    async def widget_data(
        self,
        share_token: str,
        widget_id: str,
        *,
        range: str | None = None,
        from_: str | datetime | int | None = None,
        to: str | datetime | int | None = None,
        timezone: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.WidgetData:
        """Get what a widget of a shared dashboard shows.

        As `SharedDashboards.widget_data`.
        """
        request = Request(
            "GET",
            f"/api/v2/shared/dashboards/{quoted(share_token)}/widgets/{quoted(widget_id)}/data",
            query={"range": range, "from": from_, "to": to, "timezone": timezone},
            timeout_s=request_timeout,
        )
        answer: schemas.WidgetData = await self._call(request)
        return answer

    async def widget_image(self, share_token: str, widget_id: str, *, request_timeout: float | None = None) -> AsyncDownload:
        """Get the image of a widget of a shared dashboard.

        As `SharedDashboards.widget_image`.
        """
        request = Request(
            "GET", f"/api/v2/shared/dashboards/{quoted(share_token)}/widgets/{quoted(widget_id)}/image", timeout_s=request_timeout
        )
        return await self._file(request)
