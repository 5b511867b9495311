"""Down to the device: commands reach who listens, and are done when the device says so. And who is connected."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from penstock.core.devices.errors import DeliveryRefused, DeliveryUnconfirmed, DeviceBusy, DeviceNotConnected
from penstock.core.devices.link import DisconnectReason
from penstock.core.devices.models import CreatedDevice, DeviceRef
from penstock.ingress.mqtt.protocol import packets as m

from .inside import PATIENCE_S, Client, Inside, inside

COMMAND = b'{"command":"restart"}'


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Inside]:
    async with inside(tmp_path) as running:
        yield running


@pytest.fixture
async def made(site: Inside) -> CreatedDevice:
    return await site.new_device()


async def command(client: Client) -> m.Publish:
    packet = await client.receive()
    assert isinstance(packet, m.Publish)
    return packet


@pytest.mark.parametrize("version", [m.V311, m.V5])
async def test_a_command_is_done_when_the_device_acknowledges_it(site: Inside, made: CreatedDevice, version: int) -> None:
    client = Client(site, made, version)
    await client.connect()
    await client.listen()
    sent = asyncio.ensure_future(site.server.parts.mqtt.presence.deliver(made.device.id, COMMAND, "cmd_1"))
    got = await command(client)
    assert (got.topic, got.payload, got.qos) == (f"d/{client.id}/c", COMMAND, 1)
    assert got.properties == ({m.Property.USER_PROPERTY: [("command_id", "cmd_1")]} if version == m.V5 else {})
    await asyncio.sleep(0.05)
    assert not sent.done()
    client.send(m.Ack(m.Kind.PUBACK, got.packet_id))
    assert await sent is True


async def test_a_device_that_listens_at_qos_0_acknowledges_nothing(site: Inside, made: CreatedDevice) -> None:
    client = Client(site, made)
    await client.connect()
    await client.listen("#", qos=0)
    assert await site.server.parts.mqtt.presence.deliver(made.device.id, COMMAND, "cmd_1") is False
    assert (await command(client)).payload == COMMAND


async def test_the_older_topic_serves_those_who_listen_there(site: Inside, made: CreatedDevice) -> None:
    client = Client(site, made)
    await client.connect()
    client.send(m.Subscribe(1, [m.Subscription(f"devices/{client.id}/commands", 1)]))
    await client.receive()
    site.server.parts.mqtt.presence.deliver(made.device.id, COMMAND, "cmd_1")
    assert (await command(client)).topic == f"devices/{client.id}/commands"


async def test_who_is_not_connected_or_does_not_listen_is_named(site: Inside, made: CreatedDevice) -> None:
    mqtt = site.server.parts.mqtt.presence
    with pytest.raises(DeviceNotConnected):
        mqtt.deliver(made.device.id, COMMAND, "cmd_1")
    client = Client(site, made)
    await client.connect()
    assert not mqtt.is_listening(made.device.id)
    with pytest.raises(DeviceNotConnected):
        mqtt.deliver(made.device.id, COMMAND, "cmd_1")
    await client.listen()
    assert mqtt.is_listening(made.device.id)
    client.send(m.Unsubscribe(2, [f"d/{client.id}/c", "x"]))
    assert await client.receive() == m.SubAck(m.Kind.UNSUBACK, 2, [0, m.Reason.NO_SUBSCRIPTION_EXISTED])
    assert not mqtt.is_listening(made.device.id)


async def test_a_session_goes_on_listening_when_its_client_returns(site: Inside, made: CreatedDevice) -> None:
    expiry = {m.Property.SESSION_EXPIRY_S: 60}
    client = Client(site, made)
    await client.connect(clean=False, properties=expiry)
    await client.listen()
    await client.close()
    again = Client(site, made)
    assert (await again.connect(clean=False, properties=expiry)).session_present
    site.server.parts.mqtt.presence.deliver(made.device.id, COMMAND, "cmd_1")
    assert (await command(again)).payload == COMMAND


async def test_a_connection_that_ends_leaves_it_open_whether_the_command_arrived(site: Inside, made: CreatedDevice) -> None:
    client = Client(site, made)
    await client.connect()
    await client.listen()
    sent = site.server.parts.mqtt.presence.deliver(made.device.id, COMMAND, "cmd_1")
    await command(client)
    await client.close()
    with pytest.raises(DeliveryUnconfirmed):
        await asyncio.wait_for(sent, PATIENCE_S)


async def test_what_the_device_refuses_is_refused(site: Inside, made: CreatedDevice) -> None:
    client = Client(site, made)
    await client.connect(properties={m.Property.MAXIMUM_PACKET_SIZE: 200})
    await client.listen()
    with pytest.raises(DeliveryRefused, match="larger"):
        site.server.parts.mqtt.presence.deliver(made.device.id, b"x" * 200, "cmd_1")
    sent = site.server.parts.mqtt.presence.deliver(made.device.id, COMMAND, "cmd_2")
    client.send(m.Ack(m.Kind.PUBACK, (await command(client)).packet_id, m.Reason.NOT_AUTHORIZED))
    with pytest.raises(DeliveryRefused, match="0x87"):
        await sent
    assert site.server.parts.mqtt.presence.has_room(made.device.id)


async def test_a_device_is_sent_no_more_than_it_takes_at_once(site: Inside, made: CreatedDevice) -> None:
    client = Client(site, made)
    await client.connect(properties={m.Property.RECEIVE_MAXIMUM: 2})
    await client.listen()
    links, device_id = site.server.links, made.device.id
    assert links.has_room(device_id)
    sent = [links.deliver(device_id, b"%d" % number, str(number)) for number in range(2)]
    assert links.is_listening(device_id)
    assert not links.has_room(device_id)
    with pytest.raises(DeviceBusy):
        links.deliver(device_id, COMMAND, "one too many")
    for number in range(2):
        seen = await command(client)
        assert seen.payload == b"%d" % number
        client.send(m.Ack(m.Kind.PUBACK, seen.packet_id))
    assert await asyncio.gather(*sent) == [True] * 2
    assert links.has_room(device_id)


class Heard:
    """Implements `ConnectivityListener`: keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def connected(self, device: DeviceRef, at_us: int) -> None:
        self.told.append("connected")

    def listening(self, device: DeviceRef, at_us: int) -> None:
        self.told.append("listening")

    def disconnected(self, device: DeviceRef, reason: DisconnectReason, at_us: int) -> None:
        self.told.append(reason)


async def test_listeners_hear_when_a_device_comes_waits_for_commands_and_goes(site: Inside, made: CreatedDevice) -> None:
    heard, expiry = Heard(), {m.Property.SESSION_EXPIRY_S: 60}
    site.server.connectivity.add(heard)
    client = Client(site, made)
    await client.connect(clean=False, properties=expiry)
    client.send(m.Subscribe(1, [m.Subscription(f"d/{client.id}/x", 1), m.Subscription("#", 1)]))
    await client.receive()
    assert heard.told == ["connected"]
    await client.listen()
    assert heard.told == ["connected", "listening"]
    client.send(m.Disconnect())
    assert await client.receive() is None
    await Client(site, made).connect(clean=False, properties=expiry)
    assert heard.told == ["connected", "listening", "goodbye", "connected", "listening"]


async def test_links_find_the_transport_by_which_a_device_listens(site: Inside, made: CreatedDevice) -> None:
    links = site.server.links
    with pytest.raises(DeviceNotConnected):
        links.deliver(made.device.id, COMMAND, "cmd_1")
    client = Client(site, made)
    await client.connect()
    await client.listen(qos=0)
    assert links.is_listening(made.device.id)
    assert await links.deliver(made.device.id, COMMAND, "cmd_1") is False


async def test_presence_follows_the_connections(site: Inside, made: CreatedDevice) -> None:
    presence, device_id = site.server.presence, made.device.id
    assert presence.find(device_id) is None
    first, second = Client(site, made), Client(site, made)
    await first.connect()
    assert presence.is_connected(device_id)
    await second.connect()  # the same client id: takes over
    await first.close()
    state = presence.find(device_id)
    assert state is not None
    assert (state.connections, state.reason) == (1, DisconnectReason.REPLACED)
    second.send(m.Disconnect())
    assert await second.receive() is None
    state = presence.find(device_id)
    assert state is not None
    assert (state.connections, state.reason) == (0, DisconnectReason.GOODBYE)


async def test_a_connection_that_just_breaks_is_lost(site: Inside, made: CreatedDevice) -> None:
    client = Client(site, made)
    await client.connect()
    client.writer.transport.abort()
    async with asyncio.timeout(PATIENCE_S):
        while site.server.presence.is_connected(made.device.id):
            await asyncio.sleep(0.01)
    state = site.server.presence.find(made.device.id)
    assert state is not None
    assert state.reason is DisconnectReason.LOST
