"""A whole server in this process, listening for MQTT, with a device that uses asyncio: for what only the inside shows."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from penstock.adapters.storage.data_dir import DataDir
from penstock.bootstrap import Server, open_server
from penstock.bootstrap.mqtt import listening
from penstock.core.actor import Actor
from penstock.core.devices.models import CreatedDevice, NewDevice
from penstock.ingress.mqtt.protocol import packets as m
from penstock.ingress.mqtt.protocol.codec import Decoder
from penstock.ingress.mqtt.protocol.encoding import encode
from penstock.kit.ids import Prefix
from penstock.kit.ids import encode as encode_id
from penstock.settings import load_settings
from tests.support.waiting import CEILING_S

PATIENCE_S = CEILING_S


class Inside:
    """The server, its MQTT port, and an organisation."""

    def __init__(self, server: Server, port: int, actor: Actor) -> None:
        self.server, self.port, self.actor = server, port, actor
        self.writers: list[asyncio.StreamWriter] = []

    async def open_socket(self, receive_bytes: int | None = None) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A bare connection, closed with the server; one that receives little is soon full."""
        bare = socket.socket()
        if receive_bytes is not None:
            bare.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
        bare.setblocking(False)
        await asyncio.get_running_loop().sock_connect(bare, ("127.0.0.1", self.port))
        reader, writer = await asyncio.open_connection(sock=bare)
        self.writers.append(writer)
        return reader, writer

    async def new_device(self) -> CreatedDevice:
        return await self.server.devices.create(self.actor, NewDevice(name="Pump"))

    async def stored(self, made: CreatedDevice) -> list[bytes]:
        """The payloads of a device, in the order of arrival."""
        readings = await self.server.log.read_after(0, 100_000)
        return [reading.payload for reading in readings if reading.device_id == made.device.id]


class Client:
    """A device's connection."""

    def __init__(self, inside: Inside, made: CreatedDevice, version: int = m.V5) -> None:
        self.id = encode_id(Prefix.DEVICE, made.device.id)
        self.version = version
        self._inside, self._token = inside, made.access_token
        self._decoder = Decoder(1 << 20, version)

    async def connect(self, **options: Any) -> m.ConnAck:
        self._reader, self.writer = await self._inside.open_socket()
        values = {"client_id": self.id, "clean": True, "keep_alive_s": 60} | options
        self.send(m.Connect(self.version, user=self.id, password=self._token.encode(), **values))
        answer = await self.receive()
        if not isinstance(answer, m.ConnAck):
            raise ConnectionError("the server let nobody in")
        return answer

    def send(self, *packets: m.Packet) -> None:
        self.writer.write(b"".join(encode(packet, self.version) for packet in packets))

    async def receive(self) -> m.Packet | None:
        """The next packet; None when the server closed the connection."""
        while (packet := self._decoder.next()) is None:
            async with asyncio.timeout(PATIENCE_S):
                data = await self._reader.read(65_536)
            if not data:
                return None
            self._decoder.feed(data)
        return packet

    async def listen(self, topic: str = "c", qos: int = 1) -> None:
        self.send(m.Subscribe(1, [m.Subscription(f"d/{self.id}/{topic}", qos)]))
        answer = await self.receive()
        assert isinstance(answer, m.SubAck)
        assert answer.codes == [min(qos, 1)]

    async def close(self) -> None:
        await _close(self.writer)


async def _close(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with contextlib.suppress(ConnectionError):
        await writer.wait_closed()


@asynccontextmanager
async def inside(folder: Path, **settings: object) -> AsyncIterator[Inside]:
    """A server whose settings are the defaults but for those given, such as `mqtt__max_inflight=5`."""
    flags = {name.replace("__", "."): value for name, value in settings.items()}
    loaded = load_settings(environment={}, flags={"mqtt.port": 0} | flags)
    async with open_server(DataDir(folder / "data"), loaded) as server, listening(server.parts.mqtt, loaded.mqtt) as addresses:
        made = await server.tenancy.bootstrap("Acme", "owner@example.org")
        running = Inside(server, int(addresses[0].rpartition(":")[2]), Actor.system(made.organization.id))
        try:
            yield running
        finally:
            for writer in running.writers:
                await _close(writer)
