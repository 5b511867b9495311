"""Folders of dashboards: how deep they can be, and how many there can be."""

from __future__ import annotations

import msgspec
import pytest

from penstock.core.dashboards import folders
from penstock.core.dashboards.errors import DashboardLimitReached, FolderNotEmpty, FolderNotFound
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import FolderId
from tests.core.dashboards.kept import Kept
from tests.support.shelf import Shelf


async def test_a_folder_takes_what_is_in_it_along(shelf: Shelf) -> None:
    kept = Kept(shelf)
    top = await kept.folders.create(kept.actor, "top", None)
    other = await kept.folders.create(kept.actor, "other", None)
    low = await kept.folders.create(kept.actor, "low", top.id)
    assert (await kept.folders.update(kept.actor, top.id, "Top", other.id)).name == "Top"
    deeper = await kept.folders.create(kept.actor, "deeper", None)
    await kept.folders.create(kept.actor, "in deeper", deeper.id)
    for parent_id in (low.id, deeper.id):
        with pytest.raises(InvalidInput):
            await kept.folders.update(kept.actor, deeper.id, msgspec.UNSET, parent_id)
    with pytest.raises(FolderNotEmpty):
        await kept.folders.delete(kept.actor, other.id)
    bound = msgspec.structs.replace(kept.actor, project_id=shelf.project_id)
    for actor, folder_id in ((bound, top.id), (kept.actor, FolderId(9))):
        with pytest.raises(FolderNotFound):
            await kept.folders.get(actor, folder_id)


async def test_there_are_not_too_many(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "MAX_FOLDERS", 1)
    kept = Kept(shelf)
    await kept.folders.create(kept.actor, "one", None)
    with pytest.raises(DashboardLimitReached):
        await kept.folders.create(kept.actor, "two", None)
