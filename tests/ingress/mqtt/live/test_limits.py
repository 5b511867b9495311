"""Programs that listen and cost too much, or may no longer listen: what only the inside shows."""

from __future__ import annotations

import asyncio
from pathlib import Path

from penstock.core.devices.models import CreatedDevice
from penstock.core.telemetry.models import NewReading
from penstock.core.tenancy.models import KeyRequest
from penstock.ingress.mqtt import live
from penstock.ingress.mqtt.protocol import packets as m
from penstock.ingress.mqtt.protocol.codec import Decoder
from penstock.ingress.mqtt.protocol.encoding import encode
from penstock.kit.clock import SECOND_US
from tests.ingress.mqtt.inside import PATIENCE_S, Inside, inside


class Listener:
    """A program's connection."""

    def __init__(self, site: Inside, key: str) -> None:
        self._site, self._key = site, key
        self._decoder = Decoder(1 << 24, m.V5)

    async def connect(self, client_id: str = "", **options: object) -> m.Packet | None:
        self.reader, self._writer = await self._site.open_socket()
        values = {"clean": True, "keep_alive_s": 60, "user": "api-key", "password": self._key.encode()} | options
        self.send(m.Connect(m.V5, client_id, **values))  # type: ignore[arg-type]
        return await self.receive()

    def send(self, *packets: m.Packet) -> None:
        self._writer.write(b"".join(encode(packet, m.V5) for packet in packets))

    async def receive(self) -> m.Packet | None:
        while (packet := self._decoder.next()) is None:
            async with asyncio.timeout(PATIENCE_S):
                data = await self.reader.read(65_536)
            if not data:
                return None
            self._decoder.feed(data)
        return packet

    async def listen(self, topic: str = "live/#") -> None:
        self.send(m.Subscribe(1, [m.Subscription(topic, 1)]))
        assert await self.receive() == m.SubAck(m.Kind.SUBACK, 1, [0])


async def new_key(site: Inside, **about: object) -> str:
    wanted = KeyRequest(name="program", scopes=frozenset({"telemetry:read"}), **about)  # type: ignore[arg-type]
    return (await site.server.keys.create(site.actor, wanted)).value


async def report(site: Inside, made: CreatedDevice, payload: bytes) -> None:
    telemetry = site.server.telemetry
    device = await site.server.directory.get(site.actor.org_id, made.device.id)
    await telemetry.append(telemetry.receive([NewReading(device, payload)]))


def reason_of(packet: m.Packet | None) -> int:
    assert isinstance(packet, m.Disconnect | m.ConnAck)
    return packet.reason if isinstance(packet, m.Disconnect) else packet.code


async def test_a_program_that_takes_nothing_is_cut_and_others_go_on(tmp_path: Path) -> None:
    async with inside(tmp_path) as site:
        key, made = await new_key(site), await site.new_device()
        stalled, listener = Listener(site, key), Listener(site, key)
        for one in (stalled, listener):
            await one.connect()
            await one.listen()
        stalled.reader._transport.pause_reading()  # type: ignore[attr-defined]
        payload = b'{"v":"%b"}' % (b"x" * 60_000)
        sent = 2 * live.MAX_WAITING_BYTES // len(payload) + 100
        for _ in range(sent):
            await report(site, made, payload)
            packet = await listener.receive()
            assert isinstance(packet, m.Publish)
        assert site.server.parts.mqtt._live.count(site.actor.org_id) == 1
        stalled.reader._transport.resume_reading()  # type: ignore[attr-defined]
        last: m.Packet | None = None
        while (packet := await stalled.receive()) is not None:
            last = packet
        assert reason_of(last) == m.Reason.QUOTA_EXCEEDED


async def test_so_many_programs_and_no_more_may_be_connected(tmp_path: Path) -> None:
    async with inside(tmp_path, mqtt__max_programs_per_org=2) as site:
        key = await new_key(site)
        answers = [reason_of(await Listener(site, key).connect()) for _ in range(3)]
        assert answers == [0, 0, m.Reason.QUOTA_EXCEEDED]


async def test_a_session_ends_with_its_connection(tmp_path: Path) -> None:
    async with inside(tmp_path) as site:
        listener = Listener(site, await new_key(site))
        answer = await listener.connect("dashboard", clean=False, properties={m.Property.SESSION_EXPIRY_S: 600})
        assert isinstance(answer, m.ConnAck)
        assert answer.properties[m.Property.SESSION_EXPIRY_S] == 0
        assert not answer.session_present


async def test_a_key_that_runs_out_is_cut_off(tmp_path: Path) -> None:
    async with inside(tmp_path) as site:
        expires_us = site.server.clock.now_us() + SECOND_US
        listener = Listener(site, await new_key(site, expires_us=expires_us))
        assert reason_of(await listener.connect()) == 0
        assert reason_of(await listener.receive()) == m.Reason.NOT_AUTHORIZED
        assert site.server.clock.now_us() - expires_us < SECOND_US


async def test_a_hundred_filters_and_no_more(tmp_path: Path) -> None:
    async with inside(tmp_path) as site:
        listener = Listener(site, await new_key(site))
        await listener.connect()
        codes: list[int] = []
        for start in (0, 51):
            listener.send(m.Subscribe(1, [m.Subscription(f"live/{start + number}/t") for number in range(51)]))
            answer = await listener.receive()
            assert isinstance(answer, m.SubAck)
            codes += answer.codes
        assert codes == [0] * live.MAX_SUBSCRIPTIONS + [m.Reason.QUOTA_EXCEEDED] * 2
        listener.send(m.Unsubscribe(2, ["live/0/t", "live/x/t"]))
        assert await listener.receive() == m.SubAck(m.Kind.UNSUBACK, 2, [0, m.Reason.NO_SUBSCRIPTION_EXISTED])


async def test_programs_are_told_that_the_server_stops(tmp_path: Path) -> None:
    async with inside(tmp_path) as site:
        listener = Listener(site, await new_key(site))
        await listener.connect()
        stopping = asyncio.ensure_future(site.server.parts.mqtt.stop())
        assert reason_of(await listener.receive()) == m.Reason.SHUTTING_DOWN
        await stopping
