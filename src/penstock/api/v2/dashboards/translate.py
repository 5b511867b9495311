"""Converts dashboards, folders and widgets between wire structs and core models."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import UNSET

from penstock.api.shared.decoding import body_id
from penstock.api.shared.grants import moment
from penstock.api.v2.dashboards import wire
from penstock.core.dashboards.models import (
    Dashboard,
    DashboardPatch,
    Draft,
    Folder,
    NewDashboard,
    NewWidget,
    Place,
    View,
    Widget,
    WidgetPatch,
)
from penstock.core.dashboards.options import type_of
from penstock.core.dashboards.transfers import FORMAT, VERSION
from penstock.kit.clock import format_time
from penstock.kit.errors import InvalidInput
from penstock.kit.fields import converted, same_fields
from penstock.kit.ids import FolderId, Prefix, ProjectId, WidgetId, encode

DEFAULT_RANGE = "24h"


def folder_id_in(text: str, field: str = "folder_id") -> FolderId:
    return body_id(Prefix.DASHBOARD_FOLDER, text, field)


def project_id_in(text: str) -> ProjectId:
    return body_id(Prefix.PROJECT, text, "project_id")


def to_core_dashboard(body: wire.DashboardCreate) -> NewDashboard:
    span = body.range
    if span is UNSET:
        span = DEFAULT_RANGE if body.from_ is None and body.to is None else None
    view = View(
        range=span,
        from_us=moment(body.from_, "from"),
        to_us=moment(body.to, "to"),
        live=body.live,
        refresh_s=body.refresh_s,
        variables=body.variables,
    )
    return NewDashboard(
        name=body.name,
        description=body.description,
        folder_id=converted(body.folder_id, folder_id_in),
        project_id=converted(body.project_id, project_id_in),
        view=view,
    )


def to_core_patch(body: wire.DashboardPatch) -> DashboardPatch:
    return DashboardPatch(
        **same_fields(body, DashboardPatch),
        folder_id=converted(body.folder_id, folder_id_in),
        project_id=converted(body.project_id, project_id_in),
        from_us=converted(body.from_, lambda text: _moment(text, "from")),
        to_us=converted(body.to, lambda text: _moment(text, "to")),
    )


def _moment(text: str, field: str) -> int:
    found = moment(text, field)
    assert found is not None
    return found


def from_core_folder(folder: Folder) -> wire.Folder:
    return wire.Folder(
        id=encode(Prefix.DASHBOARD_FOLDER, folder.id),
        name=folder.name,
        parent_id=converted(folder.parent_id, lambda one: encode(Prefix.DASHBOARD_FOLDER, one)),
        created_at=format_time(folder.created_us),
        updated_at=format_time(folder.updated_us),
    )


def from_core_dashboard(dashboard: Dashboard) -> wire.Dashboard:
    view = dashboard.view
    return wire.Dashboard(
        id=encode(Prefix.DASHBOARD, dashboard.id),
        name=dashboard.name,
        description=dashboard.description,
        folder_id=converted(dashboard.folder_id, lambda one: encode(Prefix.DASHBOARD_FOLDER, one)),
        project_id=converted(dashboard.project_id, lambda one: encode(Prefix.PROJECT, one)),
        range=view.range,
        from_=converted(view.from_us, format_time),
        to=converted(view.to_us, format_time),
        live=view.live,
        refresh_s=view.refresh_s,
        variables=view.variables,
        widget_count=dashboard.widget_count,
        created_at=format_time(dashboard.created_us),
        updated_at=format_time(dashboard.updated_us),
    )


def to_core_widget(body: wire.WidgetCreate | wire.DocumentWidget, path: str = "") -> NewWidget:
    """A new widget, with a place if one is given.

    Raises:
        InvalidInput: only one of `x` and `y` is given.
    """
    if body.x is None and body.y is None:
        # Where there is room is decided when it is stored; only the size is known.
        return NewWidget(options=body.options, title=body.title, place=None, size=(body.w, body.h))
    if body.x is None or body.y is None:
        raise InvalidInput.field(f"{path}{'x' if body.x is None else 'y'}", "must be set with the other coordinate", "required")
    return NewWidget(options=body.options, title=body.title, place=Place(x=body.x, y=body.y, w=body.w, h=body.h))


def to_core_widget_patch(body: wire.WidgetPatch) -> WidgetPatch:
    return WidgetPatch(**same_fields(body, WidgetPatch))


def from_core_widget(widget: Widget) -> wire.Widget:
    return wire.Widget(
        id=encode(Prefix.WIDGET, widget.id),
        dashboard_id=encode(Prefix.DASHBOARD, widget.dashboard_id),
        type=type_of(widget.options),
        title=widget.title,
        x=widget.place.x,
        y=widget.place.y,
        w=widget.place.w,
        h=widget.place.h,
        options=widget.options,
        image_at=converted(widget.image_us, format_time),
        created_at=format_time(widget.created_us),
        updated_at=format_time(widget.updated_us),
    )


def from_core_places(widgets: Sequence[Widget]) -> wire.Layout:
    """Where widgets are."""
    places = [(encode(Prefix.WIDGET, one.id), one.place) for one in widgets]
    return wire.Layout([wire.WidgetPlace(id_, at.x, at.y, at.w, at.h) for id_, at in places])


def to_core_places(layout: wire.Layout) -> dict[WidgetId, Place]:
    """The places of widgets by id.

    Raises:
        InvalidInput: an id is not one, or is repeated.
    """
    places: dict[WidgetId, Place] = {}
    for at, one in enumerate(layout.widgets):
        widget_id = body_id(Prefix.WIDGET, one.widget_id, f"widgets[{at}].widget_id")
        if widget_id in places:
            raise InvalidInput.field(f"widgets[{at}].widget_id", "must not be repeated", "duplicate")
        places[widget_id] = Place(x=one.x, y=one.y, w=one.w, h=one.h)
    return places


def to_document(dashboard: Dashboard, widgets: list[Widget]) -> wire.DashboardDocument:
    shown = from_core_dashboard(dashboard)
    return wire.DashboardDocument(
        format=FORMAT,
        version=VERSION,
        name=shown.name,
        description=shown.description,
        range=shown.range,
        from_=shown.from_,
        to=shown.to,
        live=shown.live,
        refresh_s=shown.refresh_s,
        variables=shown.variables,
        widgets=[_to_document(one) for one in widgets],
    )


def _to_document(widget: Widget) -> wire.DocumentWidget:
    return wire.DocumentWidget(options=widget.options, title=widget.title, **msgspec.structs.asdict(widget.place))


def to_draft(body: wire.DashboardImport) -> Draft:
    document = body.document
    values: dict[str, Any] = {name: getattr(document, name) for name in ("name", "description", "from_", "to", "live")}
    values |= {"refresh_s": document.refresh_s, "variables": document.variables}
    span = UNSET if document.range is None else document.range
    requested = wire.DashboardCreate(range=span, folder_id=body.folder_id, project_id=body.project_id, **values)
    widgets = [to_core_widget(one, f"document.widgets[{at}].") for at, one in enumerate(document.widgets)]
    return Draft(new=to_core_dashboard(requested), widgets=widgets)
