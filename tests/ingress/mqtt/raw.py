"""A client that sends any bytes: for what a library would never do."""

from __future__ import annotations

import contextlib
import socket
from typing import Any

from penstock.ingress.mqtt.protocol import packets as m
from penstock.ingress.mqtt.protocol.codec import Decoder
from penstock.ingress.mqtt.protocol.encoding import encode
from tests.support.waiting import CEILING_S

TIMEOUT_S = CEILING_S


class RawClient:
    """A socket with a decoder for what comes back."""

    def __init__(self, port: int, version: int = m.V5) -> None:
        self.version = version
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT_S)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._decoder = Decoder(1 << 20, version)

    def send(self, *packets: m.Packet) -> None:
        self.socket.sendall(b"".join(encode(packet, self.version) for packet in packets))

    def connect(self, user: str, token: str, **options: Any) -> m.ConnAck:
        """CONNECT, and what the server says to it."""
        values = {"client_id": user, "clean": True, "keep_alive_s": 60} | options
        self.send(m.Connect(self.version, user=user, password=token.encode(), **values))
        answer = self.receive()
        assert isinstance(answer, m.ConnAck), answer
        return answer

    def receive(self) -> m.Packet | None:
        """The next packet; None when the server closed the connection."""
        while (packet := self._decoder.next()) is None:
            try:
                data = self.socket.recv(65_536)
            except ConnectionResetError:
                return None
            if not data:
                return None
            self._decoder.feed(data)
        return packet

    def is_closed(self) -> bool:
        """Whether the server closes the connection, whatever it says before."""
        while self.receive() is not None:
            pass
        return True

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self.socket.close()
