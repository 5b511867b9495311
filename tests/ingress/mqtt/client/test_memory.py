"""Which messages of a broker are repetitions, from one connection to the next."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from penstock.ingress.mqtt.client.identifiers import COUNT, SPAN
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


def resumed(first: int, stored: int) -> ClientSessionState:
    """The state after a start in which so many new messages were stored, numbered upwards. It keeps 4 digests."""
    memory = ClientSessionState(1)
    for number in range(first, first + stored):
        new = publish((number - 1) % COUNT + 1, dup=False)
        memory.begun(new)
        memory.stored(new)
    return memory


def test_a_message_whose_digest_was_dropped_is_looked_up_in_the_log() -> None:
    memory = ClientSessionState(1)
    memory.begin()
    for number in range(1, 6):
        memory.stored(publish(number))
    assert [memory.freshness(publish(number)) for number in (1, 2, 5, 9)] == [
        Freshness.UNKNOWN,
        Freshness.REPEATED,
        Freshness.REPEATED,
        Freshness.NEW,
    ]


@pytest.mark.parametrize("stored", [5, 2_500, SPAN - 1])
def test_a_broker_may_repeat_what_an_earlier_process_stored_after_thousands_of_new_messages(stored: int) -> None:
    memory = resumed(1_000, stored)
    assert [memory.freshness(publish(number)) for number in (999, 500, 1, COUNT)] == [Freshness.UNKNOWN] * 4


def test_then_a_message_that_the_broker_numbered_later_is_new_even_if_the_log_has_its_equal() -> None:
    memory = resumed(1_000, 2_500)
    assert memory.freshness(publish(3_500)) is Freshness.NEW
    memory = resumed(COUNT - 1, 5)  # the broker starts again at 1
    assert [memory.freshness(publish(number)) for number in (COUNT - 2, 4, 2_000)] == [
        Freshness.UNKNOWN,
        Freshness.NEW,
        Freshness.NEW,
    ]


def test_an_earlier_process_is_forgotten_before_its_identifiers_come_again() -> None:
    assert resumed(1_000, SPAN).freshness(publish(999)) is Freshness.NEW


def test_a_dropped_message_is_forgotten_before_its_identifier_comes_again() -> None:
    memory = resumed(1, 2 * SPAN)
    assert memory.freshness(publish(SPAN + 1)) is Freshness.UNKNOWN
    for number in range(2 * SPAN + 1, 2 * SPAN + 6):
        memory.stored(publish(number))
    assert memory.freshness(publish(1)) is Freshness.NEW


def test_a_message_that_waits_to_be_stored_is_new_however_many_are_stored_meanwhile() -> None:
    memory = ClientSessionState(1)
    memory.stored(publish(COUNT))
    memory.begun(publish(COUNT, dup=False))
    for number in range(1, 100):
        memory.stored(publish(number))
    assert memory.freshness(publish(COUNT)) is Freshness.NEW


def test_topic_and_payload_are_told_apart() -> None:
    assert digest(publish(topic="a", payload=b"bc")) != digest(publish(topic="ab", payload=b"c"))
