"""Packets that the specifications forbid, each with the reason that it is refused for."""

from __future__ import annotations

import pytest

from penstock.ingress.mqtt.protocol import packets as m
from tests.ingress.mqtt.protocol.reading import decode_one, refusal


def test_a_string_keeps_what_looks_like_a_byte_order_mark() -> None:
    """5.0, 1.5.4: "The UTF-8 encoded sequence 0xEF 0xBB 0xBF is always interpreted as U+FEFF … and MUST NOT be skipped"."""
    packet = decode_one(b"\x30\x06\x00\x03\xef\xbb\xbf\x00", m.V5)
    assert isinstance(packet, m.Publish)
    assert packet.topic == "\ufeff"


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
