"""What one client may cost: pace, connections, unanswered messages, and a disk that is behind. Nothing is lost by any."""

from __future__ import annotations

import asyncio
import contextlib
import time
from pathlib import Path

import msgspec
import pytest

from penstock.core.devices.connectivity import ConnectivityQuery
from penstock.core.devices.connectivity_service import ConnectivityService
from penstock.core.devices.models import Connectivity
from penstock.core.telemetry.errors import DiskFull
from penstock.core.telemetry.models import Reading
from penstock.ingress.mqtt.protocol import packets as m
from penstock.ingress.mqtt.protocol.encoding import encode
from penstock.workers.connectivity import ConnectivityWorker
from tests.ingress.mqtt.inside import Client, inside
from tests.support.waiting import CEILING_S


def readings(client: Client, count: int) -> list[m.Publish]:
    return [m.Publish(f"d/{client.id}/t", b'{"n":%d}' % number, 1, number) for number in range(1, count + 1)]


async def answers(client: Client, count: int) -> list[int]:
    """The packet identifiers of so many acknowledgements."""
    found = [await client.receive() for _ in range(count)]
    return [one.packet_id for one in found if isinstance(one, m.Ack)]


async def test_a_device_above_its_pace_is_slowed_and_loses_nothing(tmp_path: Path) -> None:
    async with inside(tmp_path, mqtt__max_messages_per_s=100) as site:
        made = await site.new_device()
        client = Client(site, made, m.V311)
        await client.connect()
        began = time.monotonic()
        client.send(*readings(client, 400))
        assert len(await answers(client, 400)) == 400
        client.send(m.Ping())
        assert await client.receive() == m.Ping(m.Kind.PINGRESP)
        assert time.monotonic() - began > 2.5
        assert len(await site.stored(made)) == 400


async def test_a_full_log_holds_devices_back_and_loses_nothing(tmp_path: Path) -> None:
    async with inside(tmp_path, log__max_queued_readings=20) as site:
        clients = []
        for _ in range(8):
            made = await site.new_device()
            client = Client(site, made, m.V311)
            await client.connect()
            clients.append((client, made))
        for client, _ in clients:
            client.send(*readings(client, 500))
        for client, made in clients:
            assert await answers(client, 500) == list(range(1, 501))
            assert await site.stored(made) == [b'{"n":%d}' % number for number in range(1, 501)]


async def test_connections_beyond_the_limit_are_closed(tmp_path: Path) -> None:
    async with inside(tmp_path, mqtt__max_connections=2) as site:
        made = await site.new_device()
        for name in ("one", "two"):
            await Client(site, made).connect(client_id=name)
        with pytest.raises(ConnectionError):
            await Client(site, made).connect(client_id="three")
        assert site.server.parts.mqtt.connections == 2


async def test_strangers_of_one_address_are_few_and_only_for_a_moment(tmp_path: Path) -> None:
    limits = {"mqtt__max_connecting_per_address": 3, "mqtt__connect_timeout_s": 1.5}
    async with inside(tmp_path, **limits) as site:
        made = await site.new_device()
        idle = [await site.open_socket() for _ in range(3)]
        with pytest.raises(ConnectionError):
            await Client(site, made).connect()
        for reader, _ in idle:
            with contextlib.suppress(ConnectionError):
                assert await asyncio.wait_for(reader.read(1), CEILING_S) == b""
        client = Client(site, made)
        assert (await client.connect()).code == 0
        await client.close()


async def test_the_plans_readings_of_a_month_are_a_limit_that_names_itself(tmp_path: Path) -> None:
    async with inside(tmp_path) as site:
        made = await site.new_device()
        plans = site.server.plans
        limited = type(plans.named("free"))(monthly_readings=5)
        plans.plans = {**plans.plans, "enterprise": limited}
        client = Client(site, made)
        await client.connect()
        client.send(*readings(client, 8))
        found = [await client.receive() for _ in range(8)]
        assert [one.reason for one in found if isinstance(one, m.Ack)] == [0] * 5 + [m.Reason.QUOTA_EXCEEDED] * 3
        assert isinstance(found[7], m.Ack)
        assert "5 readings per month" in found[7].properties[m.Property.REASON_STRING]
        older = Client(site, made, m.V311)
        await older.connect()
        older.send(*readings(older, 1))
        assert await older.receive() is None
        assert len(await site.stored(made)) == 5


async def test_what_the_disk_refuses_is_not_part_of_the_month(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with inside(tmp_path) as site:
        made = await site.new_device()
        plans = site.server.plans
        plans.plans = {**plans.plans, "enterprise": type(plans.named("free"))(monthly_readings=5)}

        async def left() -> int | None:
            state = await site.server.monthly.peek(site.actor.org_id)
            return state.remaining if state else None

        def full(_: object) -> list[Reading]:
            raise DiskFull

        client = Client(site, made)
        await client.connect()
        with monkeypatch.context() as patched:
            patched.setattr(site.server.log._writer, "write", full)
            client.send(*readings(client, 5))
            assert not any(isinstance(one, m.Ack) and one.reason == 0 for one in [await client.receive() for _ in range(5)])
            assert await left() == 5
        again = Client(site, made)
        await again.connect()
        again.send(*readings(again, 5))
        assert [one.reason for one in [await again.receive() for _ in range(5)] if isinstance(one, m.Ack)] == [0] * 5
        assert await left() == 0
        assert len(await site.stored(made)) == 5


async def test_the_end_of_the_server_acknowledges_what_it_has_and_says_goodbye(tmp_path: Path) -> None:
    async with inside(tmp_path) as site:
        made = await site.new_device()
        client = Client(site, made)
        await client.connect(will=m.Will(f"d/{client.id}/s", b"offline"))
        client.send(*readings(client, 50))
        await client.receive()
        await site.server.parts.mqtt.stop()
        told = []
        while (packet := await client.receive()) is not None:
            told.append(packet)
        *acks, last = told
        assert isinstance(last, m.Disconnect)
        assert last.reason == m.Reason.SHUTTING_DOWN
        assert len(acks) == 49
        assert b'{"status":"offline"}' not in await site.stored(made)


async def test_the_end_of_the_server_makes_no_device_offline(tmp_path: Path) -> None:
    async with inside(tmp_path) as site:
        made = await site.new_device()
        await Client(site, made).connect()
        await site.server.parts.mqtt.stop()
        (worker,) = [one for one in site.server.connectivity._listeners if isinstance(one, ConnectivityWorker)]
        await worker.step()
        changes = await ConnectivityService(site.server.database).history(
            site.actor, ConnectivityQuery(device_id=made.device.id), 100, None
        )
        assert [one.state for one in changes.items] == [Connectivity.ONLINE]


@pytest.mark.parametrize("version", [m.V311, m.V5])
async def test_a_full_disk_acknowledges_nothing_and_what_is_repeated_is_stored_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: int
) -> None:
    """The disk is full for one commit. The device is sent away, comes back and repeats; nothing is lost or doubled."""
    async with inside(tmp_path) as site:
        made = await site.new_device()
        write, failures = site.server.log._writer.write, iter([DiskFull(), None])

        def full_at_first(readings: list[Reading]) -> list[Reading]:
            error = next(failures, None)
            if error is not None:
                raise error
            return write(readings)

        client = Client(site, made, version)
        await client.connect()
        monkeypatch.setattr(site.server.log._writer, "write", full_at_first)
        client.send(*readings(client, 10))
        told = await client.receive()
        if version == m.V5:
            assert isinstance(told, m.Disconnect)
            assert told.reason == m.Reason.SERVER_BUSY
            assert "disk is full" in told.properties[m.Property.REASON_STRING]
        else:
            assert told is None
        again = Client(site, made, version)
        await again.connect()
        again.send(*[msgspec.structs.replace(one, dup=True) for one in readings(again, 10)])
        assert await answers(again, 10) == list(range(1, 11))
        assert await site.stored(made) == [b'{"n":%d}' % number for number in range(1, 11)]


async def test_a_client_that_reads_nothing_is_cut_and_others_go_on(tmp_path: Path) -> None:
    async with inside(tmp_path, mqtt__write_stall_timeout_s=0.5, mqtt__max_messages_per_s=1_000_000) as site:
        made, other = await site.new_device(), await site.new_device()
        reader, writer = await site.open_socket(4096)
        stalled = Client(site, made)
        hello = m.Connect(m.V5, stalled.id, True, 60, stalled.id, made.access_token.encode())
        writer.write(encode(hello, m.V5))
        await reader.readexactly(4)
        reader._transport.pause_reading()  # type: ignore[attr-defined]
        with contextlib.suppress(ConnectionError):
            async with asyncio.timeout(CEILING_S):
                while not writer.is_closing():
                    writer.write(encode(m.Ping(), m.V5) * 10_000)
                    await writer.drain()
                    await asyncio.sleep(0)
        async with asyncio.timeout(CEILING_S):
            while site.server.parts.mqtt.connections:
                await asyncio.sleep(0.05)
        client = Client(site, other)
        await client.connect()
        client.send(*readings(client, 5))
        assert await answers(client, 5) == [1, 2, 3, 4, 5]


async def test_an_organisation_whose_plan_is_gone_is_told_and_others_go_on(tmp_path: Path) -> None:
    """The operator took a plan out of the settings while an organisation is on it."""
    async with inside(tmp_path) as site:
        made = await site.new_device()
        client = Client(site, made)
        await client.connect()
        plans = site.server.plans
        plans.plans = {name: plan for name, plan in plans.plans.items() if name != "enterprise"}
        client.send(*readings(client, 3))
        told = await client.receive()
        assert isinstance(told, m.Disconnect)
        assert told.reason == m.Reason.SERVER_BUSY
        assert await site.stored(made) == []
