"""A client on the other side of the protocol, and what it connects with."""

from __future__ import annotations

from typing import Any

from penstock.ingress.mqtt.protocol import packets as m
from penstock.ingress.mqtt.protocol.codec import Decoder
from penstock.ingress.mqtt.protocol.encoding import encode
from penstock.ingress.mqtt.protocol.handshake import Limits
from penstock.ingress.mqtt.protocol.server_side import Ended, Event, ServerProtocol
from penstock.ingress.mqtt.protocol.session import Session

LIMITS = Limits(max_packet_bytes=2048, max_inflight=3, keep_alive_max_s=100, session_expiry_max_s=1000, topic_aliases=2)

CONNECT = m.Connect(m.V5, "c", True, 60, "u", b"p")


class Peer:
    """A client on the other side of the machine."""

    def __init__(self, connect: m.Connect = CONNECT, *, session: Session | None = None, present: bool = False) -> None:
        self.version = connect.version
        self.machine = ServerProtocol(LIMITS)
        self._decoder = Decoder(1 << 20, self.version)
        assert self.send(connect) == [connect]
        self.machine.accept(connect, session or Session(), present=present)
        self.connack = self.next()

    def send(self, *packets: m.Packet) -> list[Event]:
        return self.machine.receive(b"".join(encode(packet, self.version) for packet in packets))

    def next(self) -> m.Packet | None:
        self._decoder.feed(self.machine.data_to_send())
        return self._decoder.next()

    def ended(self, *packets: m.Packet) -> m.Reason:
        """Send what ends the connection; the reason, which an MQTT 5 client is told as well."""
        event = self.send(*packets)[-1]
        assert isinstance(event, Ended)
        assert not self.machine.is_open
        if self.version == m.V5:
            told = self.next()
            assert isinstance(told, m.Disconnect)
            assert told.reason == event.reason
            assert told.properties[m.Property.REASON_STRING] == event.text
        else:
            assert self.machine.data_to_send() == b""
        return event.reason


def five(**properties: Any) -> m.Connect:
    return m.Connect(m.V5, "c", True, 60, "u", b"p", properties={m.Property[name]: value for name, value in properties.items()})


def old(**options: Any) -> m.Connect:
    return m.Connect(m.V311, **{"client_id": "c", "clean": True, "keep_alive_s": 60, "user": "u", "password": b"p"} | options)
