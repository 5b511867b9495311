"""The worker of alerts: `kill -9` at every step, restarts, and what it does while others change things."""

from __future__ import annotations

import asyncio
import shutil
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from penstock.core.alerts.conditions import ConnectivityIs, NoData, Threshold
from penstock.core.alerts.models import Alert, AlertPatch, NewAlert, Occurrence, OccurrenceFilter, Target
from penstock.core.devices.connectivity import Reason
from penstock.core.devices.connectivity_service import ConnectivityRecorder
from penstock.core.devices.link import DisconnectReason
from penstock.core.devices.models import Connectivity, DeviceRef, DeviceStatus
from penstock.core.telemetry.models import NewReading
from penstock.kit.clock import SECOND_US
from penstock.kit.errors import Unavailable
from tests.support.commands import Site, open_site
from tests.support.days import HeldClock
from tests.support.forked import run_module
from tests.support.server import clean_environment

from .alerted import prepare

STEPS = 115
"""More than the script has."""
WARM = Threshold("t", ">", 6)


def run(folder: Path, step: int) -> int:
    done = run_module("tests.workers.alerted", [str(folder), str(step)], clean_environment())
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode


async def outcome(folder: Path) -> tuple[list[str], list[tuple[object, bool]], int]:
    """Topics of the outbox, occurrences in order with whether they are over, and how many mails wait."""
    async with open_site(folder, run_workers=False) as site:
        async with site.server.database.system_snapshot() as tx:
            topics = [one.topic for one in await tx.outbox.next(100) if one.topic.startswith("alert.")]
            mails = await tx.mail.due(2**62, 100)
            assert list(await tx.alerts.due_jobs(2**62, 100)) == [], "nothing waits"
        found = await events(site)
        return topics, [(one.value, one.cleared_us is not None) for one in found], len(mails)


async def events(site: Site) -> list[Occurrence]:
    page = await site.server.parts.alerts.occurrences.list(site.actor, OccurrenceFilter(), 100, None)
    return page.items[::-1]


@pytest.mark.parametrize("steps", [range(20, STEPS, 90), pytest.param(range(1, STEPS), marks=pytest.mark.prove)], ids=str)
def test_killed_at_every_step(tmp_path: Path, steps: range) -> None:
    made = tmp_path / "made"
    made.mkdir()
    asyncio.run(prepare(made))
    killed = 0
    for step in steps:
        folder = tmp_path / str(step)
        shutil.copytree(made, folder)
        killed += run(folder, step) != 0
        assert run(folder, 0) == 0
        topics, found, mails = asyncio.run(outcome(folder))
        assert topics == ["alert.raised", "alert.cleared", "alert.raised", "alert.cleared", "alert.raised"], step
        assert found == [(7, True), (7, True), (9, False)], step
        assert mails == 3, step
    assert 0 < killed < len(steps), "the last steps lie behind the end, so all were tried"


class Watched:
    """A site whose worker is stepped by hand, with a device."""

    def __init__(self, site: Site, clock: HeldClock) -> None:
        self.site, self.clock = site, clock
        self.alerts = site.server.parts.alerts

    async def add_device(self) -> DeviceRef:
        device = await self.site.add_device("Room")
        return await self.site.server.directory.get(self.site.actor.org_id, device.id)

    async def define(self, condition: object, *devices: DeviceRef, **about: object) -> Alert:
        target = Target(devices=tuple(one.id for one in devices)) if devices else Target(all=True)
        wanted = NewAlert(name="Odd", target=target, condition=condition, **about)  # type: ignore[arg-type]
        return await self.alerts.definitions.create(self.site.actor, wanted)

    async def send(self, device: DeviceRef, *values: float) -> None:
        for value in values:
            self.clock.us += SECOND_US
            await self.site.server.telemetry.ingest([NewReading(device, b'{"t": %g}' % value)])

    async def settle(self, seconds: float = 2) -> list[tuple[object, str | None]]:
        """Let time go on, and the worker do what there is to do: values of all occurrences, and why they ended."""
        self.clock.us += round(seconds * SECOND_US)
        self.clock.s += seconds
        while await self.alerts.worker.step():
            pass
        return [(one.value, one.clear_reason.value if one.clear_reason else None) for one in await events(self.site)]


async def values(site: Site) -> list[object]:
    return [one.value for one in await events(site)]


async def noted(site: Site, room: DeviceRef) -> object:
    return (await site.server.devices.get(site.actor, room.id)).noted


async def until(look: Callable[[], Awaitable[object]], wanted: object) -> None:
    """Wait until what is looked at is what is wanted."""
    for _ in range(1_200):
        if await look() == wanted:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"{await look()}, not {wanted}")


async def test_restarts_keep_what_was_seen(tmp_path: Path) -> None:
    clock = HeldClock()
    async with open_site(tmp_path, clock, run_workers=False) as site:
        here = Watched(site, clock)
        room = await here.add_device()
        await here.define(WARM, room, for_us=10 * SECOND_US)
        await here.send(room, 7, 7, 7)
        assert await here.settle(8) == [], "it has not held for long enough"
    async with open_site(tmp_path, clock, run_workers=False) as site:
        here = Watched(site, clock)
        await here.send(room, 8)
        assert await here.settle() == [(8, None)]
    async with open_site(tmp_path, clock, run_workers=False) as site:
        here = Watched(site, clock)
        assert await here.settle() == [(8, None)], "raised once"
        await here.send(room, 5)
        assert await here.settle() == [(8, "condition")]


async def test_silence_counts_from_the_start_of_the_server(tmp_path: Path) -> None:
    clock = HeldClock()
    async with open_site(tmp_path, clock, run_workers=False) as site:
        here = Watched(site, clock)
        room = await here.add_device()
        await here.define(NoData(60 * SECOND_US))
        await here.settle(0)
        await here.send(room, 1)
        assert await here.settle(55) == []
        assert await here.settle(10) == [(None, None)]
        await here.send(room, 1)
        assert await here.settle(0) == [(None, "condition")]
    clock.us += 3600 * SECOND_US
    async with open_site(tmp_path, clock, run_workers=False) as site:
        here = Watched(site, clock)
        await here.settle(0)
        assert len(await here.settle(58)) == 1, "nobody could report while the server was away"
        assert len(await here.settle(5)) == 2
        later = await here.add_device()
        here.alerts.worker.device_changed(later.id)
        assert len(await here.settle(58)) == 2
        assert len(await here.settle(5)) == 3, "a device that never reports is silent too"


async def test_the_first_change_of_connectivity_after_a_restart_counts(tmp_path: Path) -> None:
    """The stored position is 0 when no device has ever changed: a position like any other."""
    clock = HeldClock()
    async with open_site(tmp_path, clock, run_workers=False) as site:
        here = Watched(site, clock)
        room = await here.add_device()
        await here.define(ConnectivityIs("offline"), room)
        assert await here.settle() == []
    async with open_site(tmp_path, clock, run_workers=False) as site:
        here = Watched(site, clock)
        reported = {room.id: (clock.us, Reason.LOST)}
        async with site.server.database.transaction(site.actor.org_id) as tx:
            await ConnectivityRecorder(site.server.ids).note(tx, Connectivity.OFFLINE, reported)
        assert await here.settle() == [("offline", None)]


async def test_connectivity_is_followed(tmp_path: Path) -> None:
    clock = HeldClock()
    async with open_site(tmp_path, clock) as site:
        here = Watched(site, clock)
        room = await here.add_device()
        await here.define(ConnectivityIs("offline"), room)
        clock.us += SECOND_US
        site.server.connectivity.connected(room, clock.us)
        await until(lambda: noted(site, room), Connectivity.ONLINE)
        clock.us += SECOND_US
        site.server.connectivity.disconnected(room, DisconnectReason.LOST, clock.us)
        await until(lambda: values(site), ["offline"])


async def test_a_write_that_fails_is_done_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = HeldClock()
    async with open_site(tmp_path, clock, run_workers=False) as site:
        here = Watched(site, clock)
        room = await here.add_device()
        await here.define(WARM, room)
        await here.settle()
        await here.send(room, 7, 5, 8)
        write, fails = here.alerts.worker._notes.write, [2]

        async def failing(*args: object) -> None:
            fails[0] -= 1
            if not fails[0]:
                raise Unavailable(reason="the disk is full")
            await write(*args)  # type: ignore[arg-type]

        monkeypatch.setattr(here.alerts.worker._notes, "write", failing)
        with pytest.raises(Unavailable):
            await here.settle()
        assert await events(site) == []
        assert await here.settle() == [(7, "condition"), (8, None)]


async def test_what_changes_meanwhile_goes_before(tmp_path: Path) -> None:
    clock = HeldClock()
    async with open_site(tmp_path, clock, run_workers=False) as site:
        here = Watched(site, clock)
        room, other = await here.add_device(), await here.add_device()
        alert = await here.define(WARM)
        await here.send(room, 7)
        await here.send(other, 7)
        await here.settle()
        first = (await events(site))[0]
        await here.send(room, 5)
        await here.alerts.occurrences.clear(site.actor, first.id)  # by hand, before the worker sees the reading
        assert await here.settle() == [(7, "manual"), (7, None)]
        await here.send(room, 9)
        await here.alerts.definitions.update(site.actor, alert.id, AlertPatch(enabled=False))
        assert await here.settle() == [(7, "manual"), (7, "changed")], "it watches no more"
        await here.alerts.definitions.update(site.actor, alert.id, AlertPatch(enabled=True))
        await here.send(room, 9)
        assert (await here.settle())[2:] == [(9, None)]
        await site.server.devices.delete(site.actor, other.id)
        await here.send(room, 5)
        while await site.server.workers.outbox.step():
            pass
        assert await here.settle() == [(7, "manual"), (7, "changed"), (9, "condition")], "the history outlives the device"


async def test_more_than_memory_holds_is_read_from_the_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("penstock.workers.alerts.MAX_WAITING", 3)
    monkeypatch.setattr("penstock.workers.alerts.STEP_ROWS", 4)
    clock = HeldClock()
    async with open_site(tmp_path, clock, run_workers=False) as site:
        here = Watched(site, clock)
        room, other = await here.add_device(), await here.add_device()
        await here.define(WARM, room)
        for _ in range(3):
            await here.settle()
            await here.send(room, 7, 5)
            await here.send(other, *range(7, 20))
            await here.send(room, 8, 4, 9, 3)
        assert await here.settle() == [(7, "condition"), (8, "condition"), (9, "condition")] * 3
        assert here.alerts.worker.lag == 0


async def test_a_paused_device_is_not_missed(tmp_path: Path) -> None:
    clock = HeldClock()
    async with open_site(tmp_path, clock, run_workers=False) as site:
        here = Watched(site, clock)
        room = await here.add_device()
        await here.define(NoData(60 * SECOND_US), room)
        await here.settle()
        await site.server.devices.set_status(site.actor, room.id, DeviceStatus.PAUSED)
        assert await here.settle(100) == []
        await site.server.devices.set_status(site.actor, room.id, DeviceStatus.ACTIVE)
        await here.settle(0)
        assert await here.settle(58) == []
        assert await here.settle(5) == [(None, None)]
