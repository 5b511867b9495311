"""`client.widgets`."""
# Written by `make clients` from the OpenAPI document. Changes are lost.

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from .._downloads import AsyncDownload, Download
from .._request import UNSET, Request, Unset, new_key, present, quoted
from .._resource import AsyncResource, Resource

if TYPE_CHECKING:
    from . import schemas


class Widgets(Resource):
    """Dashboards of widgets, their folders, data and images, and links that show them without a credential."""

    def create(
        self,
        dashboard_id: str,
        *,
        options: schemas.WidgetOptions,
        title: str | Unset = UNSET,
        x: int | Unset | None = UNSET,
        y: int | Unset | None = UNSET,
        w: int | Unset = UNSET,
        h: int | Unset = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Widget:
        """Add a widget to a dashboard.

        Requires the scope `dashboards:write`.

        `dashboard_id`: A dashboard's id (`dsb_…`).
        """
        request = Request(
            "POST",
            f"/api/v2/dashboards/{quoted(dashboard_id)}/widgets",
            body=present({"options": options, "title": title, "x": x, "y": y, "w": w, "h": h}),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Widget = self._call(request)
        return answer

    def data(
        self,
        widget_id: str,
        *,
        range: str | None = None,
        from_: str | datetime | int | None = None,
        to: str | datetime | int | None = None,
        timezone: str | None = None,
        variables: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.WidgetData:
        """Get what a widget shows.

        Also needs the scopes to read its parts: telemetry:read for values, devices:read for states of devices and for
        devices by labels, alerts:read for open alerts. A line of a chart has at most 1,000 points. A device that does
        not exist is `missing`.

        The range, as for readings; without it, the dashboard's. `variables` is a JSON object with values by name.

        Requires the scope `dashboards:read`.

        `widget_id`: A widget's id (`wid_…`). `range`: A length such as `90m`, `24h` or `7d` that ends now or at `to`.
        `from_`: Start, included: RFC 3339, or epoch seconds or milliseconds. `to`: End, excluded: RFC 3339, or epoch
        seconds or milliseconds. By default now. `timezone`: An IANA time zone, such as `Europe/Brussels`. `variables`:
        A JSON object with values of variables by name; others keep the value of the dashboard.
        """
        request = Request(
            "GET",
            f"/api/v2/widgets/{quoted(widget_id)}/data",
            query={"range": range, "from": from_, "to": to, "timezone": timezone, "variables": variables},
            timeout_s=request_timeout,
        )
        answer: schemas.WidgetData = self._call(request)
        return answer

    def delete(self, widget_id: str, *, if_match: str | None = None, request_timeout: float | None = None) -> None:
        """Delete a widget.

        Requires the scope `dashboards:write`.

        `widget_id`: A widget's id (`wid_…`). `if_match`: the version to change (`etag_of`); another one raises
        `PreconditionFailed`.
        """
        request = Request("DELETE", f"/api/v2/widgets/{quoted(widget_id)}", if_match=if_match, timeout_s=request_timeout)
        self._call(request)

    def duplicate(
        self, widget_id: str, *, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.Widget:
        """Copy a widget with its image.

        The copy is put below all widgets of the dashboard.

        Requires the scope `dashboards:write`.

        `widget_id`: A widget's id (`wid_…`).
        """
        request = Request(
            "POST", f"/api/v2/widgets/{quoted(widget_id)}/duplicate", key=idempotency_key or new_key(), timeout_s=request_timeout
        )
        answer: schemas.Widget = self._call(request)
        return answer

    def get(self, widget_id: str, *, request_timeout: float | None = None) -> schemas.Widget:
        """Get a widget.

        Requires the scope `dashboards:read`.

        `widget_id`: A widget's id (`wid_…`).
        """
        request = Request("GET", f"/api/v2/widgets/{quoted(widget_id)}", timeout_s=request_timeout)
        answer: schemas.Widget = self._call(request)
        return answer

    def get_image(self, widget_id: str, *, request_timeout: float | None = None) -> Download:
        """Get the image of a widget.

        Requires the scope `dashboards:read`.

        `widget_id`: A widget's id (`wid_…`).
        """
        request = Request("GET", f"/api/v2/widgets/{quoted(widget_id)}/image", timeout_s=request_timeout)
        return self._file(request)

    def list(self, dashboard_id: str, *, request_timeout: float | None = None) -> schemas.WidgetList:
        """List the widgets of a dashboard.

        All of them, oldest first.

        Requires the scope `dashboards:read`.

        `dashboard_id`: A dashboard's id (`dsb_…`).
        """
        request = Request("GET", f"/api/v2/dashboards/{quoted(dashboard_id)}/widgets", timeout_s=request_timeout)
        answer: schemas.WidgetList = self._call(request)
        return answer

    def preview(
        self,
        *,
        options: schemas.WidgetOptions,
        dashboard_id: str | Unset | None = UNSET,
        range: str | Unset | None = UNSET,
        from_: str | datetime | Unset | None = UNSET,
        to: str | datetime | Unset | None = UNSET,
        timezone: str | Unset = UNSET,
        variables: Mapping[str, str] | Unset = UNSET,
        request_timeout: float | None = None,
    ) -> schemas.WidgetData:
        """Get what a widget would show.

        Nothing is stored. Needs the same scopes as the data of a widget.

        Requires the scope `dashboards:read`.
        """
        request = Request(
            "POST",
            "/api/v2/widgets/preview",
            body=present(
                {
                    "options": options,
                    "dashboard_id": dashboard_id,
                    "range": range,
                    "from": from_,
                    "to": to,
                    "timezone": timezone,
                    "variables": variables,
                }
            ),
            timeout_s=request_timeout,
        )
        answer: schemas.WidgetData = self._call(request)
        return answer

    def remove_image(self, widget_id: str, *, request_timeout: float | None = None) -> None:
        """Remove the image of a widget.

        Requires the scope `dashboards:write`.

        `widget_id`: A widget's id (`wid_…`).
        """
        request = Request("DELETE", f"/api/v2/widgets/{quoted(widget_id)}/image", timeout_s=request_timeout)
        self._call(request)

    def set_image(self, widget_id: str, *, content: str, request_timeout: float | None = None) -> schemas.Widget:
        """Set the image of a widget of the type `image`.

        A PNG, JPEG or WebP of at most 1 MiB and 6000 × 6000 pixels, sent as it is or in base64. It is decoded and
        encoded again, and made smaller if it is larger than 2400 × 2400.

        Requires the scope `dashboards:write`.

        `widget_id`: A widget's id (`wid_…`).
        """
        request = Request(
            "PUT", f"/api/v2/widgets/{quoted(widget_id)}/image", body=present({"content": content}), timeout_s=request_timeout
        )
        answer: schemas.Widget = self._call(request)
        return answer

    def update(
        self,
        widget_id: str,
        *,
        options: schemas.WidgetOptions | Unset = UNSET,
        title: str | Unset = UNSET,
        x: int | Unset = UNSET,
        y: int | Unset = UNSET,
        w: int | Unset = UNSET,
        h: int | Unset = UNSET,
        if_match: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Widget:
        """Change a widget.

        Devices that its options named before may be gone.

        Requires the scope `dashboards:write`.

        `widget_id`: A widget's id (`wid_…`). `if_match`: the version to change (`etag_of`); another one raises
        `PreconditionFailed`.
        """
        request = Request(
            "PATCH",
            f"/api/v2/widgets/{quoted(widget_id)}",
            body=present({"options": options, "title": title, "x": x, "y": y, "w": w, "h": h}) or UNSET,
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.Widget = self._call(request)
        return answer


class AsyncWidgets(AsyncResource):
    """As `Widgets`, for an event loop."""

    async def create(
        self,
        dashboard_id: str,
        *,
        options: schemas.WidgetOptions,
        title: str | Unset = UNSET,
        x: int | Unset | None = UNSET,
        y: int | Unset | None = UNSET,
        w: int | Unset = UNSET,
        h: int | Unset = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Widget:
        """Add a widget to a dashboard.

        As `Widgets.create`.
        """
        request = Request(
            "POST",
            f"/api/v2/dashboards/{quoted(dashboard_id)}/widgets",
            body=present({"options": options, "title": title, "x": x, "y": y, "w": w, "h": h}),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Widget = await self._call(request)
        return answer

    async def data(
        self,
        widget_id: str,
        *,
        range: str | None = None,
        from_: str | datetime | int | None = None,
        to: str | datetime | int | None = None,
        timezone: str | None = None,
        variables: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.WidgetData:
        """Get what a widget shows.

        As `Widgets.data`.
        """
        request = Request(
            "GET",
            f"/api/v2/widgets/{quoted(widget_id)}/data",
            query={"range": range, "from": from_, "to": to, "timezone": timezone, "variables": variables},
            timeout_s=request_timeout,
        )
        answer: schemas.WidgetData = await self._call(request)
        return answer

    async def delete(self, widget_id: str, *, if_match: str | None = None, request_timeout: float | None = None) -> None:
        """Delete a widget.

        As `Widgets.delete`.
        """
        request = Request("DELETE", f"/api/v2/widgets/{quoted(widget_id)}", if_match=if_match, timeout_s=request_timeout)
        await self._call(request)

    async def duplicate(
        self, widget_id: str, *, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.Widget:
        """Copy a widget with its image.

        As `Widgets.duplicate`.
        """
        request = Request(
            "POST", f"/api/v2/widgets/{quoted(widget_id)}/duplicate", key=idempotency_key or new_key(), timeout_s=request_timeout
        )
        answer: schemas.Widget = await self._call(request)
        return answer

    async def get(self, widget_id: str, *, request_timeout: float | None = None) -> schemas.Widget:
        """Get a widget.

        As `Widgets.get`.
        """
        request = Request("GET", f"/api/v2/widgets/{quoted(widget_id)}", timeout_s=request_timeout)
        answer: schemas.Widget = await self._call(request)
        return answer

    async def get_image(self, widget_id: str, *, request_timeout: float | None = None) -> AsyncDownload:
        """Get the image of a widget.

        As `Widgets.get_image`.
        """
        request = Request("GET", f"/api/v2/widgets/{quoted(widget_id)}/image", timeout_s=request_timeout)
        return await self._file(request)

    async def list(self, dashboard_id: str, *, request_timeout: float | None = None) -> schemas.WidgetList:
        """List the widgets of a dashboard.

        As `Widgets.list`.
        """
        request = Request("GET", f"/api/v2/dashboards/{quoted(dashboard_id)}/widgets", timeout_s=request_timeout)
        answer: schemas.WidgetList = await self._call(request)
        return answer

    async def preview(
        self,
        *,
        options: schemas.WidgetOptions,
        dashboard_id: str | Unset | None = UNSET,
        range: str | Unset | None = UNSET,
        from_: str | datetime | Unset | None = UNSET,
        to: str | datetime | Unset | None = UNSET,
        timezone: str | Unset = UNSET,
        variables: Mapping[str, str] | Unset = UNSET,
        request_timeout: float | None = None,
    ) -> schemas.WidgetData:
        """Get what a widget would show.

        As `Widgets.preview`.
        """
        request = Request(
            "POST",
            "/api/v2/widgets/preview",
            body=present(
                {
                    "options": options,
                    "dashboard_id": dashboard_id,
                    "range": range,
                    "from": from_,
                    "to": to,
                    "timezone": timezone,
                    "variables": variables,
                }
            ),
            timeout_s=request_timeout,
        )
        answer: schemas.WidgetData = await self._call(request)
        return answer

    async def remove_image(self, widget_id: str, *, request_timeout: float | None = None) -> None:
        """Remove the image of a widget.

        As `Widgets.remove_image`.
        """
        request = Request("DELETE", f"/api/v2/widgets/{quoted(widget_id)}/image", timeout_s=request_timeout)
        await self._call(request)

    async def set_image(self, widget_id: str, *, content: str, request_timeout: float | None = None) -> schemas.Widget:
        """Set the image of a widget of the type `image`.

        As `Widgets.set_image`.
        """
        request = Request(
            "PUT", f"/api/v2/widgets/{quoted(widget_id)}/image", body=present({"content": content}), timeout_s=request_timeout
        )
        answer: schemas.Widget = await self._call(request)
        return answer

    async def update(
        self,
        widget_id: str,
        *,
        options: schemas.WidgetOptions | Unset = UNSET,
        title: str | Unset = UNSET,
        x: int | Unset = UNSET,
        y: int | Unset = UNSET,
        w: int | Unset = UNSET,
        h: int | Unset = UNSET,
        if_match: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Widget:
        """Change a widget.

        As `Widgets.update`.
        """
        request = Request(
            "PATCH",
            f"/api/v2/widgets/{quoted(widget_id)}",
            body=present({"options": options, "title": title, "x": x, "y": y, "w": w, "h": h}) or UNSET,
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.Widget = await self._call(request)
        return answer
