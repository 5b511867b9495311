"""Dashboards: of a project that one reaches, up to a limit, and copied with their widgets."""

from __future__ import annotations

import msgspec
import pytest

from penstock.core.actor import Actor
from penstock.core.dashboards.errors import DashboardLimitReached, DashboardNotFound
from penstock.core.dashboards.models import DashboardFilter, DashboardPatch, DashboardSort, NewDashboard, WidgetImage
from penstock.core.dashboards.service import copy_image
from penstock.core.tenancy.errors import ProjectNotFound
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import ProjectId
from tests.core.dashboards.kept import TEXT, Kept
from tests.support.shelf import Shelf


async def test_outside_of_a_project_nothing_exists(shelf: Shelf) -> None:
    kept = Kept(shelf)
    inside = msgspec.structs.replace(kept.actor, project_id=shelf.project_id)
    own, free = await kept.boards.create(inside, NewDashboard(name="Own")), await kept.board(name="Free")
    assert (own.project_id, free.project_id) == (shelf.project_id, None)
    assert (await kept.boards.get(inside, own.id)).name == "Own"
    for actor in (inside, Actor.system(shelf.other)):
        with pytest.raises(DashboardNotFound):
            await kept.boards.get(actor, free.id)
    for filters, names in ((DashboardFilter(), ["Own"]), (DashboardFilter(project_id=ProjectId(9)), [])):
        page = await kept.boards.list(inside, filters, DashboardSort.NAME, 10, None)
        assert [one.name for one in page.items] == names
    with pytest.raises(ProjectNotFound):
        await kept.boards.update(inside, own.id, DashboardPatch(project_id=ProjectId(9)))
    assert (await kept.boards.update(inside, own.id, DashboardPatch(project_id=None))).project_id == shelf.project_id


async def test_there_are_as_many_as_the_settings_allow(shelf: Shelf) -> None:
    kept = Kept(shelf)
    for _ in range(2):
        made = await kept.board()
    await kept.boards.duplicate(kept.actor, made.id, None)
    for call in (kept.board(), kept.boards.duplicate(kept.actor, made.id, "Copy")):
        with pytest.raises(DashboardLimitReached):
            await call


async def test_a_copy_has_the_images(shelf: Shelf) -> None:
    kept = Kept(shelf)
    made = await kept.board(name="n" * 200)
    widget = await kept.widgets.create(kept.actor, made.id, TEXT)
    async with shelf.own() as tx:
        await tx.widgets.set_image(widget.id, WidgetImage("image/png", b"1", 1, 1), 5)
    copy = await kept.boards.duplicate(kept.actor, made.id, None)
    assert (len(copy.name), copy.name[-7:], copy.widget_count) == (200, " (copy)", 1)
    (copied,) = await kept.widgets.list(kept.actor, copy.id)
    assert (await kept.widgets.image(kept.actor, copied.id)).content == b"1"
    async with shelf.own() as tx:
        await copy_image(tx, widget, copied, 6)  # of a widget that had none when it was read
    assert copied.image_us is not None


async def test_a_cursor_belongs_to_its_order(shelf: Shelf) -> None:
    kept = Kept(shelf)
    for name in ("a", "b"):
        await kept.board(name=name)
    page = await kept.boards.list(kept.actor, DashboardFilter(), DashboardSort.NAME, 1, None)
    with pytest.raises(InvalidInput):
        await kept.boards.list(kept.actor, DashboardFilter(), DashboardSort.UPDATED, 1, page.next_cursor)
