"""What becomes of messages of ours, by the broker's word or for want of it."""

from __future__ import annotations

import asyncio

import pytest

from penstock.core.connections.publishing import Publication
from penstock.core.connections.topics import fill_topic
from penstock.core.downlinks.ports import Accepted, NoSubscriber, NotAccepted, Outcome, Refused, Unconfirmed
from penstock.ingress.mqtt.client.memory import ClientSessionState
from penstock.ingress.mqtt.client.outgoing import Outgoing
from penstock.ingress.mqtt.client.session import ClientSession, Closed, Confirmed, Identity, Opened
from penstock.ingress.mqtt.protocol.encoding import encode
from penstock.ingress.mqtt.protocol.packets import V5, V311, Ack, ConnAck, Kind, Property, Publish
from penstock.kit.errors import InvalidInput
from tests.support.days import HeldClock

from .test_session import Broker

CLOCK = HeldClock()
MESSAGE = Publication("cmd/valve", b"open", CLOCK.us + 90_000_000)


class Line:
    """A connection to a broker by hand, and what waits for its word."""

    def __init__(self, version: int = V5, allowed: Opened | None = None) -> None:
        self.broker = Broker(version)
        self.outgoing = Outgoing(CLOCK)
        self.outgoing.opened(allowed or Opened(session_present=False, keep_alive_s=60))

    def begin(self, message: Publication = MESSAGE, *, returns: bool = False) -> asyncio.Task[Outcome]:
        return asyncio.create_task(self.outgoing.publish(self.broker.client, lambda: None, message, returns=returns))

    async def sent(self) -> Publish | None:
        for _ in range(3):
            await asyncio.sleep(0)
        found = self.broker.heard()
        assert not found or isinstance(found[0], Publish)
        return found[0] if found else None  # type: ignore[return-value]

    def answer(self, packet_id: int, code: int = 0) -> None:
        (event,) = self.broker.say(Ack(Kind.PUBACK, packet_id, code))
        assert isinstance(event, Confirmed)
        self.outgoing.confirmed(event.packet_id, event.code)


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        (0x00, Accepted),
        (0x10, NoSubscriber),
        (0x80, NotAccepted),
        (0x97, NotAccepted),
        (0x87, Refused),
        (0x90, Refused),
        (0x99, Refused),
    ],
)
async def test_the_brokers_word_decides(code: int, outcome: type[Outcome]) -> None:
    line = Line()
    asked = line.begin()
    sent = await line.sent()
    assert sent is not None
    assert (sent.topic, sent.payload, sent.qos, sent.retain, sent.dup) == ("cmd/valve", b"open", 1, False, False)
    assert sent.properties == {Property.MESSAGE_EXPIRY_S: 90}
    assert not asked.done()
    line.answer(sent.packet_id, code)
    assert isinstance(await asked, outcome)


async def test_an_end_before_the_word_leaves_doubt_and_nothing_is_repeated() -> None:
    line = Line(V311)
    asked = line.begin()
    sent = await line.sent()
    assert sent is not None
    assert sent.properties == {}
    line.outgoing.ended()
    assert isinstance(await asked, Unconfirmed)
    assert isinstance(await line.begin(), NotAccepted)
    assert await line.sent() is None
    line.outgoing.confirmed(sent.packet_id, 0)  # late, and nobody waits


async def test_a_broker_is_asked_for_no_more_than_it_allows() -> None:
    line = Line(allowed=Opened(session_present=False, keep_alive_s=60, receive_maximum=1))
    first, second = line.begin(), line.begin()
    sent = await line.sent()
    assert sent is not None
    assert await line.sent() is None, "one at a time"
    line.answer(sent.packet_id)
    assert isinstance(await first, Accepted)
    later = await line.sent()
    assert later is not None
    line.answer(later.packet_id)
    assert isinstance(await second, Accepted)
    small = Line(allowed=Opened(session_present=False, keep_alive_s=60, maximum_bytes=20))
    assert isinstance(await small.begin(), Refused)
    unsure = Line(allowed=Opened(session_present=False, keep_alive_s=60, maximum_qos=0))
    assert isinstance(await unsure.begin(), Refused)


async def test_what_comes_back_is_known_once() -> None:
    line = Line(V311)
    asked = line.begin(returns=True)
    sent = await line.sent()
    assert sent is not None
    line.answer(sent.packet_id)
    await asked
    assert [line.outgoing.is_echo(Publish("cmd/valve", b"open", 1, 1)) for _ in range(2)] == [True, False]


def test_limits_are_read_and_a_word_on_nothing_breaks_the_protocol() -> None:
    broker = Broker()
    assert isinstance(broker.say(Ack(Kind.PUBACK, 7))[0], Closed)
    said = {Property.RECEIVE_MAXIMUM: 5, Property.MAXIMUM_QOS: 1, Property.MAXIMUM_PACKET_SIZE: 900}
    identity = Identity(version=V5, client_id="c", keep_alive_s=60, session_expiry_s=300)
    session = ClientSession(identity, ClientSessionState(10), max_packet_bytes=2_000, max_inflight=10)
    session.begin()
    assert session.receive(encode(ConnAck(0, False, said), V5)) == [
        Opened(session_present=False, keep_alive_s=60, receive_maximum=5, maximum_qos=1, maximum_bytes=900)
    ]


@pytest.mark.parametrize("name", ["a/b", "+", "#", "a#", "\x00", "a\nb", "\ud800", "", None])
def test_a_name_fills_one_segment_and_nothing_else(name: str | None) -> None:
    with pytest.raises(InvalidInput, match="deviceId"):
        fill_topic("a/{{deviceId}}/set", {"deviceId": name})


def test_a_topic_is_filled() -> None:
    assert fill_topic("a/{{ deviceId }}/{{value}}", {"deviceId": "aa:bb c", "value": "é"}) == "a/aa:bb c/é"
    with pytest.raises(InvalidInput, match="own topics"):
        fill_topic("{{deviceId}}/x", {"deviceId": "$SYS"})
    with pytest.raises(InvalidInput, match="must not be longer than a topic allows"):
        fill_topic("a/{{deviceId}}", {"deviceId": "x" * 70_000})
