"""What a rule remembers of a device counts each reading once, wherever a batch of the log begins."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from penstock.core.rules.definition import Window, WindowFunction
from penstock.core.rules.watch import Watch
from penstock.core.telemetry.models import HistoryQuery, Reading
from penstock.kit.ids import DeviceId, Seq
from tests.core.rules.armed import a_reading, armed, definition, us

SUM = Window(name="sum", sensor="t", function=WindowFunction.SUM, minutes=10)
READINGS = [a_reading(b'{"t": %d}' % 10**number, seq=number + 1, at=number) for number in range(5)]


class Log:
    """Stands in for the store: all readings, whatever has been read of them."""

    async def history(self, org_id: int, query: HistoryQuery) -> list[Reading]:
        found = [one for one in READINGS if query.range.from_us <= one.time_us < query.range.to_us]
        return sorted(found, key=lambda one: one.time_us, reverse=True)[: query.limit]


class Facts:
    """Stands in for the cache of devices: every device is loaded."""

    async def load(self, org_id: int, device_ids: set[DeviceId]) -> None:
        pass

    def find(self, device_id: DeviceId) -> dict[str, Any]:
        return {"id": "dev_1", "labels": {}, "name": "Boiler"}

    def has(self, device_id: DeviceId) -> bool:
        return True


async def sums(from_seq: int, sizes: list[int]) -> list[float]:
    """What a rule deployed after a reading sees in its window at each later one, if the log is read in batches of these sizes."""
    rule = armed(definition("window.sum > 0", windows=(SUM,)), from_seq=Seq(from_seq))
    store: Any = Log()
    facts: Any = Facts()
    watch = Watch(store, facts, [rule])
    found, at = [], 0
    for size in sizes:
        batch = READINGS[at : at + size]
        at += size
        await watch.prepare(batch)
        for reading in batch:
            found += [context.parts["window"]["sum"] for _, context in watch.contexts(reading, us(60))]
    return found


@pytest.mark.parametrize("sizes", [[5], [1, 4], [4, 1], [2, 3], [1, 1, 1, 1, 1]])
@pytest.mark.parametrize("from_seq", [0, 1, 2, 4])
def test_a_reading_before_the_rule_counts_once(from_seq: int, sizes: list[int]) -> None:
    whole = [1.0, 11.0, 111.0, 1111.0, 11111.0]
    assert asyncio.run(sums(from_seq, sizes)) == whole[from_seq:]
