"""Dashboards, widgets and share links as rows: in their orders, beside another organisation, and deleted together."""

from __future__ import annotations

from penstock.core.dashboards.models import (
    Dashboard,
    DashboardFilter,
    DashboardSort,
    Folder,
    Place,
    Variable,
    View,
    Widget,
    WidgetImage,
)
from penstock.core.dashboards.options import GaugeOptions, Source, TextOptions
from penstock.kit.ids import DashboardId, FolderId, WidgetId
from tests.support.shelf import Shelf


def dashboard(number: int, name: str, updated_us: int, folder_id: FolderId | None = None) -> Dashboard:
    view = View(range=None, from_us=1, to_us=2, variables=[Variable(name="room", kind="device")])
    return Dashboard(
        id=DashboardId(number),
        name=name,
        description="",
        folder_id=folder_id,
        project_id=None,
        view=view,
        created_us=1,
        updated_us=updated_us,
    )


def widget(number: int, dashboard_id: int) -> Widget:
    options = GaugeOptions(source=Source(labels={"a": "b"}), field="t") if number % 2 else TextOptions(text="x")
    return Widget(
        id=WidgetId(number),
        dashboard_id=DashboardId(dashboard_id),
        title="W",
        options=options,
        place=Place(x=1, y=2, w=3, h=4),
        created_us=1,
        updated_us=1,
    )


async def test_lists_have_orders_and_filters(shelf: Shelf) -> None:
    folder = Folder(id=FolderId(1), name="F", parent_id=None, created_us=1, updated_us=1)
    boards = [dashboard(1, "b", 5), dashboard(2, "A", 5, folder.id), dashboard(3, "c_d", 7)]
    async with shelf.own() as tx:
        await tx.dashboards.create_folder(folder)
        for one in boards:
            await tx.dashboards.create(one)

        async def listed(sort: DashboardSort, after: tuple[int | str, int] | None = None, **about: object) -> list[int]:
            filters = DashboardFilter(**about)  # type: ignore[arg-type]
            return [one.id for one in await tx.dashboards.list(filters, sort, 9, after)]

        assert await listed(DashboardSort.NAME) == [2, 1, 3]
        assert await listed(DashboardSort.NAME, ("a", 2)) == [1, 3]
        assert await listed(DashboardSort.UPDATED) == [3, 2, 1]
        assert await listed(DashboardSort.UPDATED, (5, 2)) == [1]
        assert await listed(DashboardSort.NAME, text="_") == [3]
        assert await listed(DashboardSort.NAME, folder_id=folder.id) == [2]
        assert (await tx.dashboards.contents(folder.id), await tx.dashboards.count()) == ((0, 1), 3)
        assert await tx.dashboards.find(DashboardId(1)) == boards[0]
    async with shelf.strange() as tx:
        assert (await tx.dashboards.count(), await tx.dashboards.contents(folder.id)) == (0, (0, 0))
        assert (await tx.dashboards.find(DashboardId(1)), await tx.dashboards.find_folder(folder.id)) == (None, None)
        assert await tx.dashboards.list_folders(9, -1) == []
        await tx.dashboards.update(dashboard(1, "theirs", 9))
        await tx.dashboards.update_folder(Folder(id=folder.id, name="theirs", parent_id=None, created_us=1, updated_us=9))
        await tx.dashboards.delete_folder(folder.id)
        await tx.dashboards.delete(DashboardId(1))
    async with shelf.own() as tx:
        assert (await tx.dashboards.find(DashboardId(1)), await tx.dashboards.find_folder(folder.id)) == (boards[0], folder)


async def test_widgets_go_with_their_dashboard_and_images_with_their_widget(shelf: Shelf) -> None:
    image = WidgetImage("image/png", b"1", 2, 3)
    async with shelf.own() as tx:
        await tx.dashboards.create(dashboard(1, "b", 5))
        for number in (1, 2):
            await tx.widgets.create(widget(number, 1))
        await tx.widgets.set_image(WidgetId(1), image, 8)
        assert [one.image_us for one in await tx.widgets.list(DashboardId(1))] == [8, None]
        found = await tx.widgets.find(WidgetId(2))
        assert found == widget(2, 1)
    async with shelf.strange() as tx:
        assert (await tx.widgets.find(WidgetId(1)), await tx.widgets.find_image(WidgetId(1))) == (None, None)
        assert (await tx.widgets.list(DashboardId(1)), await tx.widgets.delete_image(WidgetId(1))) == ([], False)
        await tx.widgets.place(WidgetId(1), Place())
        await tx.widgets.update(widget(2, 1))
        await tx.widgets.set_image(WidgetId(1), WidgetImage("image/png", b"theirs", 2, 3), 9)
        await tx.widgets.delete(WidgetId(1))
    async with shelf.own() as tx:
        assert (await tx.widgets.find_image(WidgetId(1)), (await tx.widgets.list(DashboardId(1)))[0].place.x) == (image, 1)
        await tx.dashboards.delete(DashboardId(1))
        assert (await tx.widgets.find(WidgetId(1)), await tx.widgets.find_image(WidgetId(1))) == (None, None)
