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
from tests.ingress.mqtt.protocol.reading import LIMIT, PACKETS, VERSIONS, decoder_for
from tests.support.examples import drawn_from


def drain(decoder: Decoder) -> None:
    """Read on until there is no whole packet left, or one is refused."""
    with contextlib.suppress(m.PacketError):
        while decoder.next() is not None:
            pass


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
