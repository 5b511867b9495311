"""Connectivity over restarts: nobody is told of what did not happen."""

from __future__ import annotations

from pathlib import Path

from penstock.core.actor import Actor
from penstock.core.devices.connectivity import ConnectivityQuery
from penstock.core.devices.connectivity_service import ConnectivityService
from penstock.core.devices.link import DisconnectReason
from penstock.core.devices.models import Connectivity, DevicePatch, DeviceRef
from penstock.core.telemetry.models import NewReading
from penstock.kit.clock import DAY_US, HOUR_US, MINUTE_US, SECOND_US
from penstock.workers.connectivity import ConnectivityWorker
from tests.support.commands import Site, open_site
from tests.support.days import HeldClock, PassingClock


def worker_of(site: Site) -> ConnectivityWorker:
    found = [one for one in site.server.connectivity._listeners if isinstance(one, ConnectivityWorker)]
    return found[0]


async def ref(site: Site, device: Actor) -> DeviceRef:
    return await site.server.directory.get(site.actor.org_id, device.id)


async def report(site: Site, device: Actor) -> None:
    """A reading of the device, looked at by the observer."""
    telemetry = site.server.telemetry
    await telemetry.append(telemetry.receive([NewReading(await ref(site, device), b'{"v":1}')]))
    await site.server.workers.observer.step()


async def noted(site: Site, device: Actor | DeviceRef) -> list[tuple[str, str]]:
    page = await ConnectivityService(site.server.database).history(site.actor, ConnectivityQuery(device_id=device.id), 100, None)
    return [(one.state.value, one.reason.value) for one in page.items]


async def state(site: Site, device: Actor) -> Connectivity:
    found = await site.server.devices.get(site.actor, device.id)
    return found.connectivity(site.server.clock.now_us(), 300 * SECOND_US)


async def test_after_a_restart_each_device_has_its_own_time_to_be_heard_of(tmp_path: Path) -> None:
    clock = HeldClock()
    async with open_site(tmp_path, clock, run_workers=False) as site:
        quick, slow = await site.add_device("quick"), await site.add_device("slow")
        patch = DevicePatch(expected_interval_us=HOUR_US)
        await site.server.devices.update(site.actor, slow.id, patch)
        await worker_of(site).step()
        for device in (quick, slow):
            await report(site, device)
        assert await noted(site, quick) == [("online", "reading")]
    clock.us += 10 * HOUR_US  # nobody could report meanwhile
    async with open_site(tmp_path, clock, run_workers=False) as site:
        worker = worker_of(site)
        await worker.step()
        assert [await state(site, one) for one in (quick, slow)] == [Connectivity.ONLINE] * 2
        clock.us += 4 * MINUTE_US
        await worker.step()
        assert await noted(site, quick) == [("online", "reading")]
        clock.us += 2 * MINUTE_US
        await worker.step()
        assert await noted(site, quick) == [("offline", "silent"), ("online", "reading")]
        assert await state(site, slow) is Connectivity.ONLINE
        clock.us += HOUR_US + 30 * MINUTE_US
        await worker.step()
        assert await noted(site, slow) == [("offline", "silent"), ("online", "reading")]
        await worker.step()
        assert len(await noted(site, slow)) == 2, "once is enough"


async def test_connections_that_a_stop_or_a_crash_ended_are_no_news_if_they_come_back(tmp_path: Path) -> None:
    clock = HeldClock()
    async with open_site(tmp_path, clock, run_workers=False) as site:
        device = await site.add_device()
        worker, listeners = worker_of(site), site.server.connectivity
        await worker.step()
        listeners.connected(await ref(site, device), clock.now_us())
        await worker.step()
        listeners.disconnected(await ref(site, device), DisconnectReason.STOPPING, clock.now_us())
        clock.us += 10 * MINUTE_US  # a stop may take its time
        await worker.step()
        assert await noted(site, device) == [("online", "connected")]
    clock.us += DAY_US
    async with open_site(tmp_path, clock, run_workers=False) as site:
        worker = worker_of(site)
        await worker.step()
        clock.us += MINUTE_US
        site.server.connectivity.connected(await ref(site, device), clock.now_us())
        await worker.step()
        clock.us += DAY_US
        await worker.step()
        assert await noted(site, device) == [("online", "connected")], "it is connected: its silence says nothing"
    async with open_site(tmp_path, clock, run_workers=False) as site:
        worker = worker_of(site)
        await worker.step()
        clock.us += 6 * MINUTE_US
        await worker.step()
        assert (await noted(site, device))[0] == ("offline", "silent"), "it did not come back"


async def test_a_device_that_comes_back_at_once_is_no_news(tmp_path: Path) -> None:
    clock = HeldClock()
    async with open_site(tmp_path, clock, run_workers=False) as site:
        device = await ref(site, await site.add_device())
        worker, listeners = worker_of(site), site.server.connectivity
        await worker.step()
        listeners.connected(device, clock.now_us())
        await worker.step()
        for _ in range(3):
            listeners.disconnected(device, DisconnectReason.LOST, clock.now_us())
            listeners.connected(device, clock.now_us())
        await worker.step()
        assert len(await noted(site, device)) == 1


async def test_a_reading_from_before_the_loss_does_not_bring_it_back(tmp_path: Path) -> None:
    clock = HeldClock()
    async with open_site(tmp_path, clock, run_workers=False) as site:
        device = await site.add_device()
        worker, listeners, known = worker_of(site), site.server.connectivity, await ref(site, device)
        await worker.step()
        listeners.connected(known, clock.now_us())
        await worker.step()
        clock.us += SECOND_US
        telemetry = site.server.telemetry
        await telemetry.append(telemetry.receive([NewReading(known, b'{"v":1}')]))
        clock.us += SECOND_US
        listeners.disconnected(known, DisconnectReason.LAST_WILL, clock.now_us())
        await worker.step()
        await site.server.workers.observer.step()
        assert (await noted(site, device))[0] == ("offline", "last_will")
        assert await state(site, device) is Connectivity.OFFLINE
        clock.us += SECOND_US
        await report(site, device)
        assert (await noted(site, device))[0] == ("online", "reading")


async def test_what_was_said_a_moment_ago_counts_before_it_is_noted(tmp_path: Path) -> None:
    clock = HeldClock()
    async with open_site(tmp_path, clock, run_workers=False) as site:
        device = await site.add_device()
        await worker_of(site).step()
        await report(site, device)
        clock.us += 10 * MINUTE_US
        telemetry = site.server.telemetry
        await telemetry.append(telemetry.receive([NewReading(await ref(site, device), b'{"v":2}')]))
        await worker_of(site).step()
        assert await noted(site, device) == [("online", "reading")]


async def test_a_device_that_is_deleted_meanwhile_disturbs_nobody(tmp_path: Path) -> None:
    async with open_site(tmp_path, run_workers=False) as site:
        gone, device = await site.add_device("gone"), await site.add_device()
        worker, listeners = worker_of(site), site.server.connectivity
        await worker.step()
        for one in (gone, device):
            listeners.connected(await ref(site, one), site.server.clock.now_us())
        await site.server.devices.delete(site.actor, gone.id)
        await worker.step()
        assert await noted(site, device) == [("online", "connected")]


async def test_history_is_kept_for_its_time(tmp_path: Path) -> None:
    clock = PassingClock()
    async with open_site(tmp_path, clock, run_workers=False) as site:
        device = await site.add_device()
        await worker_of(site).step()
        await report(site, device)
        clock.us += 93 * DAY_US
        await worker_of(site).step()
        assert await noted(site, device) == [("offline", "silent")]
        assert await state(site, device) is Connectivity.OFFLINE


async def test_a_device_that_comes_online_and_is_lost_at_once_is_offline(tmp_path: Path) -> None:
    clock = HeldClock()
    async with open_site(tmp_path, clock, run_workers=False) as site:
        device = await site.add_device()
        worker, listeners, telemetry = worker_of(site), site.server.connectivity, site.server.telemetry
        await worker.step()
        for lost in (1, 2):
            listeners.connected(await ref(site, device), clock.now_us())
            clock.us += SECOND_US // 10
            await telemetry.append(telemetry.receive([NewReading(await ref(site, device), b'{"v":1}')]))
            clock.us += SECOND_US // 10
            listeners.disconnected(await ref(site, device), DisconnectReason.LOST, clock.now_us())
            await worker.step()
            await site.server.workers.observer.step()  # the reading is from before the loss
            assert await noted(site, device) == [("offline", "lost"), ("online", "connected")] * lost
            assert await state(site, device) is Connectivity.OFFLINE
            clock.us += SECOND_US
        listeners.connected(await ref(site, device), clock.now_us())
        listeners.disconnected(await ref(site, device), DisconnectReason.LOST, clock.now_us())
        listeners.connected(await ref(site, device), clock.now_us())
        await worker.step()
        assert (await noted(site, device))[0] == ("online", "connected")
        assert len(await noted(site, device)) == 5, "it came back at once"
