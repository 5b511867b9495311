"""Writers over MQTT, in the manner of `writers.py`: unique values, a list of what was acknowledged, many unanswered at a time.

Three kinds. One names its messages by a key of its own (QoS 1), one relies on QoS 2: both repeat what they got no answer
for, with DUP, as the specification wants. One has neither and never repeats itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import math
from dataclasses import dataclass, field

from penstock.ingress.mqtt.protocol import packets as m
from penstock.ingress.mqtt.protocol.codec import Decoder
from penstock.ingress.mqtt.protocol.encoding import encode

from .site import Device
from .wire import Answer
from .writers import PATIENCE_S, Sent

WINDOW = 8


@dataclass
class _Exchange:
    value: str
    released: bool = False


@dataclass
class MqttWriter:
    """One device's connection. `port` is where the server listens now."""

    name: str
    device: Device
    qos: int
    version: int = m.V5
    keyed: bool = True
    window: int = WINDOW
    port: int = 0
    acked: list[str] = field(default_factory=list)
    maybe: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    refusals: list[Answer] = field(default_factory=list)
    torn: int = 0
    told: int | None = None
    """Why the server disconnected; only MQTT 5 says."""
    _open: dict[int, _Exchange] = field(default_factory=dict)
    _numbers: itertools.count[int] = field(default_factory=itertools.count)

    @property
    def unsure(self) -> Sent | None:
        """What was sent and not acknowledged."""
        return Sent(tuple(one.value for one in self._open.values()), b"") if self._open else None

    async def run(self, base_url: str, stop: asyncio.Event | None = None, limit: int | None = None) -> None:
        """Send until told to stop, until the server is gone, or so many messages, those repeated included."""
        if not self.keyed:
            self.maybe += [one.value for one in self._open.values()]
            self._open.clear()
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            try:
                await asyncio.wait_for(self._converse(reader, writer, stop, limit), PATIENCE_S)
            finally:
                writer.close()

    async def _converse(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, stop: asyncio.Event | None, limit: int | None
    ) -> None:
        decoder = Decoder(1 << 20, self.version)
        hello = m.Connect(self.version, self.name, False, 60, self.device.id, self.device.token.encode())
        writer.write(encode(hello, self.version))
        for number, one in self._open.items():
            writer.write(self._packet(number, one, dup=True))
        budget = math.inf if limit is None else limit - len(self._open)
        done = False
        while True:
            data = await reader.read(65_536)
            if not data:
                return
            decoder.feed(data)
            while (packet := decoder.next()) is not None:
                self._take(packet, writer)
            while len(self._open) < self.window and not (done := budget <= 0 or (stop is not None and stop.is_set())):
                budget -= 1
                count = next(self._numbers)
                number = count % 65_535 + 1
                self._open[number] = _Exchange(f"{self.name}-{count}")
                writer.write(self._packet(number, self._open[number], dup=False))
            if done and not self._open:
                writer.write(encode(m.Disconnect(), self.version))
                return

    def _take(self, packet: m.Packet, writer: asyncio.StreamWriter) -> None:
        if isinstance(packet, m.ConnAck):
            assert packet.code == 0, packet
            return
        if isinstance(packet, m.Disconnect):
            self.told = packet.reason
            return
        assert isinstance(packet, m.Ack), packet
        if packet.kind == m.Kind.PUBREC:
            self._open[packet.packet_id].released = True
            writer.write(encode(m.Ack(m.Kind.PUBREL, packet.packet_id), self.version))
            return
        assert packet.reason in {m.Reason.SUCCESS, m.Reason.PACKET_ID_NOT_FOUND}, packet
        self.acked.append(self._open.pop(packet.packet_id).value)

    def _packet(self, number: int, one: _Exchange, *, dup: bool) -> bytes:
        if one.released:
            return encode(m.Ack(m.Kind.PUBREL, number), self.version)
        named = {m.Property.USER_PROPERTY: [("dedupe_key", one.value)]} if self.keyed and self.qos == 1 else {}
        publish = m.Publish(f"d/{self.device.id}/t", b'{"v": "%s"}' % one.value.encode(), self.qos, number, dup, properties=named)
        return encode(publish, self.version)


def mqtt_fleet(devices: list[Device]) -> list[MqttWriter]:
    """Writers of every kind, over some devices."""
    chosen = itertools.cycle(devices)
    kinds = {
        "named": {"qos": 1},
        "exactly5": {"qos": 2},
        "exactly311": {"qos": 2, "version": m.V311},
        "plain5": {"qos": 1, "keyed": False},
        "plain311": {"qos": 1, "version": m.V311, "keyed": False},
    }
    return [
        MqttWriter(f"{name}{number}", next(chosen), **options)  # type: ignore[arg-type]
        for name, options in kinds.items()
        for number in range(2)
    ]
