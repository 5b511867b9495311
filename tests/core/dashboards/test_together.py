"""All widgets of a dashboard in one call."""

from __future__ import annotations

import msgspec
import pytest

from penstock.core.actor import Actor, ActorKind
from penstock.core.dashboards.errors import DashboardNotFound
from penstock.core.dashboards.models import NewWidget
from penstock.core.dashboards.options import GaugeOptions, Source, StatusGridOptions
from penstock.core.dashboards.together import DashboardDataService
from penstock.kit.errors import Kind, PenstockError
from penstock.kit.ids import DashboardId, Prefix, encode
from tests.core.dashboards.kept import TEXT, Kept
from tests.core.dashboards.readings import Readings
from tests.core.dashboards.test_data import REQUESTED, service
from tests.support.shelf import Shelf


class DiskFull(PenstockError):
    kind, code, message, of_server = Kind.UNAVAILABLE, "tests.disk_full", "the disk is full", True


async def test_a_widget_that_cannot_be_read_says_so_and_the_others_are_shown(shelf: Shelf) -> None:
    kept = Kept(shelf)
    board, source = await kept.board(), Source(device_id=encode(Prefix.DEVICE, (await kept.device(1)).id))
    gauge = await kept.widgets.create(kept.actor, board.id, NewWidget(options=GaugeOptions(source=source, field="t")))
    await kept.widgets.create(kept.actor, board.id, TEXT)
    grid = await kept.widgets.create(kept.actor, board.id, NewWidget(options=StatusGridOptions(source=source)))
    together = DashboardDataService(shelf.database, service(kept, Readings((1, {"t": 5}))))
    scopes = frozenset({"dashboards:read", "telemetry:read"})
    actor = Actor(org_id=shelf.acme, kind=ActorKind.KEY, id=1, scopes=scopes)
    first, second = await together.of_dashboard(actor, board.id, (), REQUESTED)
    assert (first.widget_id, first.data and first.data.values[0].value, first.fault) == (gauge.id, 5, None)
    assert (second.widget_id, second.data, second.fault and second.fault.code) == (grid.id, None, "auth.scope_missing")
    (only,) = await together.of_dashboard(actor, board.id, {grid.id, gauge.id + 999}, REQUESTED)
    assert only == second
    with pytest.raises(DashboardNotFound):
        await together.of_dashboard(actor, DashboardId(1), (), REQUESTED)


async def test_a_fault_of_the_server_is_not_one_of_a_widget(shelf: Shelf) -> None:
    kept = Kept(shelf)
    board, source = await kept.board(), Source(device_id=encode(Prefix.DEVICE, (await kept.device(1)).id))
    await kept.widgets.create(kept.actor, board.id, NewWidget(options=GaugeOptions(source=source, field="t")))

    class Full:
        async def of_options(self, *_: object) -> None:
            raise DiskFull()

    together = DashboardDataService(shelf.database, Full())  # type: ignore[arg-type]
    with pytest.raises(DiskFull):
        await together.of_dashboard(kept.actor, board.id, (), msgspec.structs.replace(REQUESTED))
