"""Folders of dashboards over the native API."""

from __future__ import annotations

from typing import Any

from penstock.api.shared.call import Call
from penstock.api.shared.decoding import path_id
from penstock.api.shared.routes import Routes
from penstock.api.v2.dashboards import wire
from penstock.api.v2.dashboards.examples import FOLDER, FOLDER_PATH
from penstock.api.v2.dashboards.translate import folder_id_in, from_core_folder
from penstock.api.v2.wire import ListOf, Page
from penstock.core.dashboards.folders import FolderService
from penstock.kit.fields import converted
from penstock.kit.ids import FolderId, Prefix
from penstock.kit.operation import Example

READ, WRITE = "dashboards:read", "dashboards:write"


class FolderEndpoints:
    """Create, read, change and delete folders."""

    routes = Routes("/api/v2/dashboard-folders", surface="v2", tag="Dashboards")

    def __init__(self, folders: FolderService) -> None:
        self._folders = folders

    @routes.get(scope=READ, example=Example(answer={"data": [FOLDER], "next_cursor": None}))
    async def list(self, call: Call[Page, None]) -> ListOf[wire.Folder]:
        """List the folders of dashboards.

        Oldest first, of all levels.
        """
        page = await self._folders.list(call.actor, call.query.limit, call.query.cursor)
        return ListOf([from_core_folder(one) for one in page.items], page.next_cursor)

    @routes.post(scope=WRITE, status=201, refuses=(429,), example=Example(body={"name": "Buildings"}, answer=FOLDER))
    async def create(self, call: Call[None, wire.FolderCreate]) -> wire.Folder:
        """Create a folder of dashboards."""
        parent_id = converted(call.body.parent_id, lambda text: folder_id_in(text, "parent_id"))
        return from_core_folder(await self._folders.create(call.actor, call.body.name, parent_id))

    @routes.get("/{folder_id}", scope=READ, example=Example(path=FOLDER_PATH, answer=FOLDER))
    async def get(self, call: Call[None, None]) -> wire.Folder:
        """Get a folder of dashboards."""
        return from_core_folder(await self._folders.get(call.actor, _folder_id(call)))

    @routes.patch("/{folder_id}", scope=WRITE, example=Example(path=FOLDER_PATH, body={"name": "Buildings"}, answer=FOLDER))
    async def update(self, call: Call[None, wire.FolderPatch]) -> wire.Folder:
        """Rename or move a folder of dashboards."""
        parent_id = converted(call.body.parent_id, lambda text: folder_id_in(text, "parent_id"))
        return from_core_folder(await self._folders.update(call.actor, _folder_id(call), call.body.name, parent_id))

    @routes.delete("/{folder_id}", scope=WRITE, status=204, refuses=(409,), example=Example(path=FOLDER_PATH))
    async def delete(self, call: Call[None, None]) -> None:
        """Delete an empty folder of dashboards."""
        await self._folders.delete(call.actor, _folder_id(call))


def _folder_id(call: Call[Any, Any]) -> FolderId:
    return path_id(Prefix.DASHBOARD_FOLDER, call.path["folder_id"])
