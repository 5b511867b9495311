"""When a delivery is tried again, and when an endpoint is left alone."""

from __future__ import annotations

import pytest

from penstock.core.webhooks.models import Health, Message, MessageStatus
from penstock.core.webhooks.schedule import FAILURES_TO_OPEN, PAUSES_US, Outcome, ends, is_open, noted, settled
from penstock.kit.clock import DAY_US, HOUR_US, MINUTE_US, SECOND_US

NOW_US = 1_777_713_304_000_000
MESSAGE = Message(
    id=1,
    org_id=1,
    endpoint_id=1,
    event_key="outbox:1",
    topic="device.offline",
    device_id=1,
    project_id=1,
    created_us=NOW_US,
    due_us=NOW_US,
    body=b"{}",
)


def outcome(status: int | None, at_us: int = NOW_US, retry_after: int = 0) -> Outcome:
    return Outcome(at_us=at_us, latency_us=0, status=status, retry_after_us=retry_after)


def test_a_message_is_tried_eight_times_over_the_schedule_and_is_a_dead_letter_then() -> None:
    message, pauses = MESSAGE, []
    for _ in range(8):
        at_us = message.due_us
        message = settled(message, outcome(503, at_us), lambda: 0.5)
        pauses.append(message.due_us - at_us)
    assert pauses[:7] == [5 * SECOND_US, 5 * MINUTE_US, 30 * MINUTE_US] + [hours * HOUR_US for hours in (2, 5, 10, 10)]
    assert (message.status, message.attempts) == (MessageStatus.FAILED, 8)


@pytest.mark.parametrize("random", [0.0, 0.3, 1.0])
def test_pauses_are_within_a_tenth_of_the_schedule_and_not_all_alike(random: float) -> None:
    for tries, pause_us in enumerate(PAUSES_US):
        tried = Message(**{name: getattr(MESSAGE, name) for name in MESSAGE.__struct_fields__} | {"tries": tries})
        waits_us = settled(tried, outcome(None), lambda: random).due_us - NOW_US
        assert abs(waits_us - pause_us) <= pause_us * 0.1
        assert (waits_us == pause_us) == (random == 0.5)


@pytest.mark.parametrize("status", [200, 201, 204, 299])
def test_only_success_is_delivered(status: int) -> None:
    assert settled(MESSAGE, outcome(status), lambda: 0.5).status is MessageStatus.DELIVERED


@pytest.mark.parametrize("status", [None, 301, 307, 400, 401, 404, 410, 429, 500, 503])
def test_everything_else_is_tried_again(status: int | None) -> None:
    assert settled(MESSAGE, outcome(status), lambda: 0.5).status is MessageStatus.PENDING


def test_retry_after_is_honoured_when_it_asks_for_more() -> None:
    assert settled(MESSAGE, outcome(503, retry_after=HOUR_US), lambda: 0.5).due_us == NOW_US + HOUR_US
    assert settled(MESSAGE, outcome(503, retry_after=SECOND_US), lambda: 0.5).due_us == NOW_US + 5 * SECOND_US
    assert settled(MESSAGE, outcome(503, retry_after=365 * DAY_US), lambda: 0.5).due_us == NOW_US + DAY_US


@pytest.mark.parametrize(
    ("status", "retry_after", "pause_us"),
    [(429, MINUTE_US, MINUTE_US), (503, MINUTE_US, MINUTE_US), (500, MINUTE_US, 0), (429, 0, 0), (429, DAY_US, HOUR_US)],
)
def test_a_busy_receiver_gets_no_message_until_it_asks_for_one_again(status: int, retry_after: int, pause_us: int) -> None:
    health = noted(Health(), outcome(status, retry_after=retry_after))
    assert max(health.open_until_us - NOW_US, 0) == pause_us
    assert noted(health, outcome(500)).open_until_us == health.open_until_us, (
        "another attempt at the same time does not shorten it"
    )
    assert noted(health, outcome(204)) == Health()


def test_the_breaker_opens_after_five_failures_for_longer_and_longer_and_closes_at_a_success() -> None:
    health, open_for = Health(), []
    for _ in range(12):
        health = noted(health, outcome(500))
        open_for.append(max(health.open_until_us - NOW_US, 0) // SECOND_US)
    assert open_for == [0, 0, 0, 0, 10, 20, 40, 80, 160, 300, 300, 300]
    assert noted(health, outcome(204)) == Health()


def test_an_endpoint_ends_when_it_is_gone_or_after_days_of_nothing_but_failures() -> None:
    assert ends(noted(Health(), outcome(410)), outcome(410), 5 * DAY_US) == "gone"
    health = noted(Health(), outcome(500))
    assert health.failing_since_us == NOW_US
    assert ends(health, outcome(500, NOW_US + 5 * DAY_US - 1), 5 * DAY_US) is None
    later = outcome(None, NOW_US + 5 * DAY_US)
    assert ends(noted(health, later), later, 5 * DAY_US) == "failing"
    assert ends(noted(noted(health, outcome(200)), later), later, 5 * DAY_US) is None


def test_a_clock_that_was_ahead_neither_pauses_nor_spares_an_endpoint() -> None:
    ahead_us, now_us = NOW_US + 4_000 * DAY_US, NOW_US
    health = Health()
    for _ in range(FAILURES_TO_OPEN):
        health = noted(health, Outcome(at_us=ahead_us, latency_us=0, status=500))
    assert is_open(health, ahead_us)
    assert not is_open(health, now_us)
    health = noted(health, Outcome(at_us=now_us, latency_us=0, status=500))
    assert is_open(health, now_us)
    assert health.failing_since_us == now_us
