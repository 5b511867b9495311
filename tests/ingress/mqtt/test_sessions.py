"""Sessions of clients that are away: who finds which, until when, and how many there are."""

from __future__ import annotations

from penstock.ingress.mqtt.protocol.session import EXPIRES_NEVER, Session
from penstock.ingress.mqtt.sessions import KEEP_REPEATABLE_S, MAX_PER_DEVICE, Sessions


def left(sessions: Sessions, client: tuple[int, str], expiry_s: int = 100, now: float = 0.0) -> Session:
    session = Session()
    session.subscriptions["d/x/c"] = 1
    sessions.leave(client, session, expiry_s, now)
    return session


def test_a_session_is_found_by_device_and_client_until_it_expires() -> None:
    for now, present in ((99.0, True), (101.0, False)):
        sessions = Sessions(10)
        session = left(sessions, (1, "a"))
        assert sessions.take((2, "a"), clean=False, now=now)[1] is False
        assert sessions.take((1, "b"), clean=False, now=now)[1] is False
        found, was_there = sessions.take((1, "a"), clean=False, now=now)
        assert (found, was_there) == (session, present)
        assert bool(found.subscriptions) is present


def test_a_clean_start_forgets_subscriptions() -> None:
    sessions = Sessions(10)
    left(sessions, (1, "a"))
    found, present = sessions.take((1, "a"), clean=True, now=1)
    assert (found.subscriptions, present) == ({}, False)


def test_a_session_can_be_kept_for_ever() -> None:
    sessions = Sessions(10)
    left(sessions, (1, "a"), EXPIRES_NEVER)
    sessions.purge(1e12)
    assert sessions.take((1, "a"), clean=False, now=1e12)[1]


def test_the_oldest_give_way_of_all_and_of_one_device() -> None:
    sessions = Sessions(20)
    for number in range(MAX_PER_DEVICE + 1):
        left(sessions, (1, f"c{number}"))
    for device in range(2, 15):
        left(sessions, (device, "c"))
    assert not sessions.take((1, "c0"), clean=False, now=0)[1]
    assert not sessions.take((1, "c1"), clean=False, now=0)[1]
    assert sessions.take((1, "c2"), clean=False, now=0)[1]
    assert sessions.take((14, "c"), clean=False, now=0)[1]


def test_what_expired_or_belongs_to_a_device_that_is_gone_is_forgotten() -> None:
    sessions = Sessions(10)
    first, second = left(sessions, (1, "a")), left(sessions, (2, "a"), 10_000)
    sessions.purge(101 + KEEP_REPEATABLE_S)
    assert sessions.take((1, "a"), clean=False, now=0)[0] is not first
    sessions.drop_device(2)
    assert sessions.take((2, "a"), clean=False, now=0)[0] is not second
