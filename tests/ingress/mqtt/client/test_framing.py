"""A broker's stream cut into packets, wherever TCP cut it; of a message that is too large only the head is kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.ingress.mqtt.client.framing import Framing, Oversized
from penstock.ingress.mqtt.protocol.encoding import encode
from penstock.ingress.mqtt.protocol.packets import V311, Kind, PacketError, Ping, Publish

MAX_BYTES = 200


def publish(size: int, *, qos: int = 1, topic: str = "a/b", retain: bool = False) -> Publish:
    return Publish(topic, b"x" * size, qos, 7 if qos else 0, False, retain)


SMALL = [publish(3), publish(0, qos=0), publish(190), Ping(Kind.PINGRESP)]
LARGE = [publish(195, retain=True), publish(40_000, qos=0), publish(300, topic="t" * 250)]


def expected(packet: Publish | Ping) -> bytes | Oversized:
    raw = encode(packet, V311)
    if len(raw) <= MAX_BYTES or isinstance(packet, Ping):
        return raw
    return Oversized(Publish(packet.topic, b"", packet.qos, packet.packet_id, packet.dup, packet.retain), len(raw))


@given(st.lists(st.sampled_from([*SMALL, *LARGE]), max_size=5), st.lists(st.integers(1, 500), min_size=1, max_size=50))
def test_packets_come_whole_and_in_order_however_they_arrive(packets: list[Publish | Ping], cuts: list[int]) -> None:
    stream, framing, found, at = b"".join(encode(one, V311) for one in packets), Framing(MAX_BYTES), [], 0
    for size in [*cuts, len(stream)]:
        framing.feed(stream[at : at + size])
        found += framing.take()
        at += size
        assert len(framing._buffer) <= max(MAX_BYTES, 2 * 256), "what is passed over is not kept"
    assert found == [expected(one) for one in packets]


@pytest.mark.parametrize(
    "stream",
    [
        b"\x30\xff\xff\xff\xff\x01",
        b"\x90\xff\x7f\x00\x01",
        b"\x36\xff\x7f\x00\x01a\x00\x07",
        b"\x32\xff\x7f\x00\x01a\x00\x00",
        b"\x30\xc9\x01\xff\xff" + b"a" * 199,
        b"\x30\xff\x7f\x00\x02\xff\xfe",
    ],
)
def test_bytes_that_are_no_packets(stream: bytes) -> None:
    framing = Framing(MAX_BYTES)
    framing.feed(stream)
    with pytest.raises(PacketError):
        framing.take()
