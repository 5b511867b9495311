"""The consumption of meters as rows of a file."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable

from penstock.api.v2.meters import wire
from penstock.api.v2.meters.translate import from_core_amounts
from penstock.core.meters.models import (
    Consumption,
    MeterOf,
)
from penstock.kit.ids import Prefix, encode

HEADER = ["device_id", "name", "role", "unit", "start", "end", "consumption", "not_measured", "quality", "missing_days"]


async def lines(
    first: list[tuple[MeterOf, Consumption]] | None, rest: AsyncIterator[list[tuple[MeterOf, Consumption]]]
) -> AsyncIterator[list[list[object]]]:
    yield _cells(first or [])
    async for batch in rest:
        yield _cells(batch)


def _cells(batch: Iterable[tuple[MeterOf, Consumption]]) -> list[list[object]]:
    return [
        [encode(Prefix.DEVICE, of.device_id), of.name, of.role.value, of.unit, *_cells_of(one)]
        for of, found in batch
        for one in from_core_amounts(found.buckets)
    ]


def _cells_of(one: wire.Amount) -> list[object]:
    return [one.start, one.end, one.consumption, one.not_measured, one.quality, one.missing_days]
