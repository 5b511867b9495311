"""Bytes read as packets, and packets to read."""

from __future__ import annotations

import pytest
from hypothesis import strategies as st

from penstock.ingress.mqtt.protocol import packets as m
from penstock.ingress.mqtt.protocol.codec import Decoder
from tests.ingress.mqtt.protocol.packets import packets

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
