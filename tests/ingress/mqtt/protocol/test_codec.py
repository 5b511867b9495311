"""The codec: examples from the specifications, round trips, and bytes cut or corrupted anywhere."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import strategies as st

from penstock.ingress.mqtt.protocol import packets as m
from penstock.ingress.mqtt.protocol import properties as p
from penstock.ingress.mqtt.protocol.codec import Decoder
from penstock.ingress.mqtt.protocol.encoding import encode
from tests.ingress.mqtt.protocol.packets import packets
from tests.support.examples import drawn_from

LIMIT = 1 << 20
VERSIONS = st.sampled_from([m.V311, m.V5])
PACKETS = VERSIONS.flatmap(lambda version: st.tuples(st.just(version), packets(version)))


def decoder_for(packet: m.Packet, version: int) -> Decoder:
    """A decoder that stands where this packet may come."""
    return Decoder(LIMIT, 0 if isinstance(packet, m.Connect) else version)


def decode_one(data: bytes, version: int) -> m.Packet | None:
    decoder = Decoder(LIMIT, version)
    decoder.feed(data)
    return decoder.next()


def refusal(data: bytes, version: int = m.V5) -> m.Reason:
    with pytest.raises(m.PacketError) as caught:
        decode_one(data, version)
    return caught.value.reason


def drain(decoder: Decoder) -> None:
    """Read on until there is no whole packet left, or one is refused."""
    with contextlib.suppress(m.PacketError):
        while decoder.next() is not None:
            pass


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


def test_a_string_keeps_what_looks_like_a_byte_order_mark() -> None:
    """5.0, 1.5.4: "The UTF-8 encoded sequence 0xEF 0xBB 0xBF is always interpreted as U+FEFF … and MUST NOT be skipped"."""
    packet = decode_one(b"\x30\x06\x00\x03\xef\xbb\xbf\x00", m.V5)
    assert isinstance(packet, m.Publish)
    assert packet.topic == "\ufeff"


@drawn_from(PACKETS, few=50, many=2_000)
def test_every_packet_survives_the_round_trip(drawn: tuple[int, m.Packet]) -> None:
    version, packet = drawn
    data = encode(packet, version)
    decoder = decoder_for(packet, version)
    decoder.feed(data)
    assert decoder.next() == packet
    assert decoder.next() is None


@drawn_from(PACKETS, few=30, many=1_000)
def test_no_beginning_of_a_packet_is_taken_for_a_whole_one(drawn: tuple[int, m.Packet]) -> None:
    version, packet = drawn
    data = encode(packet, version)
    for size in range(len(data)):
        decoder = decoder_for(packet, version)
        decoder.feed(data[:size])
        assert decoder.next() is None
        decoder.feed(data[size:])
        assert decoder.next() == packet


@drawn_from(VERSIONS.flatmap(lambda v: st.tuples(st.just(v), st.lists(packets(v), max_size=6))), st.randoms(), few=30, many=1_000)
def test_a_stream_cut_anywhere_gives_the_same_packets(drawn: tuple[int, list[m.Packet]], chance: object) -> None:
    version, sent = drawn
    sent = [packet for packet in sent if not isinstance(packet, m.Connect)]
    rest = b"".join(encode(packet, version) for packet in sent)
    decoder, got = Decoder(LIMIT, version), []
    while rest:
        size = chance.randint(1, len(rest))  # type: ignore[attr-defined]
        decoder.feed(rest[:size])
        rest = rest[size:]
        while (packet := decoder.next()) is not None:
            got.append(packet)
    assert got == sent


@drawn_from(PACKETS, st.data(), few=50, many=2_000)
def test_a_length_that_lies_is_refused_or_read_within_the_packet(drawn: tuple[int, m.Packet], data: st.DataObject) -> None:
    """A body cut short under an honest header: refused, or another packet, but never bytes of what follows."""
    version, packet = drawn
    whole = encode(packet, version)
    head = 2 if whole[1] < 0x80 else 3
    body = whole[head:]
    size = data.draw(st.integers(0, max(len(body) - 1, 0)))
    cut = whole[:1] + p.varint(size) + body[:size]
    decoder = decoder_for(packet, version)
    decoder.feed(cut + b"\xc0\x00")
    try:
        decoder.next()
    except m.PacketError:
        return
    decoder.version = version
    assert decoder.next() == m.Ping()


@drawn_from(st.binary(max_size=200), st.sampled_from([0, m.V311, m.V5]), few=200, many=10_000)
def test_arbitrary_bytes_are_packets_or_refused(data: bytes, version: int) -> None:
    decoder = Decoder(1 << 16, version)
    decoder.feed(data)
    drain(decoder)


@drawn_from(PACKETS, st.data(), few=60, many=5_000)
def test_a_packet_with_a_byte_changed_is_a_packet_or_refused(drawn: tuple[int, m.Packet], data: st.DataObject) -> None:
    version, packet = drawn
    damaged = bytearray(encode(packet, version))
    damaged[data.draw(st.integers(0, len(damaged) - 1))] ^= data.draw(st.integers(1, 255))
    decoder = decoder_for(packet, version)
    decoder.feed(bytes(damaged))
    drain(decoder)


def test_a_packet_above_the_limit_is_refused_by_its_header() -> None:
    decoder = Decoder(100, m.V5)
    decoder.feed(b"\x30" + p.varint(99))
    with pytest.raises(m.PacketError) as caught:
        decoder.next()
    assert caught.value.reason is m.Reason.PACKET_TOO_LARGE


def test_a_packet_of_exactly_the_limit_is_taken() -> None:
    packet = m.Publish("t", b"x" * 94)
    decoder = Decoder(100, m.V5)
    decoder.feed(encode(packet, m.V5))
    assert decoder.next() == packet


def test_a_large_packet_in_small_pieces_is_joined_once() -> None:
    data = encode(m.Publish("t", b"x" * 300_000), m.V5)
    decoder = Decoder(LIMIT, m.V5)
    for at in range(0, len(data), 7):
        decoder.feed(data[at : at + 7])
        if at + 7 < len(data):
            assert decoder.next() is None
    packet = decoder.next()
    assert isinstance(packet, m.Publish)
    assert len(packet.payload) == 300_000


BAD = {
    "a first packet that is no CONNECT": (0, "c000", m.Reason.PROTOCOL_ERROR),
    "CONNECT with flags in the first byte": (0, "1100", m.Reason.MALFORMED_PACKET),
    "another protocol name": (0, "100f 0006 4d514973 6470 03 02 000a 0001 61", m.Reason.UNSUPPORTED_VERSION),
    "another version": (0, "100d 0004 4d515454 06 02 000a 0001 61", m.Reason.UNSUPPORTED_VERSION),
    "the reserved flag of CONNECT": (0, "100d 0004 4d515454 04 03 000a 0001 61", m.Reason.MALFORMED_PACKET),
    "a will of QoS 3": (0, "100d 0004 4d515454 04 1e 000a 0001 61", m.Reason.MALFORMED_PACKET),
    "a will's QoS without a will": (0, "100d 0004 4d515454 04 0a 000a 0001 61", m.Reason.MALFORMED_PACKET),
    "a password without a user in 3.1.1": (0, "1010 0004 4d515454 04 42 000a 0001 61 0001 62", m.Reason.MALFORMED_PACKET),
    "CONNECT with more behind it": (0, "100e 0004 4d515454 04 02 000a 0001 61 00", m.Reason.MALFORMED_PACKET),
    "a second CONNECT": (m.V311, "100d 0004 4d515454 04 02 000a 0001 61", m.Reason.PROTOCOL_ERROR),
    "type 0": (m.V5, "0000", m.Reason.MALFORMED_PACKET),
    "AUTH in 3.1.1": (m.V311, "f000", m.Reason.MALFORMED_PACKET),
    "QoS 3": (m.V5, "3606 0001 61 0001 00", m.Reason.MALFORMED_PACKET),
    "DUP at QoS 0": (m.V5, "3804 0001 61 00", m.Reason.MALFORMED_PACKET),
    "packet identifier 0": (m.V5, "3206 0001 61 0000 00", m.Reason.PROTOCOL_ERROR),
    "a wildcard in a topic": (m.V5, "3004 0001 2b 00", m.Reason.TOPIC_NAME_INVALID),
    "NUL in a topic": (m.V5, "3004 0001 00 00", m.Reason.MALFORMED_PACKET),
    "a surrogate in a topic": (m.V5, "3006 0003 eda080 00", m.Reason.MALFORMED_PACKET),
    "an overlong form in a topic": (m.V5, "3005 0002 c0af 00", m.Reason.MALFORMED_PACKET),
    "PUBREL with other flags": (m.V5, "6002000a", m.Reason.MALFORMED_PACKET),
    "SUBSCRIBE with other flags": (m.V5, "8007 000a 00 0001 61 00", m.Reason.MALFORMED_PACKET),
    "SUBSCRIBE without a filter": (m.V5, "8203 000a 00", m.Reason.PROTOCOL_ERROR),
    "reserved options": (m.V5, "8207 000a 00 0001 61 40", m.Reason.MALFORMED_PACKET),
    "retain handling 3": (m.V5, "8207 000a 00 0001 61 30", m.Reason.MALFORMED_PACKET),
    "options of 5 in 3.1.1": (m.V311, "8206 000a 0001 61 04", m.Reason.MALFORMED_PACKET),
    "UNSUBSCRIBE without a filter": (m.V5, "a203 000a 00", m.Reason.PROTOCOL_ERROR),
    "a property of another packet": (m.V5, "3009 0001 61 05 11 0000000a", m.Reason.MALFORMED_PACKET),
    "an unknown property": (m.V5, "3006 0001 61 02 7f00", m.Reason.MALFORMED_PACKET),
    "a property twice": (m.V5, "300a 0001 61 06 23 0001 23 0001", m.Reason.PROTOCOL_ERROR),
    "a switch of 2": (m.V5, "3006 0001 61 02 0102", m.Reason.PROTOCOL_ERROR),
    "properties longer than the packet": (m.V5, "3005 0001 61 09 01", m.Reason.MALFORMED_PACKET),
    "a property that ends outside the properties": (m.V5, "3008 0001 61 02 02 000000", m.Reason.MALFORMED_PACKET),
    "a length in more bytes than it needs": (m.V5, "3007 0001 61 8200 0101", m.Reason.MALFORMED_PACKET),
    "a remaining length of five bytes": (m.V5, "30ffffffff01", m.Reason.MALFORMED_PACKET),
    "PINGREQ with a body": (m.V5, "c00100", m.Reason.MALFORMED_PACKET),
    "DISCONNECT with a reason in 3.1.1": (m.V311, "e00100", m.Reason.MALFORMED_PACKET),
}


@pytest.mark.parametrize("case", BAD)
def test_what_the_specifications_forbid_is_refused(case: str) -> None:
    version, text, reason = BAD[case]
    assert refusal(bytes.fromhex(text.replace(" ", "")), version) is reason


def test_more_properties_or_filters_than_we_have_use_for_are_refused() -> None:
    many = {m.Property.USER_PROPERTY: [("a", "b")] * (p.MAX_PROPERTIES + 1)}
    assert refusal(encode(m.Publish("t", b"", properties=many), m.V5)) is m.Reason.QUOTA_EXCEEDED
    wanted = [m.Subscription("t")] * 65
    assert refusal(encode(m.Subscribe(1, wanted), m.V5)) is m.Reason.QUOTA_EXCEEDED
    assert refusal(encode(m.Unsubscribe(1, ["t"] * 65), m.V5)) is m.Reason.QUOTA_EXCEEDED


@pytest.mark.parametrize(
    ("value", "data"),
    [
        (0, "00"),
        (127, "7f"),
        (128, "8001"),
        (16_383, "ff7f"),
        (16_384, "808001"),
        (2_097_151, "ffff7f"),
        (268_435_455, "ffffff7f"),
    ],
)
def test_variable_byte_integers_of_table_1_1(value: int, data: str) -> None:
    assert p.varint(value) == bytes.fromhex(data)
    assert p.read_varint(bytes.fromhex(data), 0, 4) == (value, len(data) // 2)
