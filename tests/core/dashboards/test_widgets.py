"""Widgets: inside the grid, below one another, and moved together or not at all."""

from __future__ import annotations

import pytest

from penstock.core.audit.models import AuditFilter
from penstock.core.dashboards import widgets
from penstock.core.dashboards.errors import DashboardLimitReached, WidgetImageInvalid, WidgetImageNotFound, WidgetNotFound
from penstock.core.dashboards.models import NewWidget, Place, WidgetPatch
from penstock.core.dashboards.options import ImageOptions
from penstock.core.dashboards.widgets import MAX_IMAGE_BYTES, below, check_place
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import WidgetId
from tests.core.dashboards.kept import TEXT, Kept
from tests.support.shelf import Shelf


async def test_widgets_are_arranged_together_or_not_at_all(shelf: Shelf) -> None:
    kept = Kept(shelf)
    made = await kept.board()
    one, two = [await kept.widgets.create(kept.actor, made.id, TEXT) for _ in range(2)]
    assert (one.place, two.place) == (Place(), Place(y=4))
    with pytest.raises(WidgetNotFound):
        await kept.widgets.arrange(kept.actor, made.id, {one.id: Place(y=9), WidgetId(9): Place()})
    with pytest.raises(InvalidInput):
        await kept.widgets.arrange(kept.actor, made.id, {one.id: Place(x=9)})
    assert (await kept.widgets.get(kept.actor, one.id)).place == Place()
    moved = await kept.widgets.arrange(kept.actor, made.id, {one.id: Place(y=9)})
    assert [widget.place.y for widget in moved] == [9, 4]
    assert (await kept.widgets.update(kept.actor, two.id, WidgetPatch(x=8))).place == Place(x=8, y=4)
    with pytest.raises(InvalidInput):
        await kept.widgets.update(kept.actor, two.id, WidgetPatch(w=5))
    assert (await kept.widgets.duplicate(kept.actor, two.id)).place == Place(y=13)
    await kept.widgets.delete(kept.actor, one.id)
    async with shelf.own() as tx:
        entries = await tx.audit.newest(AuditFilter(), 100)
    assert {"widget.create", "widget.update", "widget.delete", "dashboard.update"} <= {entry.action for entry in entries}


async def test_a_dashboard_has_a_limit(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(widgets, "MAX_WIDGETS", 1)
    kept = Kept(shelf)
    made = await kept.board()
    one = await kept.widgets.create(kept.actor, made.id, TEXT)
    for call in (kept.widgets.create(kept.actor, made.id, TEXT), kept.widgets.duplicate(kept.actor, one.id)):
        with pytest.raises(DashboardLimitReached):
            await call


async def test_only_image_widgets_have_images(shelf: Shelf) -> None:
    kept = Kept(shelf)
    made = await kept.board()
    text = await kept.widgets.create(kept.actor, made.id, TEXT)
    plan = await kept.widgets.create(kept.actor, made.id, NewWidget(options=ImageOptions()))
    with pytest.raises(InvalidInput):
        await kept.widgets.set_image(kept.actor, text.id, b"1")
    with pytest.raises(WidgetImageInvalid):
        await kept.widgets.set_image(kept.actor, plan.id, b"1" * (MAX_IMAGE_BYTES + 1))
    assert (await kept.widgets.set_image(kept.actor, plan.id, b"1")).image_us is not None
    await kept.widgets.delete_image(kept.actor, plan.id)
    for call in (kept.widgets.delete_image(kept.actor, plan.id), kept.widgets.image(kept.actor, plan.id)):
        with pytest.raises(WidgetImageNotFound):
            await call


def test_places() -> None:
    check_place(Place(x=8, w=4))
    with pytest.raises(InvalidInput) as raised:
        check_place(Place(x=9, w=4), "widgets[0].")
    assert raised.value.errors[0].field == "widgets[0].w"
    assert below([], (12, 1)) == Place(w=12, h=1)
