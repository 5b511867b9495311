"""Lists of values: pages that lose and repeat nothing, and bounded work for a customer's."""

from __future__ import annotations

from pathlib import Path

import pytest

from penstock.core.meters import validated
from penstock.core.meters.values import Reason, Status
from penstock.core.telemetry.models import TimeRange
from penstock.kit.clock import DAY_US, HOUR_US
from penstock.kit.errors import InvalidInput
from tests.core.meters.sites import add_customer, add_meter, place
from tests.support.commands import open_site
from tests.support.days import NOON_US

SPAN = TimeRange(from_us=NOON_US, to_us=NOON_US + 100 * DAY_US)
ONE_TIME = [(NOON_US, 1.0), (NOON_US, 1.5), (NOON_US, 1.25), (NOON_US + HOUR_US, 1.5), (NOON_US + 70 * DAY_US, 9)]


async def test_values_of_one_time_are_each_on_one_page(tmp_path: Path) -> None:
    async with open_site(tmp_path, run_workers=False) as site:
        meter, values = await add_meter(site, ONE_TIME), site.server.parts.meters.values

        async def pages(limit: int, status: Status | None = None) -> list[tuple[int, Status]]:
            found: list[tuple[int, Status]] = []
            cursor = None
            while True:
                page, cursor = await values.of_device(site.actor, meter, None, SPAN, status, limit, cursor)
                assert len(page.values) <= limit
                found += [(value.time_us, value.status) for value in page.values]
                if cursor is None:
                    return found

        whole = await pages(10)
        assert [time_us for time_us, _ in whole] == [time_us for time_us, _ in ONE_TIME]
        assert [status for _, status in whole].count(Status.SUSPECT) == 2
        for limit in (1, 2, 3):
            assert await pages(limit) == whole
            assert await pages(limit, Status.SUSPECT) == [one for one in whole if one[1] is Status.SUSPECT]
        wide = TimeRange(from_us=0, to_us=NOON_US)
        with pytest.raises(InvalidInput, match="1100 days"):
            await values.of_device(site.actor, meter, None, wide, None, 10, None)


async def test_a_customer_s_list_is_searched_in_bounded_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("penstock.core.meters.finding.BATCH", 2)
    monkeypatch.setattr(validated, "MAX_BATCHES", 2)
    monkeypatch.setattr(validated, "SHOWN", 3)
    async with open_site(tmp_path, run_workers=False) as site:
        house, values = await add_customer(site), site.server.parts.meters.values
        clean = [(NOON_US, 1), (NOON_US + HOUR_US, 2)]
        spiked = [*clean, *((NOON_US + (2 + number) * HOUR_US, (-1, 2)[number % 2]) for number in range(8))]
        meters = [await add_meter(site, rows) for rows in (clean, clean, clean, clean, clean, spiked, spiked, clean)]
        for meter in meters:
            await place(site, meter, house)
        empty = await values.of_customer(site.actor, house, SPAN, Status.SUSPECT, 10, None)
        assert (empty.items, empty.next_cursor is None) == ([], False), "four meters were searched"
        rest = await values.of_customer(site.actor, house, SPAN, Status.SUSPECT, 10, empty.next_cursor)
        assert [(one.of.device_id, len(one.values), one.has_more) for one in rest.items] == [
            (meters[5], 3, True),
            (meters[6], 3, True),
        ]
        assert {value.reason for one in rest.items for value in one.values} == {Reason.NEGATIVE}
        first = await values.of_customer(site.actor, house, SPAN, Status.SUSPECT, 1, empty.next_cursor)
        second = await values.of_customer(site.actor, house, SPAN, Status.SUSPECT, 1, first.next_cursor)
        assert [one.of.device_id for one in [*first.items, *second.items]] == meters[5:7]
        assert (
            second.next_cursor is None
            or (await values.of_customer(site.actor, house, SPAN, Status.SUSPECT, 1, second.next_cursor)).items == []
        )
