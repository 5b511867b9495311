"""Series of meters for tests: registers, readings and windows, and a log that they are read from."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import numpy as np

from penstock.core.meters.counters import column_of
from penstock.core.meters.models import ALWAYS, Day, MeterOf, Span
from penstock.core.meters.rows import Timed, raw_of
from penstock.core.meters.series import MeterDays, MeterReader, Window
from penstock.core.meters.values import Edit, EditKind
from penstock.core.meters.vee import Chain, validate
from penstock.core.registers.models import NANO, Checks, Estimation, Register, RegisterKind, Source
from penstock.core.telemetry.buckets import Bucket, Unit, edges
from penstock.core.telemetry.models import Reading
from penstock.kit.clock import HOUR_US
from penstock.kit.ids import DeviceId
from tests.support.days import HeldClock, open_log

BERLIN = ZoneInfo("Europe/Berlin")
DAY = Bucket(unit=Unit.DAY)
FIELD = "count"


def at(text: str) -> int:
    """A local time in Berlin."""
    return int(datetime.fromisoformat(text).replace(tzinfo=BERLIN).timestamp()) * 1_000_000


START = at("2026-05-01T00:00")


def register(
    *,
    unit: str = "m3",
    kind: RegisterKind = RegisterKind.VOLUME,
    top: str | None = None,
    flow: str | None = None,
    noise: str | None = None,
    estimation: Estimation = Estimation.LINEAR,
    span: tuple[int, int | None] = (0, None),
    ends: tuple[str | None, str | None] = (None, None),
) -> Register:
    """A version of a register with one source."""
    checks = Checks(
        max_flow=None if flow is None else Decimal(flow), noise=None if noise is None else Decimal(noise), estimation=estimation
    )
    return Register(
        name=kind.value,
        kind=kind,
        sources=(Source(field=FIELD, unit=unit),),
        unit=unit,
        rolls_over_at=None if top is None else Decimal(top),
        checks=checks,
        from_us=span[0],
        to_us=span[1],
        first_value=None if ends[0] is None else Decimal(ends[0]),
        last_value=None if ends[1] is None else Decimal(ends[1]),
    )


def edit(kind: EditKind, time_us: int, value: float | None = None, number: int = 1) -> Edit:
    """An edit, its value in base units."""
    counter = None if value is None else round(value * NANO)
    device = DeviceId(1)
    return Edit(
        id=number,
        device_id=device,
        register="volume",
        kind=kind,
        time_us=time_us,
        counter=counter,
        reason="",
        author="",
        created_us=0,
    )


Values = Iterable[tuple[int, object]]


def hourly(values: Iterable[object], every_us: int = HOUR_US, start_us: int = START) -> list[tuple[int, object]]:
    """Values in equal distances."""
    return [(start_us + number * every_us, value) for number, value in enumerate(values)]


def chain(values: Values, version: Register | None = None, edits: Sequence[Edit] = ()) -> Chain:
    """The validated chain of values."""
    version = version or register()
    rows = sorted(values, key=lambda row: row[0])
    numbers = [float(value) if type(value) is int else value for _, value in rows]
    timed = Timed(np.array([time_us for time_us, _ in rows], dtype=np.int64), [column_of(numbers)])
    return validate(version, raw_of(version, timed, (FIELD,)), edits)


def total(found: Chain) -> float:
    """What a chain counted, in base units."""
    return sum(found.amounts.tolist()) / NANO


def held(found: Chain) -> list[tuple[float | None, str | None]]:
    """What was held out, and why."""
    return [(None if one.counter is None else one.counter / NANO, one.reason and one.reason.value) for one in found.held]


def window(begin_us: int, end_us: int, *, estimate: bool = False, now_us: int | None = None) -> Window:
    """The days that cover a range."""
    days = edges(begin_us, end_us, DAY, BERLIN)
    return Window(
        zone=BERLIN,
        buckets=days,
        days=days,
        first=0,
        last=len(days) - 1,
        kept_from_us=0,
        now_us=end_us + 400 * 24 * HOUR_US if now_us is None else now_us,
        estimate=estimate,
    )


def amounts(days: list[Day]) -> list[float | None]:
    """The amounts of days, in base units."""
    return [None if day.amount is None else day.amount / NANO for day in days]


class Meters:
    """A log with meters in it, and the reader over it."""

    def __init__(self, log: object, store: object) -> None:
        self._log, self._reader = log, MeterReader(store)  # type: ignore[arg-type]
        self._next = 100

    async def add(self, values: Values, field: str = FIELD) -> int:
        """Store a device's values in the order given. Returns its id."""
        self._next += 1
        readings = [
            Reading(1, DeviceId(self._next), time_us, time_us, msgspec.json.encode({field: value})) for time_us, value in values
        ]
        if readings:
            await self._log.append(readings)  # type: ignore[attr-defined]
        return self._next

    async def read(
        self,
        device: int,
        within: Window,
        versions: Sequence[Register] | None = None,
        *,
        spans: tuple[Span, ...] = ALWAYS,
        edits: Sequence[Edit] = (),
        archived: bytes | None = None,
    ) -> MeterDays:
        """One meter on the days of a window."""
        meter = MeterOf(
            device_id=DeviceId(device),
            name="",
            versions=tuple(versions or (register(),)),
            edits=tuple(edits),
            spans=spans,
            archived=archived,
        )
        (found,) = await self._reader.read(1, [meter], within)
        return found


@asynccontextmanager
async def meters_in(folder: Path) -> AsyncIterator[Meters]:
    """A log in a folder, with the reader of meters."""
    with open_log(folder, HeldClock()) as opened:
        yield Meters(opened.log, opened.store)
