"""Re-decodes by the worker: over a real log and the real sandbox, with a crash at every place where one matters."""

from __future__ import annotations

import sqlite3
import weakref
from array import array
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import msgspec
import pytest

from penstock.adapters.sandbox.pool import SandboxPool
from penstock.adapters.storage.sqlite.migrations import CONTROL_FILE
from penstock.core.codecs.directory import CodecDirectory
from penstock.core.redecodes.decoding import Limits
from penstock.core.redecodes.earlier import EarlierReadings
from penstock.core.redecodes.models import Redecode, RedecodeState, Selection
from penstock.core.redecodes.plans import PlanBuilder
from penstock.core.telemetry.latest import LatestReadings
from penstock.core.telemetry.models import HistoryQuery, Reading, TimeRange
from penstock.kit.clock import DAY_US, SECOND_US
from penstock.kit.ids import DeviceId, OrgId, ProfileId, RedecodeId, Seq
from penstock.workers import redecode_runs
from penstock.workers.redecode_runs import RedecodeRunner
from tests.core.redecodes.prepared import Prepared, actor_of, add_codec, add_device, prepared, set_profile
from tests.core.redecodes.stored import DECODED, FAILED, derive, payload, stored
from tests.support.days import reading
from tests.support.sandbox import running_pool
from tests.support.shelf import Shelf

CRASHES = ("before it is counted", "before it is written", "after it is written")


class Crash(Exception):
    """The server ends here."""


class Crashing:
    """A database or a store, by which the server ends at the nth call of a method."""

    def __init__(self, within: Any, method: str, number: int, *, after: bool = False) -> None:
        self._within, self._method, self._left, self._after = within, method, number, after

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._within, name)
        if name != self._method:
            return found

        async def call(*args: Any) -> Any:
            self._left -= 1
            if not self._left and not self._after:
                raise Crash
            answer = await found(*args)
            if not self._left:
                raise Crash
            return answer

        return call


class Bench:
    """What a runner needs, and the runner."""

    def __init__(self, shelf: Shelf, folder: Path, ready: Prepared, pool: SandboxPool) -> None:
        self.shelf, self.folder, self.ready, self.pool = shelf, folder, ready, pool
        self.latest = LatestReadings(ready.store, 100)
        self.actor = actor_of(shelf.acme)
        self.runner = self.new_runner()

    def new_runner(self, store: Any = None, pool: Any = None, append: Any = None) -> RedecodeRunner:
        """A runner that knows nothing, as after a start."""
        return RedecodeRunner(
            database=self.shelf.database,
            store=store or self.ready.store,
            latest=self.latest,
            earlier=EarlierReadings(self.ready.store, append or self.ready.log.append, self.ready.clock),
            directory=CodecDirectory(self.shelf.database),
            runner=pool or self.pool,
            derive=derive,
            has_route=lambda _: True,
            trail=self.ready.trail,
            ids=self.ready.ids,
            clock=self.ready.clock,
            limits=Limits(max_readings=1_000, max_payload_bytes=65_536, max_ahead_us=SECOND_US),
        )

    async def fill(self, firsts: Sequence[int], *, device: int = 10, failed: Sequence[int] = ()) -> list[Reading]:
        """Uplinks, one per second, whose first byte is given; the codec of some has failed."""
        base_us = self.ready.clock.us - DAY_US
        made = []
        for number, first in enumerate(firsts):
            raw, at = bytes([first]), base_us + number * SECOND_US
            body = payload({}, raw, codec=FAILED) if number in failed else payload({"v": 0}, raw, codec=DECODED)
            made.append(stored(body, device=device, org=self.shelf.acme, time_us=at))
        await self.ready.log.append(made)
        return made

    async def start(self, **about: Any) -> Redecode:
        return await self.ready.service.start(self.actor, Selection(**({"profile_id": ProfileId(1)} | about)))

    async def run(self) -> None:
        while await self.runner.step():
            pass

    async def get(self, redecode_id: RedecodeId) -> Redecode:
        return await self.ready.service.get(self.actor, redecode_id)

    async def values(self, made: Sequence[Reading]) -> list[Any]:
        found = {one.seq: msgspec.json.decode(one.payload) for one in await self.ready.store.find(*self.asked(made))}
        return [found[one.seq].get("v") for one in made if one.seq in found]

    def noted(self) -> list[tuple[int, int]]:
        """Of which devices, and from when on, consumption is noted as changed."""
        with closing(sqlite3.connect(self.folder / "data" / CONTROL_FILE)) as connection:
            return connection.execute("SELECT device_id, from_us FROM consumption_changes ORDER BY id").fetchall()

    def asked(self, made: Sequence[Reading]) -> tuple[OrgId, list[Seq]]:
        return self.shelf.acme, [one.seq for one in made]


@asynccontextmanager
async def bench(shelf: Shelf, folder: Path) -> AsyncIterator[Bench]:
    await add_codec(shelf, 1)
    await add_device(shelf, 10, 1)
    async with running_pool() as pool:
        with prepared(shelf, folder) as ready:
            yield Bench(shelf, folder, ready, pool)


def counts(one: Redecode) -> tuple[str, int | None, int, int, int, int]:
    return one.state.value, one.total, one.done, one.changed, one.failed, one.skipped


async def test_failed_ones_come_first_and_everything_else_follows(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redecode_runs, "TURN", 1)
    monkeypatch.setattr(redecode_runs, "BATCH", 2)
    async with bench(shelf, tmp_path) as each:
        made = await each.fill([1, 2, 3, 4, 9], failed=[1, 3])
        await each.latest.get(shelf.acme, DeviceId(10))
        redecode = await each.start()
        await each.runner.step()
        assert await each.values(made) == [0, 2, 0, 4, 0]
        assert counts(await each.get(redecode.id)) == ("running", 5, 2, 2, 0, 0)
        await each.run()
        assert await each.values(made) == [1, 2, 3, 4, 0], "the last one keeps its value, because the codec fails"
        assert counts(await each.get(redecode.id)) == ("done", 5, 5, 4, 1, 0)
        assert each.noted() == [(10, made[1].time_us), (10, made[0].time_us)], "the earliest change, once"
        by_event, _ = await each.latest.get(shelf.acme, DeviceId(10))
        assert by_event is not None
        assert by_event.seq == made[-1].seq
        async with shelf.own() as tx:
            assert "v" in {one.key for one in await tx.sensors.list(DeviceId(10), 99, "")}
        again = await each.start()
        await each.run()
        assert counts(await each.get(again.id)) == ("done", 5, 5, 0, 1, 0)
        async with shelf.system() as tx:
            assert [entry.topic for entry in await tx.outbox.next(9)] == ["codec.redecode.finished"] * 2


@pytest.mark.parametrize("place", CRASHES)
async def test_after_a_crash_each_uplink_is_changed_counted_and_noted_once(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    monkeypatch.setattr(redecode_runs, "BATCH", 3)
    async with bench(shelf, tmp_path) as each:
        made = await each.fill([1, 2, 3, 4, 5, 6, 7, 8])
        redecode = await each.start()
        if place == CRASHES[0]:
            each.runner = each.new_runner(pool=Crashing(each.pool, "run_all", 2))
        else:
            store = Crashing(each.ready.store, "replace_payloads", 2, after=place == CRASHES[2])
            each.runner = each.new_runner(store)
        with pytest.raises(Crash):
            await each.run()
        # Two batches are decoded at a time, and either can be the one that crashes.
        assert (await each.get(redecode.id)).done in ((0, 3) if place == CRASHES[0] else (6,))
        each.runner = each.new_runner()
        await each.run()
        assert await each.values(made) == [1, 2, 3, 4, 5, 6, 7, 8]
        assert counts(await each.get(redecode.id)) == ("done", 8, 8, 8, 0, 0)


async def test_what_a_crash_left_unwritten_is_written_also_for_one_that_was_cancelled(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redecode_runs, "BATCH", 2)
    async with bench(shelf, tmp_path) as each:
        made = await each.fill([1, 2, 3, 4])
        redecode = await each.start()
        each.runner = each.new_runner(Crashing(each.ready.store, "replace_payloads", 1))
        with pytest.raises(Crash):
            await each.run()
        await each.ready.service.cancel(each.actor, redecode.id)
        each.runner = each.new_runner()
        await each.run()
        assert await each.values(made) == [1, 2, 0, 0], "what is counted as changed is changed"
        assert counts(await each.get(redecode.id)) == ("cancelled", 4, 2, 2, 0, 0)
        assert not await each.runner.step()


async def test_one_that_is_cancelled_stops_and_the_next_one_follows(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redecode_runs, "TURN", 1)
    monkeypatch.setattr(redecode_runs, "BATCH", 2)
    async with bench(shelf, tmp_path) as each:
        made = await each.fill([1, 2, 3, 4])
        await add_device(shelf, 11, 1)
        others = await each.fill([5], device=11)
        first, second = (
            await each.start(device_id=DeviceId(10), profile_id=None),
            await each.start(device_id=DeviceId(11), profile_id=None),
        )
        await each.runner.step()
        assert [(await each.get(one.id)).state for one in (first, second)] == [RedecodeState.RUNNING, RedecodeState.QUEUED]
        assert (each.runner.unfinished, each.runner.left) == (2, 0), "as of the beginning of the step"
        await each.ready.service.cancel(each.actor, first.id)
        await each.runner.step()
        async with shelf.own() as tx:
            assert await tx.redecodes.pending(first.id) == [], "it must not be written after the next one"
        await each.run()
        assert await each.values([*made, *others]) == [1, 2, 0, 0, 5]
        assert counts(await each.get(second.id)) == ("done", 1, 1, 1, 0, 0)


async def test_the_plan_of_one_that_is_cancelled_between_two_steps_leaves_memory(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redecode_runs, "TURN", 1)
    monkeypatch.setattr(redecode_runs, "BATCH", 2)
    plans: list[weakref.ref[array[int]]] = []

    def seqs(builder: PlanBuilder) -> array[int]:
        plan = PlanBuilder.seqs(builder)
        plans.append(weakref.ref(plan))
        return plan

    monkeypatch.setattr(redecode_runs, "PlanBuilder", type("Builder", (PlanBuilder,), {"seqs": seqs}))
    async with bench(shelf, tmp_path) as each:
        await add_codec(shelf, 2, "function decodeUplink() { return {errors: ['unknown']}; }")  # so nothing has to be written
        await add_device(shelf, 12, 2)
        await each.fill([1, 2, 3, 4], device=12)
        redecode = await each.start(profile_id=ProfileId(2))
        await each.runner.step()
        assert (await each.get(redecode.id)).done == 2
        await each.ready.service.cancel(each.actor, redecode.id)
        await each.runner.step()
        assert [plan() for plan in plans] == [None]


async def test_a_codec_that_is_suspended_ends_it_with_the_reason(shelf: Shelf, tmp_path: Path) -> None:
    await add_codec(shelf, 2, "function decodeUplink() { for (;;) {} }")
    async with running_pool(time_limit_s=0.01) as pool:
        with prepared(shelf, tmp_path) as ready:
            each = Bench(shelf, tmp_path, ready, pool)
            await add_device(shelf, 12, 2)
            made = await each.fill([1] * 6, device=12)
            await add_codec(shelf, 1)
            await add_device(shelf, 10, 1)
            others = await each.fill([1, 2], device=10)
            redecode = await each.start(profile_id=None, project_id=shelf.project_id)
            await each.run()
            assert counts(await each.get(redecode.id)) == ("done", 8, 8, 2, 6, 0), "other codecs are not affected"
            assert await each.values([*made, *others]) == [0] * 6 + [1, 2]
            redecode = await each.start(profile_id=ProfileId(2))
            await each.run()
            ended = await each.get(redecode.id)
            assert (ended.state, ended.done) == (RedecodeState.FAILED, 0)
            assert "suspended" in ended.reason


async def test_uplinks_that_are_gone_are_skipped_and_later_ones_not_touched(shelf: Shelf, tmp_path: Path) -> None:
    async with bench(shelf, tmp_path) as each:
        await add_device(shelf, 11, 1)
        made, gone = await each.fill([1, 2]), await each.fill([3], device=11)
        redecode = await each.start()
        later = await each.fill([4])
        each.ready.clock.next_day()

        async def delete(*_: Any) -> Any:
            await each.ready.store.purge_device(shelf.acme, DeviceId(11))
            return await each.ready.store.find(*each.asked([*made, *gone]))

        store = Crashing(each.ready.store, "nothing", 0)
        store.find = delete  # type: ignore[attr-defined]  # deleted between the plan and the batch
        each.runner = each.new_runner(store)
        await each.run()
        assert counts(await each.get(redecode.id)) == ("done", 3, 3, 2, 0, 1)
        assert await each.values([*made, *later]) == [1, 2, 0]


async def test_only_failed_ones_and_only_a_time_if_that_is_asked(shelf: Shelf, tmp_path: Path) -> None:
    async with bench(shelf, tmp_path) as each:
        made = await each.fill([1, 2, 3, 4], failed=[0, 3])
        await each.start(only_failed=True, from_us=made[1].time_us)
        await each.run()
        assert await each.values(made) == [None, 0, 0, 4]


SEVERAL = """
function decodeUplink(input) {
  return {data: [1, 2, 3].map((age) => ({time: new Date(input.recvTime - age * 100), v: input.bytes[0] * 10 - age}))};
}
"""


async def history(each: Bench) -> list[tuple[float, Any]]:
    """The readings of the device: tenths of a second after the first uplink, and the value."""
    span = TimeRange(from_us=0, to_us=each.ready.clock.us)
    query = HistoryQuery(device_id=DeviceId(10), range=span, descending=False, limit=99)
    found = await each.ready.store.history(each.shelf.acme, query)
    first_us = each.ready.clock.us - DAY_US
    return [((one.time_us - first_us) * 10 / SECOND_US, msgspec.json.decode(one.payload).get("v")) for one in found]


@pytest.mark.parametrize("place", ["nowhere", "before they are appended", "after they are appended", "before a deletion"])
async def test_several_readings_of_an_uplink_are_stored_once_whatever_happens(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    monkeypatch.setattr(redecode_runs, "BATCH", 2)
    async with bench(shelf, tmp_path) as each:
        await add_codec(shelf, 2, SEVERAL)
        await each.fill([1, 2, 3])
        await set_profile(shelf, 10, 2)
        expected = [(10 * n - age, 10 * (n + 1) - age) for n in range(3) for age in (3, 2, 1)]
        redecode = await each.start(profile_id=ProfileId(2))
        if place != "nowhere":
            append = Crashing(each.ready.log, "append", 1, after=place.startswith("after")).append
            each.runner = each.new_runner(append=append)
            with pytest.raises(Crash):
                await each.run()
            # Keys are remembered for two days, and nothing is stored twice after that either.
            for _ in range(3):
                each.ready.clock.next_day()
                await each.ready.log.append([reading(each.ready.clock, device=77)])
            each.runner = each.new_runner()
        if place == "before a deletion":
            await set_profile(shelf, 10, None)
            await each.run()
            assert len(await history(each)) == 3, "the codec is gone"
            return
        await each.run()
        each.ready.clock.us -= 0 if place == "nowhere" else 3 * DAY_US
        assert await history(each) == expected
        assert counts(await each.get(redecode.id)) == ("done", 3, 3, 3, 0, 0)
        assert each.noted()[0] == (10, each.ready.clock.us - DAY_US - 3 * SECOND_US // 10)
        again = await each.start(profile_id=ProfileId(2))
        await each.run()
        assert counts(await each.get(again.id)) == ("done", 3, 3, 0, 0, 0)
        assert await history(each) == expected
