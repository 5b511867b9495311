"""Which of the earlier readings of an uplink are new, which replace one, and which are stored already."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest

from penstock.core.redecodes import earlier
from penstock.core.redecodes.earlier import EarlierReadings
from penstock.core.redecodes.models import NewPayload
from penstock.core.telemetry.models import Reading, Source
from penstock.kit.ids import DeviceId, OrgId, Seq
from tests.core.redecodes.stored import stored
from tests.support.days import NOON_US, HeldClock, Log, open_log

ORG = OrgId(1)


def element(value: int, *, at: int = 0, f_cnt: int = 3, version: int = 1, device: int = 10) -> NewPayload:
    about = {"f_cnt": f_cnt, "history": True, "codec": {"version": version}}
    body = msgspec.json.encode({"v": value, "lorawan": about})
    return NewPayload(DeviceId(device), Seq(0), body, NOON_US + at, bytes([value, at % 256, device, f_cnt] * 4))


def opened_at_noon(folder: Path) -> Any:
    clock = HeldClock()
    return open_log(folder / "log", clock), clock


async def placed(log: Log, clock: HeldClock, found: Sequence[NewPayload], org_id: OrgId = ORG) -> list[tuple[int, int, Any]]:
    """What is to be written of some elements, and it is written: position, number of the reading, values if they are others."""
    readings = EarlierReadings(log.store, log.log.append, clock)
    at = await readings.place(org_id, found)
    await readings.append(org_id, [one.payload for one in at if one.payload.is_new])
    return [(one.number, one.payload.seq, one.changed) for one in at]


async def test_what_is_stored_already_is_not_stored_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(earlier, "PAGE", 2)
    opening, clock = opened_at_noon(tmp_path)
    with opening as log:
        first = [element(n, at=n) for n in range(5)]
        assert await placed(log, clock, first) == [(n, 0, {"v": n}) for n in range(5)]
        found: list[Reading] = await log.store.find(ORG, [Seq(n) for n in range(1, 6)])
        assert {(one.source, one.backfill, one.received_us) for one in found} == {(Source.REDECODE, True, clock.us)}
        assert await placed(log, clock, first) == []
        assert await placed(log, clock, [element(n, at=n, f_cnt=4) for n in range(5)]) == [], "of an overlapping history"
        assert await placed(log, clock, [element(0, at=0, device=11)]) == [(0, 0, {"v": 0})], "of another device"
        assert await placed(log, clock, [element(2, at=9), element(2, at=9, f_cnt=4)]) == [(0, 0, {"v": 2})], "twice in one batch"


async def test_an_element_replaces_that_of_the_same_uplink_and_time_and_no_other(tmp_path: Path) -> None:
    opening, clock = opened_at_noon(tmp_path)
    with opening as log:
        own = stored(b'{"v":7}', time_us=NOON_US)
        await log.log.append([own])
        await placed(log, clock, [element(1), element(2), element(3, at=1)])
        assert await placed(log, clock, [element(1), element(5), element(3, at=1, version=2)]) == [(1, 3, {"v": 5}), (2, 4, None)]
        assert await placed(log, clock, [element(6, f_cnt=4)]) == [(0, 0, {"v": 6})], "another uplink, other values"
        assert await placed(log, clock, [element(7, f_cnt=5)]) == [], "as the newest of another uplink"
