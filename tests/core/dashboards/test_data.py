"""What widgets show, and the scopes of what they read."""

from __future__ import annotations

from typing import cast
from zoneinfo import ZoneInfo

import pytest

from penstock.core.actor import Actor, ActorKind, ScopeMissing
from penstock.core.dashboards.data import WidgetDataService
from penstock.core.dashboards.errors import VariableNotFound
from penstock.core.dashboards.options import (
    ChartOptions,
    ChartSeries,
    GaugeOptions,
    MapOptions,
    Source,
    StatusGridOptions,
    TableOptions,
    TextOptions,
    WidgetOptions,
)
from penstock.core.dashboards.sources import Requested
from penstock.core.dashboards.states import StateReader
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import Prefix, encode
from tests.core.dashboards.kept import Kept
from tests.core.dashboards.readings import Readings
from tests.support.shelf import Shelf

REQUESTED = Requested(zone=ZoneInfo("UTC"))


def service(kept: Kept, readings: Readings) -> WidgetDataService:
    states = cast(StateReader, None)
    return WidgetDataService(database=kept.shelf.database, telemetry=readings.service, states=states, clock=kept.clock)


async def test_lines_and_rows(shelf: Shelf) -> None:
    kept = Kept(shelf)
    source = Source(device_ids=[encode(Prefix.DEVICE, (await kept.device(number, f"M{number}")).id) for number in (1, 2)])
    data = service(kept, Readings((1, {"t": 1}), (2, {"u": 2}), (3, {"t": 3})))
    series = [ChartSeries(source=source, field="t", label="Heat"), ChartSeries(source=Source(device_id="dev_9"), field="u")] * 10
    chart = await data.of_options(kept.actor, ChartOptions(series=series), None, REQUESTED)
    assert ([one.label for one in chart.series[:3]], len(chart.series), chart.truncated) == (
        ["M1 · Heat", "M2 · Heat", "u"],
        20,
        True,
    )
    assert (chart.bucket, chart.range.to_us - chart.range.from_us) == ("5m", 24 * 3600 * 1_000_000)
    table = TableOptions(source=source, fields=["t", "v"])
    latest = await data.of_options(kept.actor, table, None, REQUESTED)
    assert [(row.time_us, row.values) for row in latest.rows] == [(3, {"t": 3, "v": None}), (None, {"t": None, "v": None})]
    readings = TableOptions(source=source, fields=["t"], show="readings", rows=2)
    rows = (await data.of_options(kept.actor, readings, None, REQUESTED)).rows
    assert [(row.time_us, row.of.missing) for row in rows] == [(3, False), (1, False)]


async def test_scopes(shelf: Shelf) -> None:
    kept = Kept(shelf)
    data, source = service(kept, Readings()), Source(device_id="dev_9")
    requested: list[tuple[WidgetOptions, set[str]]] = [
        (GaugeOptions(source=source, field="t"), {"devices:read"}),
        (StatusGridOptions(source=source), {"telemetry:read"}),
        (MapOptions(source=source, field="t"), {"devices:read"}),
    ]
    for options, scopes in requested:
        actor = Actor(org_id=shelf.acme, kind=ActorKind.KEY, id=1, scopes=frozenset(scopes))
        with pytest.raises(ScopeMissing):
            await data.of_options(actor, options, None, REQUESTED)
    bare = Actor(org_id=shelf.acme, kind=ActorKind.KEY, id=1)
    assert (await data.of_options(bare, TextOptions(text="x"), None, REQUESTED)).values == []


async def test_unknown_variables_and_wrong_previews_are_named(shelf: Shelf) -> None:
    kept = Kept(shelf)
    made, data = await kept.board(), service(kept, Readings())
    with pytest.raises(VariableNotFound):
        await data.options_of(kept.actor, made.id, "room")
    with pytest.raises(InvalidInput):
        await data.preview(kept.actor, StatusGridOptions(source=Source()), made.id, REQUESTED)
    with pytest.raises(InvalidInput) as malformed:
        await data.preview(kept.actor, StatusGridOptions(source=Source(device_ids=["dev_xyz"])), made.id, REQUESTED)
    assert malformed.value.errors[0].field == "options.source.device_ids[0]"
    assert (await data.preview(kept.actor, TextOptions(text="x"), made.id, REQUESTED)).type == "text"
