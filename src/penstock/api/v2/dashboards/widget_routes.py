"""Widgets over the native API, and their images."""

from __future__ import annotations

from typing import Any

from penstock.api.shared.call import Call, Stream
from penstock.api.shared.decoding import path_id
from penstock.api.shared.routes import Routes
from penstock.api.v2.dashboards import wire
from penstock.api.v2.dashboards.examples import (
    DASHBOARD_PATH,
    IMAGE,
    IMAGE_WIDGET,
    LAYOUT,
    NEW_WIDGET,
    WIDGET,
    WIDGET_PATH,
)
from penstock.api.v2.dashboards.routes import READ, WRITE, dashboard_id_of
from penstock.api.v2.dashboards.translate import (
    from_core_places,
    from_core_widget,
    to_core_places,
    to_core_widget,
    to_core_widget_patch,
)
from penstock.api.v2.telemetry.export import file_writer
from penstock.core.dashboards.models import WidgetImage
from penstock.core.dashboards.widgets import WidgetService
from penstock.kit.ids import Prefix, WidgetId
from penstock.kit.operation import Example

MAX_BASE64_BYTES = 1_450_000
"""Of a request: 1 MiB in base64."""
IMAGE_TYPES = ("image/png", "image/jpeg", "image/webp")


class WidgetEndpoints:
    """Create, read, change, arrange, copy and delete widgets."""

    routes = Routes("/api/v2", surface="v2", tag="Dashboards")

    def __init__(self, widgets: WidgetService) -> None:
        self._widgets = widgets

    @routes.get(
        "/dashboards/{dashboard_id}/widgets",
        scope=READ,
        of_project=True,
        example=Example(path=DASHBOARD_PATH, answer={"data": [WIDGET]}),
    )
    async def list(self, call: Call[None, None]) -> wire.WidgetList:
        """List the widgets of a dashboard.

        All of them, oldest first.
        """
        return wire.WidgetList([from_core_widget(one) for one in await self._widgets.list(call.actor, dashboard_id_of(call))])

    @routes.post(
        "/dashboards/{dashboard_id}/widgets",
        scope=WRITE,
        of_project=True,
        status=201,
        refuses=(429,),
        example=Example(path=DASHBOARD_PATH, body=NEW_WIDGET, answer=WIDGET),
    )
    async def create(self, call: Call[None, wire.WidgetCreate]) -> wire.Widget:
        """Add a widget to a dashboard."""
        return from_core_widget(await self._widgets.create(call.actor, dashboard_id_of(call), to_core_widget(call.body)))

    @routes.get(
        "/dashboards/{dashboard_id}/layout",
        scope=READ,
        of_project=True,
        example=Example(path=DASHBOARD_PATH, answer=LAYOUT),
    )
    async def layout(self, call: Call[None, None]) -> wire.Layout:
        """Get where the widgets of a dashboard are.

        Send its `ETag` as `If-Match` with a new layout, so that it does not overwrite places that someone else has changed since.
        """
        return from_core_places(await self._widgets.list(call.actor, dashboard_id_of(call)))

    @routes.put(
        "/dashboards/{dashboard_id}/layout",
        scope=WRITE,
        of_project=True,
        example=Example(path=DASHBOARD_PATH, body=LAYOUT, answer={"data": [WIDGET]}),
    )
    async def arrange(self, call: Call[None, wire.Layout]) -> wire.WidgetList:
        """Move the widgets of a dashboard.

        All or none. Widgets that are not named stay where they are.
        """
        moved = await self._widgets.arrange(call.actor, dashboard_id_of(call), to_core_places(call.body))
        return wire.WidgetList([from_core_widget(one) for one in moved])

    @routes.get("/widgets/{widget_id}", scope=READ, of_project=True, example=Example(path=WIDGET_PATH, answer=WIDGET))
    async def get(self, call: Call[None, None]) -> wire.Widget:
        """Get a widget."""
        return from_core_widget(await self._widgets.get(call.actor, widget_id_of(call)))

    @routes.patch(
        "/widgets/{widget_id}",
        scope=WRITE,
        of_project=True,
        example=Example(path=WIDGET_PATH, body={"title": "Office", "options": NEW_WIDGET["options"]}, answer=WIDGET),
    )
    async def update(self, call: Call[None, wire.WidgetPatch]) -> wire.Widget:
        """Change a widget.

        Devices that its options named before may be gone.
        """
        return from_core_widget(await self._widgets.update(call.actor, widget_id_of(call), to_core_widget_patch(call.body)))

    @routes.delete("/widgets/{widget_id}", scope=WRITE, of_project=True, status=204, example=Example(path=WIDGET_PATH))
    async def delete(self, call: Call[None, None]) -> None:
        """Delete a widget."""
        await self._widgets.delete(call.actor, widget_id_of(call))

    @routes.post(
        "/widgets/{widget_id}/duplicate",
        scope=WRITE,
        of_project=True,
        status=201,
        refuses=(429,),
        example=Example(path=WIDGET_PATH, answer=WIDGET),
    )
    async def duplicate(self, call: Call[None, None]) -> wire.Widget:
        """Copy a widget with its image.

        The copy is put below all widgets of the dashboard.
        """
        return from_core_widget(await self._widgets.duplicate(call.actor, widget_id_of(call)))

    @routes.get(
        "/widgets/{widget_id}/image",
        scope=READ,
        of_project=True,
        media_type="image/png",
        other_media_types=("image/jpeg", "image/webp"),
        refuses=(404,),
        example=Example(path=WIDGET_PATH, answer="(the image)"),
    )
    async def image(self, call: Call[None, None]) -> Stream:
        """Get the image of a widget."""
        return image_stream(await self._widgets.image(call.actor, widget_id_of(call)))

    @routes.put(
        "/widgets/{widget_id}/image",
        scope=WRITE,
        of_project=True,
        body_types=("application/json", *IMAGE_TYPES),
        max_body_bytes=MAX_BASE64_BYTES,
        example=Example(path=WIDGET_PATH, body={"content": IMAGE}, answer=IMAGE_WIDGET),
    )
    async def set_image(self, call: Call[None, wire.ImageWrite]) -> wire.Widget:
        """Set the image of a widget of the type `image`.

        A PNG, JPEG or WebP of at most 1 MiB and 6000 × 6000 pixels, sent as it is or in base64. It is decoded and encoded again,
        and made smaller if it is larger than 2400 × 2400.
        """
        return from_core_widget(await self._widgets.set_image(call.actor, widget_id_of(call), call.body.content))

    @routes.delete("/widgets/{widget_id}/image", scope=WRITE, of_project=True, refuses=(404,), example=Example(path=WIDGET_PATH))
    async def delete_image(self, call: Call[None, None]) -> None:
        """Remove the image of a widget."""
        await self._widgets.delete_image(call.actor, widget_id_of(call))


def widget_id_of(call: Call[Any, Any]) -> WidgetId:
    """The widget in a call's path."""
    return path_id(Prefix.WIDGET, call.path["widget_id"])


def image_stream(image: WidgetImage) -> Stream:
    """An image as a response."""
    ending = image.media_type.removeprefix("image/")
    return Stream(write=file_writer(image.content, image.media_type.encode(), f"image.{ending}"))
