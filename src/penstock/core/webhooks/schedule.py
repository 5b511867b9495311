"""When a delivery is retried, and when an endpoint is paused: pure functions of the outcomes.

Source of the pauses: Svix, as the de facto standard. The circuit breaker is Penstock's own.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from penstock.core.webhooks.models import Health, Message, MessageStatus
from penstock.kit.backoff import Doubling, Table, jittered
from penstock.kit.clock import HOUR_US, MINUTE_US, SECOND_US
from penstock.kit.retry_after import BUSY, MAX_RETRY_AFTER_US

PAUSES_US = (5 * SECOND_US, 5 * MINUTE_US, 30 * MINUTE_US, 2 * HOUR_US, 5 * HOUR_US, 10 * HOUR_US, 10 * HOUR_US)
"""Pauses between the attempts to deliver one message: eight attempts in 27.5 hours."""
RETRIES = Table(pauses_us=PAUSES_US)
LEAST, MOST = 0.9, 1.1
"""The range of the jitter: each pause is multiplied by a random factor between these two."""
FAILURES_TO_OPEN = 5
BREAKER = Doubling(first_us=10 * SECOND_US, longest_us=5 * MINUTE_US)
"""How long an endpoint that keeps failing is paused before one message is tried."""
MAX_PAUSE_US = HOUR_US
"""The longest pause of an endpoint whose receiver is busy and asks for one; the message itself waits up to a day."""
GONE = 410


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """The outcome of an attempt. `status` is None if there was no response."""

    at_us: int
    latency_us: int
    status: int | None = None
    error: str | None = None
    excerpt: str = ""
    retry_after_us: int = 0

    @property
    def delivered(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def settled(message: Message, outcome: Outcome, random: Callable[[], float]) -> Message:
    """The message after an attempt: delivered, due again, or a dead letter. `random` returns numbers from 0 to 1."""
    status, due_us, settled_us = MessageStatus.PENDING, message.due_us, None
    now_us = outcome.at_us + outcome.latency_us
    if outcome.delivered:
        status, settled_us = MessageStatus.DELIVERED, now_us
    elif message.tries >= len(PAUSES_US):
        status, settled_us = MessageStatus.FAILED, now_us
    else:
        pause_us = jittered(RETRIES.pause_us(message.tries + 1), LEAST, MOST, random)
        due_us = now_us + max(pause_us, min(outcome.retry_after_us, MAX_RETRY_AFTER_US))
    return msgspec.structs.replace(
        message,
        status=status,
        due_us=due_us,
        settled_us=settled_us,
        attempts=message.attempts + 1,
        tries=message.tries + 1,
        last_status=outcome.status,
    )


def noted(health: Health, outcome: Outcome) -> Health:
    """An endpoint's health after an attempt."""
    if outcome.delivered:
        return Health()
    now_us, failures = outcome.at_us + outcome.latency_us, health.failures + 1
    pause_us = BREAKER.pause_us(failures - FAILURES_TO_OPEN + 1) if failures >= FAILURES_TO_OPEN else 0
    if outcome.status in BUSY:
        # Its other messages would be rejected too.
        pause_us = max(pause_us, min(outcome.retry_after_us, MAX_PAUSE_US))
    # Parallel attempts fail in any order; a later outcome must not shorten the pause.
    open_until_us = max(now_us + pause_us if pause_us else 0, health.open_until_us if is_open(health, now_us) else 0)
    # A time after now is that of a clock that was ahead: the endpoint would never be disabled.
    since_us = now_us if health.failing_since_us is None else min(health.failing_since_us, now_us)
    return Health(failures=failures, failing_since_us=since_us, open_until_us=open_until_us)


def is_open(health: Health, now_us: int) -> bool:
    """Whether an endpoint is paused. Never for longer than the longest pause: a clock that was ahead has set a later end."""
    return now_us < health.open_until_us <= now_us + MAX_PAUSE_US


def ends(health: Health, outcome: Outcome, disable_after_us: int) -> str | None:
    """Why an endpoint must be disabled after an attempt, or None; `health` is that after the attempt."""
    if outcome.status == GONE:
        return "gone"
    since_us = health.failing_since_us
    return "failing" if since_us is not None and outcome.at_us - since_us >= disable_after_us else None
