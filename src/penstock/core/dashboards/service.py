"""Use cases on dashboards, in CRUD order."""

from __future__ import annotations

from typing import Any

import msgspec

from penstock.core.actor import Actor
from penstock.core.dashboards.access import (
    NO_PROJECT,
    DashboardNotes,
    check_project,
    get_dashboard,
    get_folder,
    target_of,
)
from penstock.core.dashboards.config import DashboardConfig
from penstock.core.dashboards.errors import DashboardLimitReached
from penstock.core.dashboards.events import CREATED, DELETED, UPDATED
from penstock.core.dashboards.models import (
    Dashboard,
    DashboardFilter,
    DashboardPatch,
    DashboardSort,
    NewDashboard,
    NewWidget,
    Place,
    View,
    Widget,
)
from penstock.core.dashboards.store import DashboardTransaction
from penstock.core.dashboards.views import check_view
from penstock.core.database import OrganizationDatabase
from penstock.kit.clock import Clock
from penstock.kit.errors import InvalidInput
from penstock.kit.fields import changes_in
from penstock.kit.ids import DashboardId, IdSource, WidgetId
from penstock.kit.paging import Page, decode_cursor, page_of

_CURSORS: dict[DashboardSort, Any] = {
    DashboardSort.NAME: tuple[str, str, int],
    DashboardSort.UPDATED: tuple[str, int, int],
}
MAX_NAME = 200


class DashboardService:
    """Dashboards of an organisation."""

    def __init__(
        self,
        *,
        database: OrganizationDatabase[DashboardTransaction],
        notes: DashboardNotes,
        ids: IdSource,
        clock: Clock,
        config: DashboardConfig,
    ) -> None:
        self._database = database
        self._notes = notes
        self._ids = ids
        self._clock = clock
        self._config = config

    async def create(self, actor: Actor, new: NewDashboard) -> Dashboard:
        """Create an empty dashboard.

        Raises:
            FolderNotFound, ProjectNotFound, DashboardLimitReached, InvalidInput.
        """
        async with self._database.transaction(actor.org_id) as tx:
            return await self.create_in(tx, actor, new)

    async def create_in(self, tx: DashboardTransaction, actor: Actor, new: NewDashboard) -> Dashboard:
        """Create an empty dashboard within a larger use case.

        Raises:
            FolderNotFound, ProjectNotFound, DashboardLimitReached, InvalidInput.
        """
        check_view(new.view)
        if await tx.dashboards.count() >= self._config.max_dashboards:
            raise DashboardLimitReached(limit=self._config.max_dashboards, what="dashboards")
        if new.folder_id is not None:
            await get_folder(tx, actor, new.folder_id)
        now_us, project_id = self._clock.now_us(), await check_project(tx, actor, new.project_id)
        made = Dashboard(
            id=self._ids.next(DashboardId),
            name=new.name,
            description=new.description,
            folder_id=new.folder_id,
            project_id=project_id,
            view=new.view,
            created_us=now_us,
            updated_us=now_us,
        )
        await tx.dashboards.create(made)
        await self._notes.event(tx, actor, CREATED, made)
        await self._notes.audit(tx, actor, "dashboard.create", target_of(made))
        return made

    async def get(self, actor: Actor, dashboard_id: DashboardId) -> Dashboard:
        """Return a dashboard.

        Raises:
            DashboardNotFound.
        """
        async with self._database.snapshot(actor.org_id) as tx:
            return await get_dashboard(tx, actor, dashboard_id)

    async def list(
        self, actor: Actor, filters: DashboardFilter, sort: DashboardSort, limit: int, cursor: str | None
    ) -> Page[Dashboard]:
        """Return a page of dashboards.

        Raises:
            InvalidInput: the cursor is not one of a list in this order.
        """
        after = decode_cursor(cursor, _CURSORS[sort])
        if after is not None and after[0] != sort.value:
            raise InvalidInput.field("cursor", "must be a cursor returned by this list in the same order")
        if actor.project_id is not None:
            inside = filters.project_id in (None, actor.project_id)
            filters = msgspec.structs.replace(filters, project_id=actor.project_id if inside else NO_PROJECT)
        async with self._database.snapshot(actor.org_id) as tx:
            found = await tx.dashboards.list(filters, sort, limit + 1, after[1:] if after else None)
        return page_of(found, limit, lambda one: (sort.value, one.name if sort is DashboardSort.NAME else one.updated_us, one.id))

    async def update(self, actor: Actor, dashboard_id: DashboardId, patch: DashboardPatch) -> Dashboard:
        """Change the fields in the patch.

        Raises:
            DashboardNotFound, FolderNotFound, ProjectNotFound, InvalidInput.
        """
        changes: dict[str, Any] = changes_in(patch)
        of_view = {name: changes.pop(name) for name in View.__struct_fields__ if name in changes}
        async with self._database.transaction(actor.org_id) as tx:
            dashboard = await get_dashboard(tx, actor, dashboard_id)
            if changes.get("folder_id") is not None:
                await get_folder(tx, actor, changes["folder_id"])
            if "project_id" in changes:
                changes["project_id"] = await check_project(tx, actor, changes["project_id"])
            view = msgspec.structs.replace(dashboard.view, **of_view)
            check_view(view)
            changed = msgspec.structs.replace(dashboard, updated_us=self._clock.now_us(), view=view, **changes)
            await tx.dashboards.update(changed)
            await self._notes.event(tx, actor, UPDATED, changed)
            fields = sorted([*changes, *of_view])
            await self._notes.audit(tx, actor, "dashboard.update", target_of(changed), changed=fields)
        return changed

    async def delete(self, actor: Actor, dashboard_id: DashboardId) -> None:
        """Delete a dashboard with its widgets and share links.

        Raises:
            DashboardNotFound.
        """
        async with self._database.transaction(actor.org_id) as tx:
            dashboard = await get_dashboard(tx, actor, dashboard_id)
            await tx.dashboards.delete(dashboard_id)
            await self._notes.event(tx, actor, DELETED, dashboard)
            await self._notes.audit(tx, actor, "dashboard.delete", target_of(dashboard))

    async def duplicate(self, actor: Actor, dashboard_id: DashboardId, name: str | None) -> Dashboard:
        """Copy a dashboard with its widgets and their images, without its share links.

        Raises:
            DashboardNotFound, DashboardLimitReached.
        """
        async with self._database.transaction(actor.org_id) as tx:
            dashboard = await get_dashboard(tx, actor, dashboard_id)
            copy_name = name if name is not None else f"{dashboard.name[: MAX_NAME - 7]} (copy)"
            folder_id = None if actor.project_id is not None else dashboard.folder_id
            new = NewDashboard(
                name=copy_name,
                description=dashboard.description,
                folder_id=folder_id,
                project_id=dashboard.project_id,
                view=dashboard.view,
            )
            made = await self.create_in(tx, actor, new)
            widgets = await tx.widgets.list(dashboard_id)
            for widget in widgets:
                copy = msgspec.structs.replace(
                    widget,
                    id=self._ids.next(WidgetId),
                    dashboard_id=made.id,
                    created_us=made.created_us,
                    updated_us=made.created_us,
                    image_us=None,
                )
                await tx.widgets.create(copy)
                await copy_image(tx, widget, copy, made.created_us)
        return msgspec.structs.replace(made, widget_count=len(widgets))

    def widget_of(self, dashboard: Dashboard, new: NewWidget, place: Place) -> Widget:
        """A new widget of a dashboard, with an id of its own."""
        now_us = self._clock.now_us()
        return Widget(
            id=self._ids.next(WidgetId),
            dashboard_id=dashboard.id,
            title=new.title,
            options=new.options,
            place=place,
            created_us=now_us,
            updated_us=now_us,
        )


async def copy_image(tx: DashboardTransaction, widget: Widget, copy: Widget, now_us: int) -> None:
    """Give a copy of a widget its image."""
    image = None if widget.image_us is None else await tx.widgets.find_image(widget.id)
    if image is not None:
        await tx.widgets.set_image(copy.id, image, now_us)
