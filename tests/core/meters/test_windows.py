"""What part of the past a query of meters covers."""

from __future__ import annotations

from pathlib import Path

import pytest

from penstock.core.meters.windows import ConsumptionQuery, Windows
from penstock.core.telemetry.models import TimeRange
from penstock.kit.clock import DAY_US, HOUR_US, SystemClock
from penstock.kit.errors import InvalidInput
from tests.support.commands import open_site
from tests.support.days import NOON_US

MIDNIGHT_US = NOON_US - 12 * HOUR_US


async def test_buckets_are_whole_and_days_those_of_the_zone(tmp_path: Path) -> None:
    async with open_site(tmp_path, run_workers=False) as site:
        windows = Windows(site.server.telemetry, SystemClock())
        span = TimeRange(from_us=NOON_US, to_us=NOON_US + DAY_US)
        window, scope = await windows.of(site.actor, ConsumptionQuery(range=span), "Europe/Berlin")
        assert (window.days[0], window.days[-1]) == (MIDNIGHT_US - 2 * HOUR_US, MIDNIGHT_US + 2 * DAY_US - 2 * HOUR_US)
        assert (scope.timezone, scope.range.requested, window.estimate) == ("Europe/Berlin", span, True)
        wider, _ = await windows.of(site.actor, ConsumptionQuery(range=span, timezone="UTC"), "Europe/Berlin", days_before=3)
        assert (wider.days[wider.first], wider.days[wider.last]) == (MIDNIGHT_US, MIDNIGHT_US + 2 * DAY_US)
        assert wider.days[0] == MIDNIGHT_US - 3 * DAY_US
        for query, field in (
            (ConsumptionQuery(range=span, bucket="hour"), "bucket"),
            (ConsumptionQuery(range=span, timezone="Mars"), "timezone"),
            (ConsumptionQuery(range=TimeRange(from_us=NOON_US, to_us=NOON_US + 1101 * DAY_US)), "from"),
        ):
            with pytest.raises(InvalidInput) as raised:
                await windows.of(site.actor, query, "UTC")
            assert raised.value.errors[0].field == field


async def test_an_exact_window_has_the_days_of_a_period_and_no_estimates(tmp_path: Path) -> None:
    async with open_site(tmp_path, run_workers=False) as site:
        windows = Windows(site.server.telemetry, SystemClock())
        window = windows.exact(NOON_US, NOON_US + 1, kept_from_us=5)
        assert (window.days, window.estimate, window.kept_from_us) == ([MIDNIGHT_US, MIDNIGHT_US + DAY_US], False, 5)
        berlin = windows.exact(MIDNIGHT_US - 2 * HOUR_US, MIDNIGHT_US + 22 * HOUR_US, "Europe/Berlin")
        assert berlin.days == [MIDNIGHT_US - 2 * HOUR_US, MIDNIGHT_US + 22 * HOUR_US]
