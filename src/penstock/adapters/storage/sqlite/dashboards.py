"""Dashboards, their folders, widgets and share links: maps rows to models."""

from __future__ import annotations

import sqlite3
from typing import Any

import msgspec

from penstock.adapters.storage.sqlite.connection import Session, like
from penstock.core.actor import ActorKind
from penstock.core.dashboards.models import (
    Dashboard,
    DashboardFilter,
    DashboardSort,
    Folder,
    FoundShare,
    Place,
    Share,
    View,
    Widget,
    WidgetImage,
)
from penstock.core.dashboards.options import WidgetOptions
from penstock.kit.ids import MAX_ID, DashboardId, FolderId, OrgId, ShareId, WidgetId

_LISTS = {
    DashboardSort.NAME: ("list_dashboards_by_name", ("", -1)),
    DashboardSort.UPDATED: ("list_dashboards_by_update", (MAX_ID, 0)),
}
"""The statement of each order, and what is before every row in it."""
_OPTIONS: msgspec.json.Decoder[WidgetOptions] = msgspec.json.Decoder(WidgetOptions)


class SqliteDashboards:
    """Implements `DashboardStore`."""

    def __init__(self, session: Session, org_id: OrgId) -> None:
        self._session = session
        self._org_id = org_id

    async def create_folder(self, folder: Folder) -> None:
        await self._session.run("create_dashboard_folder", msgspec.structs.asdict(folder) | {"org_id": self._org_id})

    async def find_folder(self, folder_id: FolderId) -> Folder | None:
        row = await self._session.one("find_dashboard_folder", {"org_id": self._org_id, "id": folder_id})
        return Folder(**dict(row)) if row else None

    async def list_folders(self, limit: int, after_id: int) -> list[Folder]:
        params = {"org_id": self._org_id, "limit": limit, "after_id": after_id}
        return [Folder(**dict(row)) for row in await self._session.all("list_dashboard_folders", params)]

    async def update_folder(self, folder: Folder) -> None:
        await self._session.run("update_dashboard_folder", msgspec.structs.asdict(folder) | {"org_id": self._org_id})

    async def delete_folder(self, folder_id: FolderId) -> None:
        await self._session.run("delete_dashboard_folder", {"org_id": self._org_id, "id": folder_id})

    async def contents(self, folder_id: FolderId) -> tuple[int, int]:
        row = await self._session.one("count_in_dashboard_folder", {"org_id": self._org_id, "folder_id": folder_id})
        return (int(row["folders"]), int(row["dashboards"])) if row else (0, 0)

    async def create(self, dashboard: Dashboard) -> None:
        await self._session.run("create_dashboard", self._params(dashboard))

    async def find(self, dashboard_id: DashboardId) -> Dashboard | None:
        row = await self._session.one("find_dashboard", {"org_id": self._org_id, "id": dashboard_id})
        return _dashboard(row) if row else None

    async def list(
        self, filters: DashboardFilter, sort: DashboardSort, limit: int, after: tuple[int | str, int] | None
    ) -> list[Dashboard]:
        statement, start = _LISTS[sort]
        value, after_id = after or start
        params = {"org_id": self._org_id, "after": value, "after_id": after_id, "limit": limit, "pattern": like(filters.text)}
        params |= {"folder_id": filters.folder_id, "project_id": filters.project_id}
        return [_dashboard(row) for row in await self._session.all(statement, params)]

    async def count(self) -> int:
        row = await self._session.one("count_dashboards", {"org_id": self._org_id})
        return int(row["total"]) if row else 0

    async def update(self, dashboard: Dashboard) -> None:
        await self._session.run("update_dashboard", self._params(dashboard))

    async def delete(self, dashboard_id: DashboardId) -> None:
        await self._session.run("delete_dashboard", {"org_id": self._org_id, "id": dashboard_id})

    def _params(self, dashboard: Dashboard) -> dict[str, Any]:
        view = msgspec.json.encode(dashboard.view).decode()
        return msgspec.structs.asdict(dashboard) | {"view": view, "org_id": self._org_id}


class SqliteWidgets:
    """Implements `WidgetStore`."""

    def __init__(self, session: Session, org_id: OrgId) -> None:
        self._session = session
        self._org_id = org_id

    async def create(self, widget: Widget) -> None:
        await self._session.run("create_dashboard_widget", self._params(widget))

    async def find(self, widget_id: WidgetId) -> Widget | None:
        row = await self._session.one("find_dashboard_widget", {"org_id": self._org_id, "id": widget_id})
        return _widget(row) if row else None

    async def list(self, dashboard_id: DashboardId) -> list[Widget]:
        params = {"org_id": self._org_id, "dashboard_id": dashboard_id}
        return [_widget(row) for row in await self._session.all("list_dashboard_widgets", params)]

    async def update(self, widget: Widget) -> None:
        await self._session.run("update_dashboard_widget", self._params(widget))

    async def place(self, widget_id: WidgetId, place: Place) -> None:
        params = msgspec.structs.asdict(place) | {"org_id": self._org_id, "id": widget_id}
        await self._session.run("place_dashboard_widget", params)

    async def delete(self, widget_id: WidgetId) -> None:
        await self._session.run("delete_dashboard_widget", {"org_id": self._org_id, "id": widget_id})

    async def find_image(self, widget_id: WidgetId) -> WidgetImage | None:
        row = await self._session.one("find_dashboard_image", {"org_id": self._org_id, "widget_id": widget_id})
        return WidgetImage(**dict(row)) if row else None

    async def set_image(self, widget_id: WidgetId, image: WidgetImage, at_us: int) -> None:
        params = {"org_id": self._org_id, "widget_id": widget_id, "set_us": at_us}
        await self._session.run("set_dashboard_image", msgspec.structs.asdict(image) | params)

    async def delete_image(self, widget_id: WidgetId) -> bool:
        return await self._session.run("delete_dashboard_image", {"org_id": self._org_id, "widget_id": widget_id}) == 1

    def _params(self, widget: Widget) -> dict[str, Any]:
        options = msgspec.json.encode(widget.options).decode()
        return (
            msgspec.structs.asdict(widget) | msgspec.structs.asdict(widget.place) | {"options": options, "org_id": self._org_id}
        )


class SqliteDashboardShares:
    """Implements `DashboardShareStore`."""

    def __init__(self, session: Session, org_id: OrgId) -> None:
        self._session = session
        self._org_id = org_id

    async def create(self, share: Share, digest: bytes) -> None:
        params = msgspec.structs.asdict(share) | {
            "org_id": self._org_id,
            "digest": digest,
            "creator_kind": share.creator_kind.value,
        }
        params |= {name: msgspec.json.encode(params[name]).decode() for name in ("variables", "allow_embed")}
        await self._session.run("create_dashboard_share", params)

    async def find(self, share_id: ShareId) -> Share | None:
        row = await self._session.one("find_dashboard_share", {"org_id": self._org_id, "id": share_id})
        return _share(row) if row else None

    async def list(self, dashboard_id: DashboardId, limit: int, before_id: int) -> list[Share]:
        params = {"org_id": self._org_id, "dashboard_id": dashboard_id, "limit": limit, "before_id": before_id}
        return [_share(row) for row in await self._session.all("list_dashboard_shares", params)]

    async def count(self, dashboard_id: DashboardId) -> int:
        row = await self._session.one("count_dashboard_shares", {"org_id": self._org_id, "dashboard_id": dashboard_id})
        return int(row["total"]) if row else 0

    async def note_use(self, share_id: ShareId, now_us: int) -> None:
        await self._session.run("note_dashboard_share_use", {"org_id": self._org_id, "id": share_id, "now_us": now_us})

    async def delete(self, share_id: ShareId) -> None:
        await self._session.run("delete_dashboard_share", {"org_id": self._org_id, "id": share_id})


class SqliteSystemDashboardShares:
    """Implements `SystemDashboardShareStore`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def find_by_digest(self, digest: bytes) -> FoundShare | None:
        row = await self._session.one("find_dashboard_share_by_digest", {"digest": digest})
        return FoundShare(row["org_id"], _share(row)) if row else None


def _dashboard(row: sqlite3.Row) -> Dashboard:
    return Dashboard(**dict(row) | {"view": msgspec.json.decode(row["view"], type=View)})


def _widget(row: sqlite3.Row) -> Widget:
    found = dict(row)
    place = Place(**{name: found.pop(name) for name in Place.__struct_fields__})
    return Widget(**found | {"options": _OPTIONS.decode(row["options"]), "place": place})


def _share(row: sqlite3.Row) -> Share:
    found = {name: row[name] for name in Share.__struct_fields__}
    found |= {name: msgspec.json.decode(row[name]) for name in ("variables", "allow_embed")}
    return Share(**found | {"creator_kind": ActorKind(row["creator_kind"])})
