"""A condition that lasts is a line when it begins, changes and ends, and seldom one in between."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import Any

import pytest
import structlog

from penstock.core.telemetry.errors import DiskFull, LogFull
from penstock.kit.conditions import QUIET_S, REMIND_S, Conditions
from penstock.kit.errors import Unavailable

Lines = list[MutableMapping[str, Any]]


class Time:
    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def conditions(time: Time) -> Conditions:
    return Conditions(time)


@pytest.fixture
def lines() -> Iterator[Lines]:
    with structlog.testing.capture_logs() as found:
        yield found


def events(lines: Lines) -> list[str]:
    return [line["event"] for line in lines]


def test_it_is_told_once_with_seldom_reminders_and_an_end(conditions: Conditions, time: Time, lines: Lines) -> None:
    for time.now_s in range(2 * int(REMIND_S)):
        conditions.failing("mail_delayed", LogFull())
    assert events(lines) == ["mail_delayed"] * 2
    assert lines[1]["since_s"] == REMIND_S
    time.now_s += QUIET_S
    conditions.over("mail_delayed")
    conditions.over("mail_delayed")
    assert events(lines)[2:] == ["mail_delayed_no_longer"]
    assert (lines[2]["times"], lines[2]["lasted_s"]) == (2 * REMIND_S, 2 * REMIND_S - 1)


def test_another_reason_is_news(conditions: Conditions, lines: Lines) -> None:
    for reason in ("down", "down", "refused"):
        conditions.failing("mail_delayed", Unavailable(reason=reason))
    assert [line["reason"] for line in lines] == ["down", "refused"]


def test_what_concerns_the_whole_server_is_one_condition(conditions: Conditions, time: Time, lines: Lines) -> None:
    conditions.failing("outbox_delayed", DiskFull())
    conditions.failing("usage_delayed", DiskFull())
    time.now_s += QUIET_S
    conditions.over("outbox_delayed")
    assert events(lines) == ["outbox_delayed"]
    conditions.over("usage_delayed")
    assert events(lines) == ["outbox_delayed", "outbox_delayed_no_longer"]


def test_a_step_with_nothing_to_write_does_not_end_it(conditions: Conditions, time: Time, lines: Lines) -> None:
    for time.now_s in range(100):
        conditions.failing("outbox_delayed", DiskFull())
        conditions.over("outbox_delayed")
    assert events(lines) == ["outbox_delayed"]


def test_others_of_one_event_are_kept_apart_by_their_facts(conditions: Conditions, lines: Lines) -> None:
    for device in ("dev_1", "dev_2", "dev_1"):
        conditions.failing("commands_delayed", LogFull(), device=device)
    assert [line["device"] for line in lines] == ["dev_1", "dev_2"]
