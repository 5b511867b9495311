"""Splits a broker's bytes into packets; of an oversized message it keeps only the head.

A client cannot limit the size of messages in MQTT 3.1.1. Disconnecting would not help: the broker would send the message again
on every new connection. So an oversized payload is discarded as it arrives, and the message can be acknowledged. At most
`max_packet_bytes`, or a head of about 65 kB, is kept in memory.
"""

from __future__ import annotations

import msgspec

from penstock.ingress.mqtt.protocol.packets import Kind, PacketError, Publish, Reason
from penstock.ingress.mqtt.protocol.properties import malformed, topic_name

_HEAD_BYTES = 2 + 65_535 + 2
"""The topic with its length, and the packet identifier."""


class Oversized(msgspec.Struct, frozen=True):
    """A message that was too large: all its fields except the payload and the properties."""

    publish: Publish
    size_bytes: int


class Framing:
    """Splits a stream into packets."""

    def __init__(self, max_packet_bytes: int) -> None:
        self._max = max_packet_bytes
        self._buffer = bytearray()
        self._skip = 0

    def feed(self, data: bytes) -> None:
        """Add received bytes."""
        if self._skip:
            passed = min(self._skip, len(data))
            self._skip -= passed
            data = data[passed:]
        self._buffer += data

    def take(self) -> list[bytes | Oversized]:
        """Return the complete packets, in order.

        Raises:
            PacketError: the bytes are not valid packets.
        """
        buffer, at, out = self._buffer, 0, list[bytes | Oversized]()
        while (sized := _size(buffer, at)) is not None:
            body, size = sized
            stop = body + size
            if stop - at > self._max:
                head = self._head(buffer, at, body, stop)
                if head is None:
                    break
                out.append(head)
                # `feed` discards the rest of the packet as it arrives.
                self._skip = max(stop - len(buffer), 0)
            elif stop > len(buffer):
                break
            else:
                out.append(bytes(buffer[at:stop]))
            at = min(stop, len(buffer))
        del buffer[:at]
        return out

    def _head(self, buffer: bytearray, at: int, body: int, stop: int) -> Oversized | None:
        first = buffer[at]
        if first >> 4 != Kind.PUBLISH:
            raise PacketError(Reason.PACKET_TOO_LARGE, f"a packet must be at most {self._max} bytes")
        qos, there = first >> 1 & 3, min(len(buffer), body + _HEAD_BYTES)
        if qos == 3:
            raise malformed("the flags of PUBLISH are invalid")
        if body + 2 > there:
            return None
        topic_end = body + 2 + (buffer[body] << 8 | buffer[body + 1])
        end = topic_end + (2 if qos else 0)
        if end > stop:
            raise malformed("the packet ends too early")
        if end > there:
            return None
        topic = topic_name(bytes(buffer[body + 2 : topic_end]))
        packet_id = int.from_bytes(buffer[topic_end:end], "big")
        if qos and not packet_id:
            raise malformed("a packet identifier must not be 0")
        return Oversized(Publish(topic, b"", qos, packet_id, first & 8 != 0, first & 1 != 0), stop - at)


def _size(buffer: bytearray, at: int) -> tuple[int, int] | None:
    """Where the packet's body starts and its size; None if these bytes have not arrived yet."""
    size = 0
    for place, shift in enumerate((0, 7, 14, 21)):
        if at + 1 + place >= len(buffer):
            return None
        byte = buffer[at + 1 + place]
        size |= (byte & 0x7F) << shift
        if byte < 0x80:
            return at + 2 + place, size
    raise malformed("the remaining length must have at most four bytes")
