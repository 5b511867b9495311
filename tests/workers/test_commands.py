"""The dispatcher with a transport in hand: what goes out, in which order, and that nothing goes out twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from penstock.core.actor import Actor
from penstock.core.commands.errors import ExecutionNotFound, MoveNotAllowed
from penstock.core.commands.models import Acknowledgement, Execution, State, Transport, Verification
from penstock.core.commands.ports import NotConnected, Receipt, Undeliverable
from penstock.core.telemetry.connection_records import connection_record
from penstock.core.telemetry.models import NewReading, Source
from penstock.kit.clock import DAY_US
from penstock.workers import supervisor
from tests.support.commands import Line, Site, open_site
from tests.support.days import HeldClock, PassingClock, reading

OK = Acknowledgement(ok=True)


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async with open_site(tmp_path) as site:
        yield site


@pytest.fixture
def line(site: Site) -> Line:
    line = Line()
    site.commands.dispatcher.register(Transport.MQTT, line)
    return line


async def settle(site: Site) -> None:
    """Wait until the lanes have done what they will do."""
    for _ in range(1_200):
        await asyncio.sleep(0.05)
        if not site.commands.dispatcher.backlog:
            return
    raise AssertionError("the lanes do not rest")


async def test_a_connected_device_gets_it_at_once_and_acknowledges(site: Site, line: Line) -> None:
    device = await site.add_device()
    line.connect(site.commands.dispatcher, device)
    asked = await site.execute(await site.define(device))
    await site.wait_for(asked, State.SENT)
    await site.commands.dispatcher.received(device, asked)
    await site.commands.dispatcher.received(device, asked)
    found = await site.commands.dispatcher.acknowledge(device, asked, OK)
    assert found.state is State.DONE
    assert await site.states(asked) == [State.QUEUED, State.SENT, State.RECEIVED, State.DONE]
    await site.commands.dispatcher.received(device, asked)
    assert (await site.look(asked)).state is State.DONE


async def test_what_waited_goes_in_order_when_the_device_comes(site: Site, line: Line) -> None:
    device, away = await site.add_device(), await site.add_device()
    command = await site.define(device)
    asked = [await site.execute(command) for _ in range(20)]
    other = await site.execute(await site.define(away))
    await settle(site)
    assert {(await site.look(one)).state for one in asked} == {State.QUEUED}
    assert await site.states(asked[0]) == [State.QUEUED], "nothing is tried while nobody is there"
    line.connect(site.commands.dispatcher, device)
    await site.wait_for(asked[-1], State.SENT)
    assert line.handed_over == asked
    assert (await site.look(other)).state is State.QUEUED


async def test_a_new_connection_settles_what_the_old_one_lost(site: Site, line: Line) -> None:
    device = await site.add_device()
    once, again = await site.define(device, "once"), await site.define(device, "again", repeatable=True)
    line.connect(site.commands.dispatcher, device)
    asked = [await site.execute(one) for one in (once, again, again)]
    await site.wait_for(asked[-1], State.SENT)
    await site.commands.dispatcher.received(device, asked[1])
    line.handed_over.clear()
    line.connect(site.commands.dispatcher, device)
    await settle(site)
    assert line.handed_over == [asked[2]], "only what can be done twice and whose receipt is open"
    assert [(await site.look(one)).hand_outs for one in asked] == [1, 1, 2]
    line.handed_over.clear()
    site.commands.dispatcher.wake(device.id)
    await settle(site)
    assert line.handed_over == [], "once per connection"


async def test_an_acknowledgement_of_what_waits_again_is_taken(site: Site, line: Line) -> None:
    device = await site.add_device()
    line.connect(site.commands.dispatcher, device)
    asked = await site.execute(await site.define(device, repeatable=True))
    await site.wait_for(asked, State.SENT)
    line.connected.clear()
    site.commands.dispatcher.connected(device.id)  # and gone again before anything could go out
    await site.wait_for(asked, State.QUEUED)
    assert (await site.commands.dispatcher.acknowledge(device, asked, OK)).state is State.DONE
    line.handed_over.clear()
    line.connect(site.commands.dispatcher, device)
    await settle(site)
    assert line.handed_over == []


async def test_a_connection_that_was_gone_leaves_it_in_its_place(site: Site, line: Line) -> None:
    device = await site.add_device()
    command = await site.define(device)
    line.outcome = NotConnected()
    line.connect(site.commands.dispatcher, device)
    asked = [await site.execute(command) for _ in range(2)]
    await settle(site)
    assert [(await site.look(one)).state for one in asked] == [State.QUEUED] * 2
    found = await site.look(asked[0])
    assert (found.hand_outs, found.sent_by, found.sent_us) == (0, None, None), "as if it had never been handed out"
    with pytest.raises(MoveNotAllowed):
        await site.commands.dispatcher.acknowledge(device, asked[0], OK)
    line.outcome = Receipt()
    line.connect(site.commands.dispatcher, device)
    await site.wait_for(asked[1], State.SENT)
    assert line.handed_over == asked


async def test_what_can_never_be_brought_fails_and_the_next_goes(site: Site, line: Line) -> None:
    device = await site.add_device()
    await site.commands.executions.set_one_at_a_time(site.actor, device.id, True)
    command = await site.define(device)
    line.outcome = Undeliverable(reason="too large for one frame")
    line.connect(site.commands.dispatcher, device)
    asked = await site.execute(command)
    assert (await site.wait_for(asked, State.FAILED)).reason == "too large for one frame"
    line.outcome = Receipt(received=True)
    following = await site.execute(command)
    await site.wait_for(following, State.RECEIVED)


async def test_one_at_a_time_the_next_goes_when_the_one_before_ends(site: Site, line: Line) -> None:
    device = await site.add_device()
    await site.commands.executions.set_one_at_a_time(site.actor, device.id, True)
    command = await site.define(device)
    line.connect(site.commands.dispatcher, device)
    asked = [await site.execute(command) for _ in range(3)]
    for number, one in enumerate(asked, start=1):
        await site.wait_for(one, State.SENT)
        await settle(site)
        assert line.handed_over == asked[:number]
        await site.commands.dispatcher.acknowledge(device, one, Acknowledgement(ok=number != 2))


async def test_a_connection_replaced_while_it_is_handed_out_brings_it_once(site: Site, line: Line) -> None:
    """The claim is committed, then the connection is another one: what goes out must be settled first."""
    device = await site.add_device()
    queue = site.commands.queue
    claim = queue.claim

    async def claim_slowly(who: Actor, way: Transport, limit: int) -> list[Execution]:
        found = await claim(who, way, limit)
        queue.claim = claim  # type: ignore[method-assign]
        line.connect(site.commands.dispatcher, device)
        return found

    queue.claim = claim_slowly  # type: ignore[method-assign]
    line.connected.add(device.id)
    asked = await site.execute(await site.define(device, repeatable=True))
    await settle(site)
    assert line.handed_over == [asked]
    assert (await site.look(asked)).hand_outs == 1


async def test_a_slow_transport_delays_nobody_else(site: Site, line: Line) -> None:
    slow, quick = await site.add_device(), await site.add_device()
    held = asyncio.Event()
    deliver = line.deliver

    async def deliver_slowly(execution: Execution) -> Receipt | NotConnected | Undeliverable:
        if execution.device_id == slow.id:
            await held.wait()
        return await deliver(execution)

    line.deliver = deliver_slowly  # type: ignore[method-assign]
    for device in (slow, quick):
        line.connect(site.commands.dispatcher, device)
    first = await site.execute(await site.define(slow))
    second = await site.execute(await site.define(quick))
    await site.wait_for(second, State.SENT)
    assert (await site.look(first)).state is State.SENT, "it counts as sent before it leaves"
    assert line.handed_over == [second]
    held.set()
    await settle(site)
    assert line.handed_over == [second, first]


async def test_a_transport_that_breaks_stops_nobody_else(site: Site, line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "RESTART_S", 0.05)
    broken, good = await site.add_device(), await site.add_device()
    deliver = line.deliver

    async def break_down(execution: Execution) -> Receipt | NotConnected | Undeliverable:
        if execution.device_id == broken.id:
            raise ValueError("a bug")
        return await deliver(execution)

    line.deliver = break_down  # type: ignore[method-assign]
    for device in (broken, good):
        line.connect(site.commands.dispatcher, device)
    lost = await site.execute(await site.define(broken))
    asked = await site.execute(await site.define(good))
    await site.wait_for(asked, State.SENT)
    await settle(site)
    assert line.handed_over == [asked]
    assert (await site.look(lost)).state is State.SENT, "nobody knows whether it left"


async def test_another_device_cannot_acknowledge(site: Site, line: Line) -> None:
    device, other = await site.add_device(), await site.add_device()
    line.connect(site.commands.dispatcher, device)
    asked = await site.execute(await site.define(device))
    await site.wait_for(asked, State.SENT)
    for call in (site.commands.dispatcher.received(other, asked), site.commands.dispatcher.acknowledge(other, asked, OK)):
        with pytest.raises(ExecutionNotFound):
            await call


async def test_hundreds_of_devices_at_once(site: Site, line: Line) -> None:
    devices = [await site.add_device(str(number)) for number in range(60)]
    commands = [await site.define(device) for device in devices]
    for device in devices:
        line.connect(site.commands.dispatcher, device)
    asked = [await site.execute(command) for _ in range(3) for command in commands]
    for one in asked:
        await site.wait_for(one, State.SENT)
    assert sorted(line.handed_over) == sorted(asked)


async def test_the_verifier_goes_on_after_a_restart(tmp_path: Path) -> None:
    clock = HeldClock()
    async with open_site(tmp_path, clock, run_workers=False) as site:
        device, other = await site.add_device(), await site.add_device()
        await site.server.log.append([reading(clock, org=site.actor.org_id, device=device.id, value=1)])
        asked = [await site.execute(await site.define(one, verification=Verification.NEXT_READING)) for one in (device, other)]
        for one in (device, other):
            await site.commands.queue.poll(one, 10, confirm=False)
        assert not await site.commands.verifier.step()
        await site.server.log.append([reading(clock, org=site.actor.org_id, device=device.id, value=2)])
    clock.us += 60_000_000
    async with open_site(tmp_path, clock, run_workers=False) as site:
        await site.commands.verifier.step()
        assert [(await site.look(one)).state for one in asked] == [State.DONE, State.RECEIVED]
        await site.server.log.append([reading(clock, org=site.actor.org_id, device=other.id, value=3)])
        await site.commands.verifier.step()
        assert (await site.look(asked[1])).state is State.DONE


async def test_a_backfilled_reading_verifies_nothing(tmp_path: Path) -> None:
    clock = HeldClock()
    async with open_site(tmp_path, clock, run_workers=False) as site:
        device = await site.add_device()
        asked = await site.execute(await site.define(device, verification=Verification.NEXT_READING))
        await site.commands.queue.poll(device, 10, confirm=False)
        old = reading(clock, org=site.actor.org_id, device=device.id, value=1, time_us=clock.us - DAY_US)
        old.backfill = True
        await site.server.log.append([old])
        await site.commands.verifier.step()
        assert (await site.look(asked)).state is State.RECEIVED
        await site.server.log.append([reading(clock, org=site.actor.org_id, device=device.id, value=2)])
        await site.commands.verifier.step()
        assert (await site.look(asked)).state is State.DONE


@pytest.mark.parametrize("record", ["connected", "disconnected", "last will"])
async def test_what_the_server_records_of_a_device_verifies_nothing(tmp_path: Path, record: str) -> None:
    clock = HeldClock()
    async with open_site(tmp_path, clock, run_workers=False) as site:
        device = await site.add_device()
        asked = await site.execute(await site.define(device, verification=Verification.NEXT_READING))
        await site.commands.queue.poll(device, 10, confirm=False)
        ref = await site.server.directory.get(site.actor.org_id, device.id)
        made = connection_record(ref, clock.us, connected=record == "connected")
        if record == "last will":
            made = NewReading(ref, b'{"status":"offline"}', clock.us, kind="status", source=Source.MQTT)
        await site.server.telemetry.append(site.server.telemetry.receive([made]))
        await site.commands.verifier.step()
        assert (await site.look(asked)).state is State.RECEIVED
        await site.server.log.append([reading(clock, org=site.actor.org_id, device=device.id, value=2)])
        await site.commands.verifier.step()
        assert (await site.look(asked)).state is State.DONE


async def test_what_ended_long_ago_is_forgotten(tmp_path: Path) -> None:
    clock = PassingClock()
    async with open_site(tmp_path, clock, run_workers=False) as site:
        device = await site.add_device()
        command = await site.define(device)
        old = await site.execute(command)
        await site.commands.executions.cancel(site.actor, old)
        clock.us += 91 * DAY_US
        new = await site.execute(command)
        await site.commands.sweeper.step()
        with pytest.raises(ExecutionNotFound):
            await site.look(old)
        assert await site.states(new) == [State.QUEUED]
