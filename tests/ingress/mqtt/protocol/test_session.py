"""What outlives a connection: which messages a client may repeat without their being stored twice."""

from __future__ import annotations

from penstock.ingress.mqtt.protocol.packets import Publish
from penstock.ingress.mqtt.protocol.session import MAX_REPEATABLE, Session


def publish(packet_id: int = 1, payload: bytes = b"x", *, dup: bool = True, qos: int = 1) -> Publish:
    return Publish("a", payload, qos, packet_id, dup, False)


def test_what_the_last_connection_stored_is_repeated_once() -> None:
    session = Session()
    session.note_stored(publish(dup=False))
    assert not session.repeats(publish()), "in the same connection nothing is repeated"
    session.begin_connection()
    assert [session.repeats(publish()), session.repeats(publish())] == [True, False]


def test_an_identifier_that_is_used_anew_is_of_a_new_message() -> None:
    for other in (publish(dup=False), publish(payload=b"y")):
        session = Session()
        session.note_stored(publish(dup=False))
        session.begin_connection()
        assert not session.repeats(other)
        assert not session.repeats(publish())


def test_only_the_last_connections_messages_are_repeated() -> None:
    session = Session()
    session.note_stored(publish())
    session.begin_connection()
    session.begin_connection()
    assert not session.repeats(publish())


def test_a_clean_start_forgets_subscriptions_and_not_what_may_be_repeated() -> None:
    session = Session()
    session.subscriptions["a"] = 1
    session.note_stored(publish(2, qos=2))
    session.note_stored(publish(3, qos=0))
    session.note_stored(publish(1))
    assert session.received == {2}
    session.begin_connection()
    session.forget_state()
    assert (session.subscriptions, session.received) == ({}, set())
    assert [session.repeats(publish(number)) for number in (1, 2, 3)] == [True, False, False]


def test_the_oldest_gives_way() -> None:
    session = Session()
    for number in range(1, MAX_REPEATABLE + 2):
        session.note_stored(publish(number))
    session.begin_connection()
    assert [session.repeats(publish(number)) for number in (1, 2, MAX_REPEATABLE + 1)] == [False, True, True]
