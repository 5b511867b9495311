"""Use cases on folders of dashboards, in CRUD order."""

from __future__ import annotations

import msgspec
from msgspec import UNSET, UnsetType

from penstock.core.actor import Actor
from penstock.core.audit.models import Target
from penstock.core.dashboards.access import DashboardNotes, get_folder
from penstock.core.dashboards.errors import DashboardLimitReached, FolderNotEmpty
from penstock.core.dashboards.models import MAX_DEPTH, MAX_FOLDERS, Folder
from penstock.core.dashboards.store import DashboardTransaction
from penstock.core.database import OrganizationDatabase
from penstock.kit.clock import Clock
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import FolderId, IdSource, Prefix, encode
from penstock.kit.paging import Page, decode_cursor, page_of


class FolderService:
    """Folders of dashboards."""

    def __init__(
        self, *, database: OrganizationDatabase[DashboardTransaction], notes: DashboardNotes, ids: IdSource, clock: Clock
    ) -> None:
        self._database = database
        self._notes = notes
        self._ids = ids
        self._clock = clock

    async def create(self, actor: Actor, name: str, parent_id: FolderId | None) -> Folder:
        """Create a folder, in another one or at the top.

        Raises:
            FolderNotFound, DashboardLimitReached, InvalidInput: it would be too deep.
        """
        now_us = self._clock.now_us()
        async with self._database.transaction(actor.org_id) as tx:
            every = await tx.dashboards.list_folders(MAX_FOLDERS, -1)
            if len(every) >= MAX_FOLDERS:
                raise DashboardLimitReached(limit=MAX_FOLDERS, what="folders")
            if parent_id is not None:
                await get_folder(tx, actor, parent_id)
                _check_depth(every, parent_id, 1)
            made = Folder(id=self._ids.next(FolderId), name=name, parent_id=parent_id, created_us=now_us, updated_us=now_us)
            await tx.dashboards.create_folder(made)
            await self._notes.audit(tx, actor, "dashboard_folder.create", _target(made))
        return made

    async def get(self, actor: Actor, folder_id: FolderId) -> Folder:
        """Return a folder.

        Raises:
            FolderNotFound.
        """
        async with self._database.snapshot(actor.org_id) as tx:
            return await get_folder(tx, actor, folder_id)

    async def list(self, actor: Actor, limit: int, cursor: str | None) -> Page[Folder]:
        """Return a page of folders, oldest first."""
        after = decode_cursor(cursor, tuple[int])
        async with self._database.snapshot(actor.org_id) as tx:
            found = await tx.dashboards.list_folders(limit + 1, after[0] if after else -1)
        return page_of(found, limit, lambda one: (one.id,))

    async def update(
        self, actor: Actor, folder_id: FolderId, name: str | UnsetType, parent_id: FolderId | UnsetType | None
    ) -> Folder:
        """Rename or move a folder.

        Raises:
            FolderNotFound, InvalidInput: it would be in itself, or too deep.
        """
        async with self._database.transaction(actor.org_id) as tx:
            folder = await get_folder(tx, actor, folder_id)
            changed = msgspec.structs.replace(folder, updated_us=self._clock.now_us())
            if name is not UNSET:
                changed = msgspec.structs.replace(changed, name=name)
            if parent_id is not UNSET:
                await _check_move(tx, actor, folder, parent_id)
                changed = msgspec.structs.replace(changed, parent_id=parent_id)
            await tx.dashboards.update_folder(changed)
            await self._notes.audit(tx, actor, "dashboard_folder.update", _target(changed))
        return changed

    async def delete(self, actor: Actor, folder_id: FolderId) -> None:
        """Delete an empty folder.

        Raises:
            FolderNotFound, FolderNotEmpty.
        """
        async with self._database.transaction(actor.org_id) as tx:
            folder = await get_folder(tx, actor, folder_id)
            folders, dashboards = await tx.dashboards.contents(folder_id)
            if folders or dashboards:
                shown = encode(Prefix.DASHBOARD_FOLDER, folder_id)
                raise FolderNotEmpty(folder_id=shown, folders=folders, dashboards=dashboards)
            await tx.dashboards.delete_folder(folder_id)
            await self._notes.audit(tx, actor, "dashboard_folder.delete", _target(folder))


async def _check_move(tx: DashboardTransaction, actor: Actor, folder: Folder, parent_id: FolderId | None) -> None:
    if parent_id is None:
        return
    await get_folder(tx, actor, parent_id)
    every = await tx.dashboards.list_folders(MAX_FOLDERS, -1)
    if folder.id in _above(every, parent_id):
        raise InvalidInput.field("parent_id", "must not be the folder itself or a folder in it")
    _check_depth(every, parent_id, _height(every, folder.id))


def _check_depth(every: list[Folder], parent_id: FolderId, height: int) -> None:
    if len(_above(every, parent_id)) + height > MAX_DEPTH:
        raise InvalidInput.field("parent_id", f"folders can be at most {MAX_DEPTH} deep")


def _above(every: list[Folder], folder_id: FolderId) -> list[FolderId]:
    """A folder and those that it is in."""
    parents, found = {one.id: one.parent_id for one in every}, []
    at: FolderId | None = folder_id
    while at is not None and at not in found:
        found.append(at)
        at = parents.get(at)
    return found


def _height(every: list[Folder], folder_id: FolderId) -> int:
    """How many levels a folder has, itself included."""
    return 1 + max((_height(every, one.id) for one in every if one.parent_id == folder_id), default=0)


def _target(folder: Folder) -> Target:
    return Target("dashboard_folder", encode(Prefix.DASHBOARD_FOLDER, folder.id), folder.name)
