"""Documents of dashboards: checked before anything is stored."""

from __future__ import annotations

import pytest

from penstock.core.dashboards import transfers
from penstock.core.dashboards.models import DashboardFilter, DashboardSort, Draft, NewDashboard, NewWidget, Place
from penstock.core.dashboards.options import Source, StatusGridOptions
from penstock.core.dashboards.transfers import TransferService
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import Prefix, encode
from tests.core.dashboards.kept import TEXT, Kept
from tests.support.shelf import Shelf


def grid(*ids: str) -> NewWidget:
    return NewWidget(options=StatusGridOptions(source=Source(device_ids=list(ids))))


async def test_missing_devices_are_listed_once(shelf: Shelf) -> None:
    kept = Kept(shelf)
    service = TransferService(database=shelf.database, dashboards=kept.boards)
    here, gone = encode(Prefix.DEVICE, (await kept.device(7)).id), "dev_0000000000009"
    made, missing = await service.load(
        kept.actor, Draft(new=NewDashboard(name="B"), widgets=[grid(here, gone), grid(gone), TEXT])
    )
    assert (missing, made.widget_count) == ([gone], 3)
    dashboard, widgets = await service.export(kept.actor, made.id)
    assert (dashboard.name, [one.place.y for one in widgets]) == ("B", [0, 4, 8])


async def test_a_wrong_document_stores_nothing(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transfers, "MAX_WIDGETS", 2)
    kept = Kept(shelf)
    service = TransferService(database=shelf.database, dashboards=kept.boards)
    outside = NewWidget(options=TEXT.options, place=Place(x=9))
    wrong = {
        "document.widgets[1].options.source": [TEXT, grid()],
        "document.widgets[0].options.source.device_ids[0]": [grid("office")],
        "document.widgets[0].w": [outside],
        "document.widgets": [TEXT] * 3,
    }
    for field, widgets in wrong.items():
        with pytest.raises(InvalidInput) as raised:
            await service.load(kept.actor, Draft(new=NewDashboard(name="B"), widgets=widgets))
        assert raised.value.errors[0].field == field
    assert (await kept.boards.list(kept.actor, DashboardFilter(), DashboardSort.NAME, 10, None)).items == []
