"""Which messages of a broker are repetitions, from one connection to the next."""

from __future__ import annotations

from msgspec.structs import replace

from penstock.ingress.mqtt.client.memory import ClientSessionState, Freshness, digest
from penstock.ingress.mqtt.protocol.packets import Publish


def publish(packet_id: int = 1, payload: bytes = b"x", *, dup: bool = True, qos: int = 1, topic: str = "a") -> Publish:
    return Publish(topic, payload, qos, packet_id, dup, False)


def test_what_is_not_marked_is_new() -> None:
    memory = ClientSessionState(10)
    memory.stored(publish())
    assert memory.freshness(publish(dup=False)) is Freshness.NEW


def test_nothing_is_known_right_after_a_start_and_all_of_a_new_session() -> None:
    memory = ClientSessionState(10)
    assert memory.freshness(publish()) is Freshness.UNKNOWN
    memory.stored(publish())
    assert memory.freshness(publish()) is Freshness.REPEATED
    assert memory.freshness(publish(2)) is Freshness.UNKNOWN
    memory.received.add(4)
    memory.begin()
    assert (memory.freshness(publish()), memory.freshness(publish(2)), memory.received) == (Freshness.NEW, Freshness.NEW, set())


def test_another_message_under_the_same_identifier_is_new() -> None:
    memory = ClientSessionState(10)
    memory.begin()
    memory.stored(publish())
    assert memory.freshness(publish(payload=b"y")) is Freshness.NEW
    assert memory.freshness(publish(topic="b")) is Freshness.NEW
    memory.begun(publish(dup=False))
    assert memory.freshness(publish()) is Freshness.NEW, "it repeats the one that is not stored yet"
    memory.stored(publish(dup=False))
    assert memory.freshness(publish()) is Freshness.REPEATED


def test_what_came_first_after_a_start_and_was_not_stored_is_not_a_repetition() -> None:
    memory = ClientSessionState(10)
    memory.begun(publish(dup=False))
    assert memory.freshness(publish()) is Freshness.NEW


def test_messages_of_qos_0_are_not_remembered() -> None:
    memory = ClientSessionState(10)
    memory.stored(replace(publish(0), qos=0))
    assert memory.freshness(publish(0)) is Freshness.UNKNOWN


def test_the_oldest_gives_way_and_then_the_session_is_known() -> None:
    memory = ClientSessionState(1)
    for number in range(1, 6):
        memory.stored(publish(number))
    assert [memory.freshness(publish(number)) for number in (1, 2, 5, 9)] == [
        Freshness.NEW,
        Freshness.REPEATED,
        Freshness.REPEATED,
        Freshness.NEW,
    ]


def test_topic_and_payload_are_told_apart() -> None:
    assert digest(publish(topic="a", payload=b"bc")) != digest(publish(topic="ab", payload=b"c"))
