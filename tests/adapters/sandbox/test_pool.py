"""The pool: processes that end, organisations that take turns, and bounds of waiting."""

from __future__ import annotations

import asyncio
import os
import signal

import pytest

from penstock.adapters.sandbox import turns
from penstock.adapters.sandbox.pool import SUSPENSIONS, SandboxPool
from penstock.adapters.sandbox.turns import MAX_BATCH
from penstock.core.codecs.models import CodecInput
from penstock.core.codecs.ports import Call, RunStatus, Script
from penstock.core.codecs.results import read_result
from penstock.core.uplinks.errors import CodecsBusy
from penstock.kit.clock import SECOND_US
from tests.support.days import HeldClock
from tests.support.sandbox import HONEST, ORG, OTHER, result, run, running_pool
from tests.support.waiting import CEILING_S

LOOP = "function decodeUplink() { for (;;) {} }"
ENDLESS_S = 2 * CEILING_S
"""A time limit that no script reaches, and so a script that loops occupies its process for as long as a test takes."""


def loops(number: int) -> str:
    """One of many scripts that loop."""
    return f"{LOOP} // {number}"


async def held(pool: SandboxPool) -> int:
    """The pool's one process, stopped so that calls wait in it."""
    await result(pool, HONEST)
    (pid,) = pool.pids
    os.kill(pid, signal.SIGSTOP)
    return pid


async def test_a_process_that_is_killed_between_calls_is_not_missed() -> None:
    async with running_pool() as pool:
        for number in range(3):
            assert (await result(pool, HONEST)).data == {"sum": 6}
            os.kill(pool.pids[0], signal.SIGKILL)
            if number:  # now and then the next call comes before the end was noticed
                await asyncio.sleep(0.05)
        assert (await result(pool, HONEST)).data == {"sum": 6}


async def test_a_process_that_is_killed_under_calls_costs_none_of_them() -> None:
    async with running_pool() as pool:
        pid = await held(pool)
        calls = [asyncio.create_task(result(pool, HONEST)) for _ in range(200)]
        await asyncio.sleep(0.05)
        os.kill(pid, signal.SIGKILL)
        assert [one.data for one in await asyncio.gather(*calls)] == [{"sum": 6}] * 200
        assert (pool.overruns, len(pool.pids)) == (0, 1)


async def test_a_call_under_which_processes_end_twice_is_given_up() -> None:
    async with running_pool() as pool:
        pid = await held(pool)
        call = asyncio.create_task(run(pool, HONEST))
        await asyncio.sleep(0.05)
        seen = {pid}
        os.kill(pid, signal.SIGKILL)
        while not call.done():
            for new in set(pool.pids) - seen:
                seen.add(new)
                os.kill(new, signal.SIGKILL)
            await asyncio.sleep(0)
        assert (await call).status is RunStatus.CRASHED
        assert (await result(pool, HONEST + "//")).data == {"sum": 6}


async def test_a_process_that_does_not_answer_is_killed() -> None:
    async with running_pool(answer_within_s=0.3, time_limit_s=ENDLESS_S) as pool:
        call = asyncio.create_task(run(pool, LOOP))
        async with asyncio.timeout(CEILING_S):
            while not pool.pids:
                await asyncio.sleep(0.001)
        (pid,) = pool.pids
        assert (await call).status is RunStatus.TIMED_OUT
        assert not exists(pid)


async def test_an_organisation_with_looping_codecs_does_not_hold_up_others() -> None:
    """By order, not by time: each honest call is behind at most the loop that runs and one more."""
    async with running_pool(time_limit_s=0.02) as pool:
        await result(pool, HONEST, org=OTHER)
        looping = [asyncio.create_task(run(pool, loops(number))) for number in range(60)]
        await asyncio.sleep(0)
        ended = []
        for _ in range(10):
            assert (await result(pool, HONEST, org=OTHER)).data == {"sum": 6}
            ended.append(sum(task.done() for task in looping))
        assert all(after - before <= 2 for before, after in zip([0, *ended], ended, strict=False)), ended
        assert ended[-1] < 60, "they were behind the others"
        for task in looping:
            task.cancel()


async def test_a_script_that_overruns_again_and_again_is_left_out_for_a_while() -> None:
    clock = HeldClock()
    async with running_pool(clock, time_limit_s=0.02) as pool:
        statuses = [(await run(pool, LOOP)).status for _ in range(5)]
        assert statuses == [RunStatus.TIMED_OUT] * 3 + [RunStatus.SUSPENDED] * 2
        assert (await result(pool, HONEST)).data == {"sum": 6}
        clock.us += SUSPENSIONS.first_us
        assert [(await run(pool, LOOP)).status for _ in range(2)] == [RunStatus.TIMED_OUT, RunStatus.SUSPENDED]
        clock.us += 2 * SUSPENSIONS.first_us - 1
        assert (await run(pool, LOOP)).status is RunStatus.SUSPENDED, "twice as long"
        clock.us += SUSPENSIONS.longest_us
        assert (await run(pool, LOOP)).status is RunStatus.TIMED_OUT


async def test_a_script_that_is_good_again_is_no_suspect() -> None:
    script = "function decodeUplink(input) { while (input.bytes[0] === 1) {} return {data: {}}; }"
    async with running_pool(time_limit_s=0.02) as pool:
        for _ in range(3):
            assert (await run(pool, script)).status is RunStatus.TIMED_OUT
            assert (await run(pool, script)).status is RunStatus.TIMED_OUT
            assert (await run(pool, script, CodecInput(payload=b"\x02"))).status is RunStatus.OK


async def test_waiting_has_bounds_for_each_organisation_and_in_all() -> None:
    async with running_pool(max_queued_per_org=3, max_queued=5) as pool:
        pid = await held(pool)
        running = asyncio.create_task(run(pool, HONEST))
        await asyncio.sleep(0)
        await eventually_waiting(pool, 0)
        mine = [asyncio.create_task(run(pool, HONEST)) for _ in range(3)]
        await eventually_waiting(pool, 3)
        with pytest.raises(CodecsBusy):
            await run(pool, HONEST)
        theirs = [asyncio.create_task(run(pool, HONEST, org=OTHER)) for _ in range(2)]
        await eventually_waiting(pool, 5)
        with pytest.raises(CodecsBusy):
            await run(pool, HONEST, org=3)
        os.kill(pid, signal.SIGCONT)
        assert {one.status for one in await asyncio.gather(running, *mine, *theirs)} == {RunStatus.OK}


async def eventually_waiting(pool: SandboxPool, count: int) -> None:
    async with asyncio.timeout(CEILING_S):
        while pool.waiting != count:
            await asyncio.sleep(0.001)


async def test_a_call_waits_only_so_long() -> None:
    async with running_pool(max_wait_s=0.2, time_limit_s=ENDLESS_S) as pool:
        looping = asyncio.create_task(run(pool, LOOP))
        await asyncio.sleep(0)
        with pytest.raises(CodecsBusy):
            await run(pool, HONEST)
        with pytest.raises(CodecsBusy):
            await looping


async def test_processes_start_with_the_first_call_and_end_with_the_pool() -> None:
    async with running_pool(workers=2, time_limit_s=0.05) as pool:
        assert pool.pids == []
        await asyncio.gather(*(run(pool, loops(number)) for number in range(4)))
        pids = pool.pids
        assert len(pids) == 2
    assert not any(exists(pid) for pid in pids)


def exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def test_many_scripts_do_not_stay_in_a_process() -> None:
    filler = "/*" + "x" * 120_000 + "*/"
    async with running_pool() as pool:
        for number in range(160):  # twice of what a process keeps
            assert (await result(pool, f"{HONEST}{filler}//{number % 80}")).data == {"sum": 6}
        assert pool.restarts == 0


def given(*firsts: int, script: str = HONEST) -> list[tuple[Script, bytes]]:
    """Calls of a script, each with another first byte."""
    return [(Script.from_text(script), CodecInput(payload=bytes([first])).as_json(Call.DECODE_UPLINK)) for first in firsts]


async def sums(pool: SandboxPool, calls: list[tuple[Script, bytes]]) -> list[int | None]:
    outcomes = await pool.run_all(ORG, Call.DECODE_UPLINK, calls)
    return [(read_result(Call.DECODE_UPLINK, one).data or {}).get("sum") for one in outcomes]


async def test_a_list_of_calls_is_answered_in_order_and_takes_no_room_of_others() -> None:
    async with running_pool(max_queued=1) as pool:
        numbers = [number % 256 for number in range(300)]
        assert await sums(pool, given(*numbers)) == numbers
        assert (pool.waiting, pool.calls) == (0, 300)


async def test_a_list_of_calls_survives_the_end_of_its_process_and_the_one_that_ends_it_is_found() -> None:
    # A native call that the engine cannot interrupt: the kernel ends the process while outcomes before it are still held.
    ends = "function decodeUplink(input) { if (input.bytes[0] === 7) 'x'.repeat(30).match(/(x+x+)+y/); return {data: {sum: 1}}; }"
    async with running_pool(time_limit_s=0.05) as pool:
        await result(pool, HONEST)
        await result(pool, ends)
        assert await sums(pool, given(1, 2, 3, 7, 4, 5, script=ends)) == [1, 1, 1, None, 1, 1]
        # Also while the process has the next batch already.
        firsts = [7 if number in (50, 130) else 1 for number in range(200)]
        assert await sums(pool, given(*firsts, script=ends)) == [None if first == 7 else 1 for first in firsts]


async def test_a_single_call_waits_for_no_more_of_a_list_than_was_sent() -> None:
    async with running_pool() as pool:
        await held(pool)
        listed = asyncio.create_task(pool.run_all(ORG, Call.DECODE_UPLINK, given(*[1] * 400)))
        await asyncio.sleep(0)
        single = asyncio.create_task(result(pool, HONEST))
        await asyncio.sleep(0)
        os.kill(pool.pids[0], signal.SIGCONT)
        assert (await single).data == {"sum": 6}
        assert pool.calls <= 3 + 2 * MAX_BATCH
        assert len(await listed) == 400


async def test_the_process_keeps_its_scripts_when_the_rest_of_a_list_is_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "BATCH_US", 60 * SECOND_US)  # however long the first call took
    async with running_pool() as pool:
        await held(pool)
        listed = asyncio.create_task(pool.run_all(ORG, Call.DECODE_UPLINK, given(*[1] * 200)))
        for _ in range(5):  # until the first part was sent
            await asyncio.sleep(0)
        listed.cancel()
        os.kill(pool.pids[0], signal.SIGCONT)
        async with asyncio.timeout(CEILING_S):
            while pool.calls < 1 + MAX_BATCH:
                await asyncio.sleep(0.001)
        assert (await result(pool, HONEST)).data == {"sum": 6}


async def test_a_script_that_overruns_in_a_list_is_soon_left_out() -> None:
    async with running_pool(time_limit_s=0.01) as pool:
        outcomes = await pool.run_all(ORG, Call.DECODE_UPLINK, given(*[1] * 300, script=LOOP))
        statuses = [one.status for one in outcomes]
        assert statuses == [RunStatus.TIMED_OUT] * 3 + [RunStatus.SUSPENDED] * 297


async def test_a_list_that_is_given_up_leaves_nothing_in_the_queue() -> None:
    async with running_pool() as pool:
        await held(pool)
        listed = asyncio.create_task(pool.run_all(ORG, Call.DECODE_UPLINK, given(*[1] * 200)))
        await asyncio.sleep(0)
        listed.cancel()
        await asyncio.gather(listed, return_exceptions=True)
        os.kill(pool.pids[0], signal.SIGCONT)
        assert (await result(pool, HONEST)).data == {"sum": 6}
        assert pool.calls <= 2 + MAX_BATCH, "at most the batch that was sent"
