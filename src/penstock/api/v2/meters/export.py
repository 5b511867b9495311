"""The consumption of meters as rows of a file."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from decimal import Decimal
from fractions import Fraction

from penstock.api.v2.meters.translate import method_of, ratio_of
from penstock.core.meters.models import BucketAmount, Consumption, MeterOf
from penstock.core.meters.units import in_unit
from penstock.kit.clock import format_time
from penstock.kit.ids import Prefix, encode

OF_METER = ["device_id", "name", "role", "register", "kind", "unit"]
HEADER = [*OF_METER, "start", "end", "consumption", "not_measured", "quality", "method", "missing_days", "suspects"]


class Figure(Decimal):
    """A number that is written with its digits, never with an exponent. Not a string, which a minus would make a formula."""

    def __str__(self) -> str:
        return f"{self:f}"


async def lines(
    first: list[tuple[MeterOf, Consumption]] | None, rest: AsyncIterator[list[tuple[MeterOf, Consumption]]]
) -> AsyncIterator[list[list[object]]]:
    yield _cells(first or [])
    async for batch in rest:
        yield _cells(batch)


def _cells(batch: Iterable[tuple[MeterOf, Consumption]]) -> list[list[object]]:
    return [[*_cells_of_meter(of), *_cells_of(one, ratio_of(of))] for of, found in batch for one in found.buckets]


def _cells_of_meter(of: MeterOf) -> list[object]:
    return [encode(Prefix.DEVICE, of.device_id), of.name, of.role.value, of.register.name, of.kind.value, of.unit]


def _cells_of(one: BucketAmount, unit: Fraction) -> list[object]:
    return [
        format_time(one.start_us),
        format_time(one.end_us),
        None if one.amount is None else Figure(in_unit(one.amount, unit)),
        Figure(in_unit(one.not_measured, unit)),
        one.worst.value,
        method_of(one),
        one.missing_days,
        one.suspects,
    ]
