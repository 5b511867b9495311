"""Use cases on widgets, in CRUD order, and on their images."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from penstock.core.actor import Actor
from penstock.core.dashboards.access import (
    DashboardNotes,
    check_names,
    get_dashboard,
    get_widget,
    names_in,
    target_of,
    target_of_widget,
)
from penstock.core.dashboards.errors import (
    DashboardLimitReached,
    WidgetImageInvalid,
    WidgetImageNotFound,
    WidgetNotFound,
)
from penstock.core.dashboards.models import COLUMNS, MAX_WIDGETS, NewWidget, Place, Widget, WidgetImage, WidgetPatch
from penstock.core.dashboards.options import ImageOptions, check_options
from penstock.core.dashboards.ports import ImageReader
from penstock.core.dashboards.service import DashboardService, copy_image
from penstock.core.dashboards.store import DashboardTransaction
from penstock.core.database import OrganizationDatabase
from penstock.kit.clock import Clock
from penstock.kit.errors import InvalidInput
from penstock.kit.fields import changes_in
from penstock.kit.ids import DashboardId, Prefix, WidgetId, encode

MAX_IMAGE_BYTES = 1_048_576


class WidgetService:
    """Widgets of dashboards."""

    def __init__(
        self,
        *,
        database: OrganizationDatabase[DashboardTransaction],
        dashboards: DashboardService,
        notes: DashboardNotes,
        images: ImageReader,
        clock: Clock,
    ) -> None:
        self._database = database
        self._dashboards = dashboards
        self._notes = notes
        self._images = images
        self._clock = clock

    async def create(self, actor: Actor, dashboard_id: DashboardId, new: NewWidget) -> Widget:
        """Add a widget to a dashboard.

        Raises:
            DashboardNotFound, DeviceNotFound, DefinitionNotFound, DashboardLimitReached, InvalidInput.
        """
        check_options(new.options)
        if new.place is not None:
            check_place(new.place)
        async with self._database.transaction(actor.org_id) as tx:
            dashboard = await get_dashboard(tx, actor, dashboard_id)
            await check_names(tx, actor, new.options)
            others = await tx.widgets.list(dashboard_id)
            _check_room(others)
            made = self._dashboards.widget_of(dashboard, new, new.place or below(others, new.size))
            await tx.widgets.create(made)
            await self._notes.touch(tx, actor, dashboard)
            await self._notes.audit(tx, actor, "widget.create", target_of_widget(made))
        return made

    async def get(self, actor: Actor, widget_id: WidgetId) -> Widget:
        """Return a widget.

        Raises:
            WidgetNotFound.
        """
        async with self._database.snapshot(actor.org_id) as tx:
            return (await get_widget(tx, actor, widget_id))[0]

    async def list(self, actor: Actor, dashboard_id: DashboardId) -> list[Widget]:
        """Return all widgets of a dashboard, oldest first.

        Raises:
            DashboardNotFound.
        """
        async with self._database.snapshot(actor.org_id) as tx:
            await get_dashboard(tx, actor, dashboard_id)
            return await tx.widgets.list(dashboard_id)

    async def update(self, actor: Actor, widget_id: WidgetId, patch: WidgetPatch) -> Widget:
        """Change the fields in the patch. Options are replaced as a whole, also by those of another type.

        Raises:
            WidgetNotFound, DeviceNotFound, DefinitionNotFound, InvalidInput.
        """
        changes: dict[str, Any] = changes_in(patch)
        if "options" in changes:
            check_options(changes["options"])
        moved = {name: changes.pop(name) for name in Place.__struct_fields__ if name in changes}
        async with self._database.transaction(actor.org_id) as tx:
            widget, dashboard = await get_widget(tx, actor, widget_id)
            if "options" in changes:
                await check_names(tx, actor, changes["options"], names_in(widget.options))
            place = msgspec.structs.replace(widget.place, **moved)
            check_place(place)
            changed = msgspec.structs.replace(widget, updated_us=self._clock.now_us(), place=place, **changes)
            await tx.widgets.update(changed)
            await self._notes.touch(tx, actor, dashboard)
            fields = sorted([*changes, *moved])
            await self._notes.audit(tx, actor, "widget.update", target_of_widget(changed), changed=fields)
        return changed

    async def delete(self, actor: Actor, widget_id: WidgetId) -> None:
        """Delete a widget.

        Raises:
            WidgetNotFound.
        """
        async with self._database.transaction(actor.org_id) as tx:
            widget, dashboard = await get_widget(tx, actor, widget_id)
            await tx.widgets.delete(widget_id)
            await self._notes.touch(tx, actor, dashboard)
            await self._notes.audit(tx, actor, "widget.delete", target_of_widget(widget))

    async def duplicate(self, actor: Actor, widget_id: WidgetId) -> Widget:
        """Copy a widget with its image, below all others of its dashboard.

        Raises:
            WidgetNotFound, DashboardLimitReached.
        """
        async with self._database.transaction(actor.org_id) as tx:
            widget, dashboard = await get_widget(tx, actor, widget_id)
            others = await tx.widgets.list(dashboard.id)
            _check_room(others)
            place = below(others, (widget.place.w, widget.place.h))
            made = self._dashboards.widget_of(dashboard, NewWidget(options=widget.options, title=widget.title), place)
            await tx.widgets.create(made)
            await copy_image(tx, widget, made, made.created_us)
            await self._notes.touch(tx, actor, dashboard)
            await self._notes.audit(tx, actor, "widget.create", target_of_widget(made))
            made = (await get_widget(tx, actor, made.id))[0]
        return made

    async def arrange(self, actor: Actor, dashboard_id: DashboardId, places: Mapping[WidgetId, Place]) -> Sequence[Widget]:
        """Move widgets of a dashboard, all or none. Those that are not named stay where they are.

        Raises:
            DashboardNotFound, WidgetNotFound, InvalidInput.
        """
        for at, place in enumerate(places.values()):
            check_place(place, f"widgets[{at}].")
        async with self._database.transaction(actor.org_id) as tx:
            dashboard = await get_dashboard(tx, actor, dashboard_id)
            known = {one.id for one in await tx.widgets.list(dashboard_id)}
            for widget_id, place in places.items():
                if widget_id not in known:
                    raise WidgetNotFound(widget_id=encode(Prefix.WIDGET, widget_id))
                await tx.widgets.place(widget_id, place)
            await self._notes.touch(tx, actor, dashboard)
            await self._notes.audit(tx, actor, "dashboard.update", target_of(dashboard), changed=["layout"])
            return await tx.widgets.list(dashboard_id)

    async def image(self, actor: Actor, widget_id: WidgetId) -> WidgetImage:
        """Return the image of a widget.

        Raises:
            WidgetNotFound, WidgetImageNotFound.
        """
        async with self._database.snapshot(actor.org_id) as tx:
            await get_widget(tx, actor, widget_id)
            return await image_of(tx, widget_id)

    async def set_image(self, actor: Actor, widget_id: WidgetId, content: bytes) -> Widget:
        """Replace the image of a widget of the type `image`.

        Raises:
            WidgetNotFound, WidgetImageInvalid, InvalidInput: the widget is of another type.
        """
        if len(content) > MAX_IMAGE_BYTES:
            raise WidgetImageInvalid(reason=f"the image must have at most {MAX_IMAGE_BYTES:,} bytes")
        image = await self._images.read(content)
        async with self._database.transaction(actor.org_id) as tx:
            widget, dashboard = await get_widget(tx, actor, widget_id)
            if not isinstance(widget.options, ImageOptions):
                raise InvalidInput.field("", "only a widget of the type image has an image")
            await tx.widgets.set_image(widget_id, image, self._clock.now_us())
            await self._notes.touch(tx, actor, dashboard)
            await self._notes.audit(tx, actor, "widget.update", target_of_widget(widget), changed=["image"])
            return (await get_widget(tx, actor, widget_id))[0]

    async def delete_image(self, actor: Actor, widget_id: WidgetId) -> None:
        """Remove the image of a widget.

        Raises:
            WidgetNotFound, WidgetImageNotFound.
        """
        async with self._database.transaction(actor.org_id) as tx:
            widget, dashboard = await get_widget(tx, actor, widget_id)
            if not await tx.widgets.delete_image(widget_id):
                raise WidgetImageNotFound()
            await self._notes.touch(tx, actor, dashboard)
            await self._notes.audit(tx, actor, "widget.update", target_of_widget(widget), changed=["image"])


async def image_of(tx: DashboardTransaction, widget_id: WidgetId) -> WidgetImage:
    """The image of a widget, inside a transaction.

    Raises:
        WidgetImageNotFound.
    """
    found = await tx.widgets.find_image(widget_id)
    if found is None:
        raise WidgetImageNotFound()
    return found


def check_place(place: Place, path: str = "") -> None:
    """Check that a widget is inside the grid.

    Raises:
        InvalidInput: it ends to the right of the last column.
    """
    if place.x + place.w > COLUMNS:
        raise InvalidInput.field(f"{path}w", f"x and w together must be at most {COLUMNS}")


def below(others: list[Widget], size: tuple[int, int]) -> Place:
    """A place of a size below all widgets."""
    return Place(y=max((one.place.y + one.place.h for one in others), default=0), w=size[0], h=size[1])


def _check_room(others: list[Widget]) -> None:
    if len(others) >= MAX_WIDGETS:
        raise DashboardLimitReached(limit=MAX_WIDGETS, what="widgets on a dashboard")
