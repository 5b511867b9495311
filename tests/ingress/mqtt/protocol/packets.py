"""Strategies for every packet of MQTT, as hypothesis draws them."""

from __future__ import annotations

from hypothesis import strategies as st

from penstock.ingress.mqtt.protocol import packets as m
from penstock.ingress.mqtt.protocol import properties as p

TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)
TOPIC = st.text(st.characters(exclude_characters="\0+#", exclude_categories=["Cs"]), max_size=20)
BYTES = st.binary(max_size=40)
PACKET_ID = st.integers(1, 65_535)
QOS = st.integers(0, 2)
SWITCH = st.integers(0, 1)
U16 = st.integers(1, 65_535)
U32 = st.integers(1, 2**32 - 1)
CODES = st.lists(st.integers(0, 255), min_size=1, max_size=5)

_VALUES = {
    p._BYTE: SWITCH,
    p._U16: U16,
    p._U32: U32,
    p._TEXT: TEXT,
    p._BINARY: BYTES,
}


def _value(number: int) -> st.SearchStrategy[object]:
    if number == m.Property.USER_PROPERTY:
        return st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=3)
    if number == m.Property.SUBSCRIPTION_ID:
        return st.lists(st.integers(1, p.MAX_VARINT), min_size=1, max_size=2)
    return _VALUES[p._FORMS[number]]


def properties(allowed: frozenset[m.Property], version: int) -> st.SearchStrategy[m.Properties]:
    if version == m.V311:
        return st.just({})
    return st.fixed_dictionaries({}, optional={int(number): _value(number) for number in sorted(allowed)})


def _connect(version: int) -> st.SearchStrategy[m.Connect]:
    will = st.builds(m.Will, TOPIC, BYTES, QOS, st.booleans(), properties(p.IN_WILL, version))
    passwords = st.none() | BYTES
    return st.builds(
        m.Connect,
        st.just(version),
        TEXT,
        st.booleans(),
        st.integers(0, 65_535),
        TEXT if version == m.V311 else st.none() | TEXT,
        passwords,
        st.none() | will,
        properties(p.IN_CONNECT, version),
    )


def _publish(version: int) -> st.SearchStrategy[m.Publish]:
    values = properties(p.IN_PUBLISH, version)
    silent = st.builds(m.Publish, TOPIC, BYTES, st.just(0), st.just(0), st.just(False), st.booleans(), values)
    answered = st.builds(m.Publish, TOPIC, BYTES, st.integers(1, 2), PACKET_ID, st.booleans(), st.booleans(), values)
    return silent | answered


def packets(version: int) -> st.SearchStrategy[m.Packet]:
    """Any packet that the version can say."""
    five = version == m.V5
    switches = st.booleans() if five else st.just(False)
    reason = st.integers(0, 255) if five else st.just(0)
    wanted = st.builds(m.Subscription, TEXT, QOS, switches, switches, st.integers(0, 2) if five else st.just(0))
    ack_kinds = st.sampled_from([m.Kind.PUBACK, m.Kind.PUBREC, m.Kind.PUBREL, m.Kind.PUBCOMP])
    kinds = [
        _connect(version),
        st.builds(m.ConnAck, st.integers(0, 255), st.booleans(), properties(p.IN_CONNACK, version)),
        _publish(version),
        st.builds(m.Ack, ack_kinds, PACKET_ID, reason, properties(p.IN_ACK, version)),
        st.builds(m.Subscribe, PACKET_ID, st.lists(wanted, min_size=1, max_size=4), properties(p.IN_SUBSCRIBE, version)),
        st.builds(m.SubAck, st.just(m.Kind.SUBACK), PACKET_ID, CODES, properties(p.IN_ACK, version)),
        st.builds(m.Unsubscribe, PACKET_ID, st.lists(TEXT, min_size=1, max_size=4), properties(p.IN_UNSUBSCRIBE, version)),
        st.builds(m.Ping, st.sampled_from([m.Kind.PINGREQ, m.Kind.PINGRESP])),
        st.builds(m.Disconnect, reason, properties(p.IN_DISCONNECT, version)),
    ]
    unsubacks = st.builds(
        m.SubAck, st.just(m.Kind.UNSUBACK), PACKET_ID, CODES if five else st.just([]), properties(p.IN_ACK, version)
    )
    auths = [st.builds(m.Auth, reason, properties(p.IN_AUTH, version))] if five else []
    return st.one_of(*kinds, unsubacks, *auths)
