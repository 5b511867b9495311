"""The protocol without sockets: literal packets in, literal packets out."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import strategies as st

from penstock.ingress.mqtt.protocol import packets as m
from penstock.ingress.mqtt.protocol.codec import Decoder
from penstock.ingress.mqtt.protocol.encoding import encode
from penstock.ingress.mqtt.protocol.server_side import Ended, ServerProtocol
from penstock.ingress.mqtt.protocol.session import MAX_REPEATABLE, Session
from tests.ingress.mqtt.protocol.packets import packets
from tests.ingress.mqtt.protocol.peer import CONNECT, LIMITS, Peer, five, old
from tests.support.examples import drawn_from


def message(number: int, qos: int = 1, payload: bytes = b"{}", *, dup: bool = False) -> m.Publish:
    return m.Publish("t", payload, qos, number, dup)


def ack(kind: m.Kind, number: int, reason: int = 0) -> m.Ack:
    return m.Ack(kind, number, reason)


def test_what_comes_with_connect_waits_for_the_decision() -> None:
    machine = ServerProtocol(LIMITS)
    early = encode(CONNECT, m.V5) + encode(message(1), m.V5)
    assert machine.receive(early) == [CONNECT]
    assert machine.receive(encode(message(2), m.V5)) == []
    machine.accept(CONNECT, Session(), present=False)
    assert machine.proceed() == [message(1), message(2)]


def test_a_ping_is_answered(peer: Peer) -> None:
    assert peer.send(m.Ping()) == []
    assert peer.next() == m.Ping(m.Kind.PINGRESP)


def test_nothing_is_acknowledged_before_the_server_says_so(peer: Peer) -> None:
    assert peer.send(message(1), message(2, 2)) == [message(1), message(2, 2)]
    assert peer.machine.data_to_send() == b""
    peer.machine.acknowledge(message(1))
    assert peer.next() == ack(m.Kind.PUBACK, 1)
    peer.machine.acknowledge(message(2, 2))
    assert peer.next() == ack(m.Kind.PUBREC, 2)
    assert peer.send(ack(m.Kind.PUBREL, 2)) == []
    assert peer.next() == ack(m.Kind.PUBCOMP, 2)
    assert peer.machine.unanswered == 0


def test_a_message_sent_again_while_it_is_stored_is_one_message(peer: Peer) -> None:
    assert peer.send(message(1, 2)) == [message(1, 2)]
    assert peer.send(message(1, 2, dup=True)) == []
    peer.machine.acknowledge(message(1, 2))
    assert peer.next() == ack(m.Kind.PUBREC, 1)
    assert peer.send(message(1, 2, dup=True)) == []
    assert peer.next() == ack(m.Kind.PUBREC, 1)
    assert peer.send(ack(m.Kind.PUBREL, 1), message(1, 2)) == [message(1, 2)]


def test_qos_2_goes_on_in_the_next_connection(peer: Peer) -> None:
    connect = CONNECT if peer.version == m.V5 else old(clean=False)
    peer.send(message(7, 2))
    peer.machine.acknowledge(message(7, 2))
    again = Peer(connect, session=peer.machine.session, present=True)
    assert again.send(message(7, 2, dup=True)) == []
    assert again.next() == ack(m.Kind.PUBREC, 7)
    assert again.send(ack(m.Kind.PUBREL, 7)) == []
    assert again.next() == ack(m.Kind.PUBCOMP, 7)


def test_a_release_of_nothing_is_answered() -> None:
    peer = Peer()
    peer.send(ack(m.Kind.PUBREL, 9))
    assert peer.next() == ack(m.Kind.PUBCOMP, 9, m.Reason.PACKET_ID_NOT_FOUND)
    peer = Peer(old())
    peer.send(ack(m.Kind.PUBREL, 9))
    assert peer.next() == ack(m.Kind.PUBCOMP, 9)


def test_a_failure_is_a_reason_in_5_and_nothing_in_3_1_1(peer: Peer) -> None:
    peer.send(message(1))
    peer.machine.acknowledge(message(1), m.Reason.PAYLOAD_FORMAT_INVALID, "no JSON")
    answer = peer.next()
    if peer.version == m.V311:
        assert answer == ack(m.Kind.PUBACK, 1)
    else:
        assert answer == m.Ack(m.Kind.PUBACK, 1, 0x99, {m.Property.REASON_STRING: "no JSON"})


def test_a_failed_pubrec_ends_the_exchange() -> None:
    peer = Peer()
    peer.send(message(1, 2))
    peer.machine.acknowledge(message(1, 2), m.Reason.PAYLOAD_FORMAT_INVALID)
    assert peer.machine.unanswered == 0


@pytest.mark.parametrize(("wanted", "shown"), [({"REQUEST_PROBLEM_INFORMATION": 0}, {}), ({"MAXIMUM_PACKET_SIZE": 20}, {})])
def test_reasons_are_left_out_for_clients_that_do_not_want_or_take_them(wanted: dict[str, int], shown: dict[str, str]) -> None:
    peer = Peer(five(**wanted))
    peer.send(message(1))
    peer.machine.acknowledge(message(1), m.Reason.PAYLOAD_FORMAT_INVALID, "a long text that says what is wrong")
    assert peer.next() == m.Ack(m.Kind.PUBACK, 1, 0x99, shown)


def test_more_unanswered_messages_than_allowed_end_the_connection_of_5() -> None:
    peer = Peer()
    assert len(peer.send(*[message(number) for number in (1, 2, 3)])) == 3
    assert peer.ended(message(4)) is m.Reason.RECEIVE_MAXIMUM_EXCEEDED


def test_3_1_1_knows_no_such_limit() -> None:
    assert len(Peer(old()).send(*[message(number) for number in range(1, 50)])) == 49


def test_a_message_of_qos_2_counts_until_it_is_complete() -> None:
    peer = Peer()
    for number in (1, 2, 3):
        peer.send(message(number, 2))
        peer.machine.acknowledge(message(number, 2))
    peer.machine.data_to_send()
    assert peer.ended(message(4)) is m.Reason.RECEIVE_MAXIMUM_EXCEEDED


def test_a_topic_alias_stands_for_its_topic() -> None:
    peer = Peer()
    alias = {m.Property.TOPIC_ALIAS: 2}
    (first,) = peer.send(m.Publish("a/b", b"1", properties=alias))
    (second,) = peer.send(m.Publish("", b"2", properties=alias))
    (third,) = peer.send(m.Publish("c", b"3", properties=alias), m.Publish("", b"4", properties=alias))[1:]
    assert [getattr(one, "topic", None) for one in (first, second, third)] == ["a/b", "a/b", "c"]


@pytest.mark.parametrize(
    ("publish", "reason"),
    [
        (m.Publish("", b"", properties={m.Property.TOPIC_ALIAS: 1}), m.Reason.PROTOCOL_ERROR),
        (m.Publish("a", b"", properties={m.Property.TOPIC_ALIAS: 3}), m.Reason.TOPIC_ALIAS_INVALID),
        (m.Publish("a", b"", properties={m.Property.TOPIC_ALIAS: 0}), m.Reason.TOPIC_ALIAS_INVALID),
        (m.Publish("", b""), m.Reason.PROTOCOL_ERROR),
        (m.Publish("a", b"", properties={m.Property.SUBSCRIPTION_ID: [1]}), m.Reason.PROTOCOL_ERROR),
        (m.Publish("a", b"x" * 2048), m.Reason.PACKET_TOO_LARGE),
    ],
)
def test_a_publish_that_breaks_a_rule_ends_the_connection(publish: m.Publish, reason: m.Reason) -> None:
    assert Peer().ended(publish) is reason


@pytest.mark.parametrize(
    "packet",
    [CONNECT, m.ConnAck(0), m.SubAck(m.Kind.SUBACK, 1, [0]), m.Ping(m.Kind.PINGRESP), m.Auth(0x18), ack(m.Kind.PUBREC, 1)],
)
def test_a_packet_that_no_client_sends_ends_the_connection(packet: m.Packet) -> None:
    assert Peer().ended(packet) is m.Reason.PROTOCOL_ERROR


def test_a_subscription_identifier_is_refused_as_connack_said() -> None:
    wanted = m.Subscribe(1, [m.Subscription("a")], {m.Property.SUBSCRIPTION_ID: [1]})
    assert Peer().ended(wanted) is m.Reason.SUBSCRIPTION_IDS_UNSUPPORTED


def test_codes_of_a_subscription_are_those_of_the_version(peer: Peer) -> None:
    wanted = m.Subscribe(5, [m.Subscription("a"), m.Subscription("b")])
    peer.send(wanted)
    peer.machine.grant(wanted, [1, int(m.Reason.NOT_AUTHORIZED)])
    failure = 0x87 if peer.version == m.V5 else 0x80
    assert peer.next() == m.SubAck(m.Kind.SUBACK, 5, [1, failure])


@pytest.mark.parametrize(("packet", "will"), [(m.Disconnect(), False), (m.Disconnect(4), True)])
def test_a_goodbye_keeps_the_will_back_unless_it_asks_for_it(packet: m.Disconnect, will: bool) -> None:
    (event,) = Peer().send(packet)
    assert isinstance(event, Ended)
    assert event.will is will


def test_a_goodbye_can_shorten_the_session() -> None:
    peer = Peer(five(SESSION_EXPIRY_S=500))
    peer.send(m.Disconnect(0, {m.Property.SESSION_EXPIRY_S: 5}))
    assert peer.machine.session_expiry_s == 5


def test_packet_identifiers_of_ours_are_neither_zero_nor_in_use() -> None:
    peer = Peer()
    numbers = []
    for number in range(65_537):
        numbers.append(peer.machine.publish("t", b"", 1, []))
        if number:  # the first is never acknowledged
            peer.send(ack(m.Kind.PUBACK, numbers[-1] or 0))
    peer.machine.data_to_send()
    assert (numbers[0], numbers[65_534], numbers[65_535], numbers[65_536]) == (1, 65_535, 2, 3)


def test_a_message_larger_than_the_client_takes_is_not_sent() -> None:
    assert Peer(five(MAXIMUM_PACKET_SIZE=10)).machine.publish("topic", b"x" * 10, 1, []) is None


def test_a_message_of_the_last_connection_is_known_when_it_is_repeated() -> None:
    session = Session()
    session.note_stored(message(1))
    assert not session.repeats(message(1, dup=True))
    session.begin_connection()
    assert session.repeats(message(1, dup=True))
    assert not session.repeats(message(1, dup=True))


@pytest.mark.parametrize(
    "other", [message(1), message(2, dup=True), message(1, payload=b"[]", dup=True), m.Publish("u", b"{}", 1, 1, True)]
)
def test_what_differs_is_no_repetition(other: m.Publish) -> None:
    session = Session()
    session.note_stored(message(1))
    session.begin_connection()
    assert not session.repeats(other)


def test_a_packet_identifier_used_anew_is_no_repetition_later() -> None:
    session = Session()
    session.note_stored(message(1))
    session.begin_connection()
    assert not session.repeats(message(1))
    assert not session.repeats(message(1, dup=True))


def test_only_the_last_messages_are_known() -> None:
    session = Session()
    for number in range(1, MAX_REPEATABLE + 2):
        session.note_stored(message(number))
    session.begin_connection()
    assert not session.repeats(message(1, dup=True))
    assert session.repeats(message(2, dup=True))


@drawn_from(
    st.sampled_from([m.V311, m.V5]).flatmap(lambda v: st.tuples(st.just(v), st.lists(packets(v) | st.binary(), max_size=8))),
    few=40,
    many=2_000,
)
def test_any_packets_in_any_order_are_dealt_with(drawn: tuple[int, list[m.Packet | bytes]]) -> None:
    """No exception, no acknowledgement on its own, nothing after the end."""
    version, sent = drawn
    peer = Peer(CONNECT if version == m.V5 else old())
    for one in sent:
        data = one if isinstance(one, bytes) else encode(one, version)
        for event in peer.machine.receive(data):
            if isinstance(event, Ended):
                assert peer.machine.receive(b"\xc0\x00") == []
    decoder = Decoder(1 << 20, version)
    decoder.feed(peer.machine.data_to_send())
    with contextlib.suppress(StopIteration):
        for packet in iter(decoder.next, None):
            assert not isinstance(packet, m.Ack) or packet.kind == m.Kind.PUBCOMP
