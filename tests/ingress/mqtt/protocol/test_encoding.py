"""Packets as bytes, by the examples of the specifications, and back again."""

from __future__ import annotations

import pytest

from penstock.ingress.mqtt.protocol import packets as m
from penstock.ingress.mqtt.protocol.encoding import encode
from tests.ingress.mqtt.protocol.reading import PACKETS, decode_one, decoder_for
from tests.support.examples import drawn_from

# Examples of the specifications, written out by hand.
VECTORS = [
    # 3.1.1, figure 3.6: variable header with keep alive 10, flags for user, password, will of QoS 1 and clean session.
    (
        0,
        bytes.fromhex("10 21 0004 4d515454 04 ce 000a 0001 61 0003 772f74 0002 6f66 0004 6d616d61 0003 707764".replace(" ", "")),
        m.Connect(m.V311, "a", True, 10, "mama", b"pwd", m.Will("w/t", b"of", 1)),
    ),
    # 5.0, figure 3-6: session expiry interval 10 among the properties.
    (
        0,
        bytes.fromhex("10 12 0004 4d515454 05 02 000a 05 11 0000000a 0000".replace(" ", "")),
        m.Connect(m.V5, "", True, 10, properties={m.Property.SESSION_EXPIRY_S: 10}),
    ),
    # 3.1.1, figure 3.11: topic a/b, packet identifier 10.
    (m.V311, bytes.fromhex("3207 0003 612f62 000a".replace(" ", "")), m.Publish("a/b", b"", 1, 10)),
    # 5.0, figure 3-9: the same, with no properties.
    (m.V5, bytes.fromhex("3208 0003 612f62 000a 00".replace(" ", "")), m.Publish("a/b", b"", 1, 10)),
    # 3.1.1, figure 3.23: a/b at QoS 1 and c/d at QoS 2.
    (
        m.V311,
        bytes.fromhex("820e 000a 0003 612f62 01 0003 632f64 02".replace(" ", "")),
        m.Subscribe(10, [m.Subscription("a/b", 1), m.Subscription("c/d", 2)]),
    ),
    # 3.1.1, figure 3.26: QoS 0, QoS 2 and failure.
    (m.V311, bytes.fromhex("9005000a000280"), m.SubAck(m.Kind.SUBACK, 10, [0, 2, 0x80])),
    # 3.1.1, figure 3.30.
    (m.V311, bytes.fromhex("a20c 000a 0003 612f62 0003 632f64".replace(" ", "")), m.Unsubscribe(10, ["a/b", "c/d"])),
    (m.V311, bytes.fromhex("b002000a"), m.SubAck(m.Kind.UNSUBACK, 10, [])),
    (m.V311, bytes.fromhex("20020105"), m.ConnAck(5, True)),
    (m.V311, bytes.fromhex("4002000a"), m.Ack(m.Kind.PUBACK, 10)),
    (m.V5, bytes.fromhex("6202000a"), m.Ack(m.Kind.PUBREL, 10)),
    (m.V5, bytes.fromhex("5003000a99"), m.Ack(m.Kind.PUBREC, 10, 0x99)),
    (m.V5, bytes.fromhex("c000"), m.Ping()),
    (m.V5, bytes.fromhex("d000"), m.Ping(m.Kind.PINGRESP)),
    (m.V5, bytes.fromhex("e000"), m.Disconnect()),
    (m.V5, bytes.fromhex("e00104"), m.Disconnect(4)),
    (m.V5, bytes.fromhex("f000"), m.Auth()),
]


@pytest.mark.parametrize(("version", "data", "packet"), VECTORS, ids=range(len(VECTORS)))
def test_examples_of_the_specifications(version: int, data: bytes, packet: m.Packet) -> None:
    assert decode_one(data, version) == packet
    assert encode(packet, version or packet.version) == data  # type: ignore[union-attr]


@drawn_from(PACKETS, few=50, many=2_000)
def test_every_packet_survives_the_round_trip(drawn: tuple[int, m.Packet]) -> None:
    version, packet = drawn
    data = encode(packet, version)
    decoder = decoder_for(packet, version)
    decoder.feed(data)
    assert decoder.next() == packet
    assert decoder.next() is None
