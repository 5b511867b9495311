"""Packets of a broker, one by one; of a message that is too large only its head.

A broker of 3.1.1 cannot be told how large a message may be. To hang up on one that is too large would bring it back with the
next connection, and the next. So its payload is passed over as it comes, and the message can be acknowledged: never more than
`max_packet_bytes`, or a head of some 65 kB, is kept.
"""

from __future__ import annotations

import msgspec

from penstock.ingress.mqtt.protocol.packets import Kind, PacketError, Publish, Reason
from penstock.ingress.mqtt.protocol.properties import malformed, topic_name

_HEAD_BYTES = 2 + 65_535 + 2
"""Topic with its length, and packet identifier."""


class Oversized(msgspec.Struct, frozen=True):
    """A message that was too large: everything of it but the payload and the properties."""

    publish: Publish
    size_bytes: int


class Framing:
    """Cuts a stream into packets."""

    def __init__(self, max_packet_bytes: int) -> None:
        self._max = max_packet_bytes
        self._buffer = bytearray()
        self._skip = 0

    def feed(self, data: bytes) -> None:
        """Take bytes as they came."""
        if self._skip:
            passed = min(self._skip, len(data))
            self._skip -= passed
            data = data[passed:]
        self._buffer += data

    def take(self) -> list[bytes | Oversized]:
        """What is whole, in order.

        Raises:
            PacketError: the bytes are no packets.
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
                # What is still to come of it is dropped as it comes, in `feed`.
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
            raise PacketError(Reason.PACKET_TOO_LARGE, f"a packet has at most {self._max} bytes here")
        qos, there = first >> 1 & 3, min(len(buffer), body + _HEAD_BYTES)
        if qos == 3:
            raise malformed("the flags of PUBLISH are wrong")
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
            raise malformed("a packet identifier is not 0")
        return Oversized(Publish(topic, b"", qos, packet_id, first & 8 != 0, first & 1 != 0), stop - at)


def _size(buffer: bytearray, at: int) -> tuple[int, int] | None:
    """Where the body of the packet begins and how long it is; None when that did not come yet."""
    size = 0
    for place, shift in enumerate((0, 7, 14, 21)):
        if at + 1 + place >= len(buffer):
            return None
        byte = buffer[at + 1 + place]
        size |= (byte & 0x7F) << shift
        if byte < 0x80:
            return at + 2 + place, size
    raise malformed("the remaining length has more than four bytes")
