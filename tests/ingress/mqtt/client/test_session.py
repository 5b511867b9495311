"""The client's side of the protocol: packets in, packets out."""

from __future__ import annotations

import pytest

from penstock.ingress.mqtt.client.framing import Oversized
from penstock.ingress.mqtt.client.memory import ClientSessionState, Freshness
from penstock.ingress.mqtt.client.session import ClientSession, Closed, Identity, Opened, Subscribed
from penstock.ingress.mqtt.protocol.codec import Decoder
from penstock.ingress.mqtt.protocol.encoding import encode
from penstock.ingress.mqtt.protocol.packets import (
    V5,
    V311,
    Ack,
    ConnAck,
    Connect,
    Disconnect,
    Kind,
    Packet,
    Ping,
    Property,
    Publish,
    SubAck,
    Subscribe,
    Subscription,
    Unsubscribe,
)

LIMIT = 2_000


class Broker:
    """A broker's side, by hand."""

    def __init__(self, version: int = V5, memory: ClientSessionState | None = None, *, present: bool = False) -> None:
        self.version = version
        self.memory = memory or ClientSessionState(10)
        who = Identity(version=version, client_id="c", keep_alive_s=60, session_expiry_s=300, user="u", password=b"p")
        self.client = ClientSession(who, self.memory, max_packet_bytes=LIMIT, max_inflight=10)
        self.decoder = Decoder(100_000)
        self.client.begin()
        self.connect = self.heard()[0]
        self.opened = self.say(ConnAck(0, present))

    def say(self, *packets: Packet) -> list[object]:
        return list(self.client.receive(b"".join(encode(packet, self.version) for packet in packets)))

    def heard(self) -> list[Packet]:
        self.decoder.feed(self.client.data_to_send())
        found = []
        while (packet := self.decoder.next()) is not None:
            found.append(packet)
        return found


def test_connect_asks_for_a_session_that_stays() -> None:
    broker = Broker(V5)
    assert isinstance(broker.connect, Connect)
    assert (broker.connect.clean, broker.connect.user, broker.connect.password) == (False, "u", b"p")
    assert broker.connect.properties == {
        Property.SESSION_EXPIRY_S: 300,
        Property.RECEIVE_MAXIMUM: 10,
        Property.MAXIMUM_PACKET_SIZE: LIMIT,
    }
    assert broker.opened == [Opened(session_present=False, keep_alive_s=60)]
    old = Broker(V311, present=True)
    assert isinstance(old.connect, Connect)
    assert old.connect.properties == {}
    assert old.opened == [Opened(session_present=True, keep_alive_s=60)]


@pytest.mark.parametrize(("version", "qos", "kind"), [(V311, 1, Kind.PUBACK), (V5, 1, Kind.PUBACK), (V5, 2, Kind.PUBREC)])
def test_nothing_is_acknowledged_before_it_is_said_to_be_stored(version: int, qos: int, kind: Kind) -> None:
    broker = Broker(version)
    message = Publish("t", b"1", qos, 7)
    assert broker.say(message) == [message]
    assert broker.heard() == []
    broker.client.acknowledge(message)
    assert broker.heard() == [Ack(kind, 7)]


def test_qos_2_is_handed_out_once_until_it_is_released() -> None:
    broker = Broker()
    message = Publish("t", b"1", 2, 7)
    broker.say(message)
    assert broker.say(Publish("t", b"1", 2, 7, dup=True)) == []  # still on its way to the disk
    broker.client.acknowledge(message)
    assert broker.say(Publish("t", b"1", 2, 7, dup=True)) == []
    assert broker.heard() == [Ack(Kind.PUBREC, 7), Ack(Kind.PUBREC, 7)]
    assert broker.say(Ack(Kind.PUBREL, 7)) == []
    assert broker.heard() == [Ack(Kind.PUBCOMP, 7)]
    assert broker.say(message) == [message]


def test_a_repetition_is_told_from_a_new_message_under_the_same_identifier() -> None:
    memory = ClientSessionState(10)
    broker = Broker(memory=memory)
    message, repeated = Publish("t", b"on", 1, 7), Publish("t", b"on", 1, 7, dup=True)
    broker.say(message)
    assert memory.freshness(message) is Freshness.NEW
    broker.client.acknowledge(message)
    again = Broker(memory=memory, present=True)
    assert again.say(repeated) == [repeated]
    assert memory.freshness(repeated) is Freshness.REPEATED
    assert memory.freshness(Publish("t", b"off", 1, 7, dup=True)) is Freshness.NEW
    assert memory.freshness(Publish("t", b"on", 1, 8, dup=True)) is Freshness.NEW
    again.client.acknowledge(repeated)
    again.say(message)  # the identifier came again, and the connection is lost before this message is stored
    assert memory.freshness(repeated) is Freshness.NEW


def test_after_a_start_of_the_process_only_the_log_knows() -> None:
    memory = ClientSessionState(10)
    broker = Broker(memory=memory, present=True)
    repeated = Publish("t", b"on", 1, 7, dup=True)
    broker.say(repeated)
    assert memory.freshness(repeated) is Freshness.UNKNOWN
    broker.client.acknowledge(repeated)
    assert memory.freshness(repeated) is Freshness.REPEATED
    Broker(memory=memory, present=False)  # a new session: nothing of it was heard before
    assert memory.freshness(repeated) is Freshness.NEW


def test_a_broker_that_sends_new_messages_before_it_repeats_the_old_ones_is_not_mistaken() -> None:
    # NATS after kill -9: 7 was stored and not acknowledged, and is repeated after more new messages than digests are kept.
    broker = Broker(V311, present=True)
    for number in range(8, 108):
        new = Publish("t", b"on", 2, number)
        assert broker.say(new) == [new]
        broker.client.acknowledge(new)
        broker.say(Ack(Kind.PUBREL, number))
    repeated, lost_on_its_way = Publish("t", b"on", 2, 7, dup=True), Publish("t", b"on", 2, 108, dup=True)
    assert broker.say(repeated, lost_on_its_way) == [repeated, lost_on_its_way]
    assert broker.memory.freshness(repeated) is Freshness.UNKNOWN
    assert broker.memory.freshness(lost_on_its_way) is Freshness.NEW


def test_memory_is_bounded() -> None:
    memory = ClientSessionState(10)
    for number in range(1, 1_000):
        memory.stored(Publish("t", b"1", 1, number))
    assert memory.freshness(Publish("t", b"1", 1, 999, dup=True)) is Freshness.REPEATED
    assert memory.freshness(Publish("t", b"1", 1, 1, dup=True)) is Freshness.UNKNOWN, "its digest was dropped"


@pytest.mark.parametrize("cut", [1, 3, 700, 100_000])
@pytest.mark.parametrize("qos", [0, 1, 2])
def test_the_payload_of_a_message_that_is_too_large_is_passed_over(qos: int, cut: int) -> None:
    broker = Broker(V311)
    large, small = Publish("large", b"x" * 50_000, qos, 5 if qos else 0), Publish("small", b"1", 1, 6)
    data = encode(large, V311) + encode(small, V311) + encode(large, V311)
    events = [event for at in range(0, len(data), cut) for event in broker.client.receive(data[at : at + cut])]
    passed = Oversized(Publish("large", b"", qos, 5 if qos else 0), len(encode(large, V311)))
    assert events == [passed, small] + ([passed] if not qos else [])
    assert len(broker.client._framing._buffer) < 10


def test_subscriptions_and_goodbyes() -> None:
    broker = Broker()
    number = broker.client.subscribe([Subscription("a/+", 1, retain_handling=1)])
    broker.client.unsubscribe(["b"])
    broker.client.ping()
    subscribe, unsubscribe, ping = broker.heard()
    assert isinstance(subscribe, Subscribe)
    assert subscribe.subscriptions == [Subscription("a/+", 1, retain_handling=1)]
    assert isinstance(unsubscribe, Unsubscribe)
    assert unsubscribe.filters == ["b"]
    assert ping == Ping()
    events = broker.say(SubAck(Kind.SUBACK, number, [1]), SubAck(Kind.UNSUBACK, 2, [0]), Ping(Kind.PINGRESP))
    assert events == [Subscribed(number, [1])]
    broker.client.disconnect(forget=True)
    assert broker.heard() == [Disconnect(0, {Property.SESSION_EXPIRY_S: 0})]


@pytest.mark.parametrize(
    ("version", "code", "words"),
    [
        (V311, 4, "the user name or password is wrong"),
        (V5, 0x86, "the user name or password is wrong"),
        (V5, 0x85, "client id"),
        (V5, 0x9D, "code 157"),
    ],
)
def test_why_a_broker_refuses_is_said_in_words(version: int, code: int, words: str) -> None:
    broker = Broker(version)
    fresh = ClientSession(
        Identity(version=version, client_id="c", keep_alive_s=60, session_expiry_s=0),
        ClientSessionState(1),
        max_packet_bytes=LIMIT,
        max_inflight=1,
    )
    (closed,) = fresh.receive(encode(ConnAck(code), version))
    assert isinstance(closed, Closed)
    assert words in closed.reason
    del broker


def test_the_brokers_own_words_are_shown_without_what_cannot_be_printed() -> None:
    (closed,) = Broker().say(Disconnect(0x83, {Property.REASON_STRING: "go\x1b[31m away" + "!" * 500}))
    assert isinstance(closed, Closed)
    assert closed.reason.startswith("the broker closed the connection (code 131: go[31m away!")
    assert len(closed.reason) < 200


@pytest.mark.parametrize(
    "data",
    [
        b"\x20\x02\x00\x00",  # a second CONNACK
        b"\x10\x00",  # CONNECT is not a broker's to send
        b"\x00\x00",
        b"\x30\xff\xff\xff\xff\x01",  # a length of five bytes
        b"\x36\x05\x00\x01t\x00\x01",  # QoS 3
        b"\x32\x05\x00\x01t\x00\x00",  # identifier 0
        b"\x30\x03\x00\x01+",
        b"\x30\x04\x00\x02\xff\xfe",
        b"\x32\x80\x20\xff\xff",  # a topic longer than the packet
        b"\x40\x02\x00\x01",  # an acknowledgement, though nothing was published
        b"\x40\x80\x20",  # an acknowledgement that is too large
        b"\x30\x03\x00\x00x",  # no topic, and no alias was offered
    ],
)
def test_what_breaks_the_protocol_ends_the_connection(data: bytes) -> None:
    broker = Broker(V311)
    events = broker.client.receive(data + b"\x00" * 70_000)
    assert [type(event) for event in events] == [Closed]
    assert broker.client.receive(b"\x30\x04\x00\x01tx") == []


def test_the_first_packet_is_connack() -> None:
    fresh = ClientSession(
        Identity(version=V5, client_id="c", keep_alive_s=60, session_expiry_s=0),
        ClientSessionState(1),
        max_packet_bytes=LIMIT,
        max_inflight=1,
    )
    assert [type(event) for event in fresh.receive(encode(Publish("t", b"1"), V5))] == [Closed]
