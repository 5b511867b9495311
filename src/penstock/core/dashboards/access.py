"""Finds dashboards and widgets that a caller can access, and records their changes."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import msgspec

from penstock.core.actor import Actor
from penstock.core.audit.models import Target
from penstock.core.audit.trail import AuditTrail
from penstock.core.commands.errors import DefinitionNotFound
from penstock.core.dashboards.errors import DashboardNotFound, FolderNotFound, WidgetNotFound
from penstock.core.dashboards.events import UPDATED, DashboardChanged
from penstock.core.dashboards.models import Dashboard, Folder, Widget
from penstock.core.dashboards.options import CommandButtonOptions, WidgetOptions, device_ids_of
from penstock.core.dashboards.store import DashboardTransaction, HasDashboards
from penstock.core.devices.errors import DeviceNotFound
from penstock.core.tenancy.errors import ProjectNotFound
from penstock.core.tenancy.store import HasProjects
from penstock.kit.clock import Clock
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import DashboardId, FolderId, I, IdKind, Prefix, ProjectId, WidgetId, decode, encode

NO_PROJECT = ProjectId(0)
"""The id of no project: to a caller who is bound to one, what belongs to none does not exist."""


async def get_dashboard(tx: HasDashboards, actor: Actor, dashboard_id: DashboardId) -> Dashboard:
    """Return a dashboard that the caller can access, inside a transaction.

    Raises:
        DashboardNotFound.
    """
    found = await tx.dashboards.find(dashboard_id)
    if found is None or not actor.reaches(found.project_id or NO_PROJECT):
        raise DashboardNotFound(dashboard_id=encode(Prefix.DASHBOARD, dashboard_id))
    return found


async def get_widget(tx: HasDashboards, actor: Actor, widget_id: WidgetId) -> tuple[Widget, Dashboard]:
    """Return a widget and its dashboard, if the caller can access it, inside a transaction.

    Raises:
        WidgetNotFound.
    """
    found = await tx.widgets.find(widget_id)
    dashboard = None if found is None else await tx.dashboards.find(found.dashboard_id)
    if found is None or dashboard is None or not actor.reaches(dashboard.project_id or NO_PROJECT):
        raise WidgetNotFound(widget_id=encode(Prefix.WIDGET, widget_id))
    return found, dashboard


async def get_folder(tx: HasDashboards, actor: Actor, folder_id: FolderId) -> Folder:
    """Return a folder. Folders belong to no project, so a caller who is bound to one finds none.

    Raises:
        FolderNotFound.
    """
    found = await tx.dashboards.find_folder(folder_id)
    if found is None or actor.project_id is not None:
        raise FolderNotFound(folder_id=encode(Prefix.DASHBOARD_FOLDER, folder_id))
    return found


async def check_project(tx: HasProjects, actor: Actor, project_id: ProjectId | None) -> ProjectId | None:
    """The project of a dashboard: the one that the caller is bound to, or the one that is named.

    Raises:
        ProjectNotFound.
    """
    if project_id is None:
        return actor.project_id
    if not actor.reaches(project_id) or await tx.projects.find(project_id) is None:
        raise ProjectNotFound(project_id=encode(Prefix.PROJECT, project_id))
    return project_id


def check_ids(options: WidgetOptions) -> None:
    """Check that the devices that a widget names could exist.

    Raises:
        InvalidInput: one is not the id of a device.
    """
    for path, text in device_ids_of(options):
        id_of(Prefix.DEVICE, text, f"options.{path}")


async def check_names(tx: DashboardTransaction, actor: Actor, options: WidgetOptions, known: Collection[str] = ()) -> None:
    """Check that the devices and the command that a widget names exist; not those that it named before (`known`).

    Raises:
        InvalidInput, DeviceNotFound, DefinitionNotFound.
    """
    for path, text in device_ids_of(options):
        device_id = id_of(Prefix.DEVICE, text, f"options.{path}")
        device = None if text in known else await tx.devices.find(device_id)
        if text not in known and (device is None or not actor.reaches(device.project_id)):
            raise DeviceNotFound(device_id=text)
    if isinstance(options, CommandButtonOptions) and options.command_id not in known:
        command = await tx.commands.find(id_of(Prefix.DEFINITION, options.command_id, "options.command_id"))
        if command is None or not actor.reaches(command.project_id or NO_PROJECT):
            raise DefinitionNotFound(definition_id=options.command_id)


def names_in(options: WidgetOptions) -> set[str]:
    """The ids that a widget names."""
    found = {text for _, text in device_ids_of(options)}
    return found | {options.command_id} if isinstance(options, CommandButtonOptions) else found


def id_of(kind: IdKind[I], text: str, field: str) -> I:
    """The number of an id.

    Raises:
        InvalidInput: the text is not an id of this kind.
    """
    number = decode(kind, text)
    if number is None:
        raise InvalidInput.field(field, f"must be an id such as {kind}_0c2k9fq7w3m1x", "id")
    return number


class DashboardNotes:
    """Records changes of dashboards: the event, and the entry of the audit log."""

    def __init__(self, trail: AuditTrail, clock: Clock) -> None:
        self._trail = trail
        self._clock = clock

    async def touch(self, tx: DashboardTransaction, actor: Actor, dashboard: Dashboard) -> None:
        """Record that the widgets of a dashboard changed."""
        now_us = self._clock.now_us()
        await tx.dashboards.update(msgspec.structs.replace(dashboard, updated_us=now_us))
        await self.event(tx, actor, UPDATED, dashboard)

    async def event(self, tx: DashboardTransaction, actor: Actor, topic: str, dashboard: Dashboard) -> None:
        """Add an event about a dashboard."""
        changed = DashboardChanged(
            dashboard_id=dashboard.id,
            name=dashboard.name,
            at_us=self._clock.now_us(),
            project_id=dashboard.project_id,
            chain=actor.chain,
        )
        await tx.outbox.add(topic, dashboard.id, changed)

    async def audit(self, tx: DashboardTransaction, actor: Actor, action: str, target: Target, **details: Any) -> None:
        """Add an entry to the audit log."""
        await self._trail.record(tx, actor, action, target, **details)


def target_of(dashboard: Dashboard) -> Target:
    """A dashboard as the target of an audit entry."""
    return Target("dashboard", encode(Prefix.DASHBOARD, dashboard.id), dashboard.name)


def target_of_widget(widget: Widget) -> Target:
    """A widget as the target of an audit entry."""
    return Target("widget", encode(Prefix.WIDGET, widget.id), widget.title)
