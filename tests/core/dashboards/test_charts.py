"""Lines of charts: readings while they are few, and else buckets."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from penstock.core.dashboards import charts
from penstock.core.dashboards.charts import RAW_US, drawn
from penstock.core.dashboards.options import ChartOptions, ChartSeries, Source
from penstock.core.dashboards.shown import Shown, ShownLine
from penstock.core.dashboards.sources import Viewing
from penstock.core.telemetry.models import TimeRange
from tests.core.dashboards.kept import Kept
from tests.core.dashboards.readings import ACTOR, Readings, nobody
from tests.support.shelf import Shelf

SOURCE = Source(device_id="dev_1")


def viewing(length_us: int = RAW_US) -> Viewing:
    return Viewing(range=TimeRange(from_us=0, to_us=length_us), zone=ZoneInfo("UTC"))


def options(function: str = "avg", bucket: str = "auto") -> ChartOptions:
    return ChartOptions(series=[ChartSeries(source=SOURCE, field="t", function=function)], bucket=bucket)  # type: ignore[arg-type]


def line(of: Shown, field: str = "t", function: str = "avg") -> ShownLine:
    return ShownLine(of=of, field=field, function=function, label="", unit="", color="", axis="left")


async def test_few_readings_are_shown_as_they_are(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    of = Shown(device_id="dev_1", device=await Kept(shelf).device(1))
    gone = Shown(device_id="dev_2", device=await Kept(shelf).device(2))
    kept = Readings((1, {"t": 1}), (2, {"u": True}), (3, {"t": 3}))
    lines = [line(of), line(of, "u"), line(gone), line(nobody())]
    found, bucket = await drawn(kept.service, ACTOR, options(), lines, viewing())
    assert (bucket, [one.points for one in found]) == (None, [[(1, 1), (3, 3)], [(2, True)], [], []])
    for wanted, length_us, name in (
        (options("sum"), RAW_US, "10s"),
        (options(), RAW_US * 24, "5m"),
        (options(bucket="15m"), RAW_US, "15m"),
    ):
        found, bucket = await drawn(kept.service, ACTOR, wanted, lines, viewing(length_us))
        assert (bucket, [one.points for one in found]) == (name, [[(10, 7)], [], [], []])
    monkeypatch.setattr(charts, "MAX_POINTS", 2)
    _, bucket = await drawn(kept.service, ACTOR, options(), lines, viewing())
    assert bucket is not None
