"""Which devices are in reach, what is not known of them, and connections in trouble."""

from __future__ import annotations

import pytest

from penstock.core.downlinks import reach as reaching
from penstock.core.downlinks.config import DownlinksConfig
from penstock.core.downlinks.reach import DownlinkRouting
from penstock.kit.clock import SECOND_US
from tests.support.days import HeldClock


class Asked:
    """A reach, and how often it asked."""

    def __init__(self) -> None:
        self.clock, self.times = HeldClock(), 0
        config = DownlinksConfig(retry_s=5, max_retry_s=15, look_interval_s=1)
        self.reach = DownlinkRouting(config, self.clock, self.ask)

    def ask(self) -> None:
        self.times += 1


def test_what_is_not_known_is_asked_for_once_it_is_needed() -> None:
    asked = Asked()
    assert not asked.reach.reaches(1)
    assert asked.times == 1
    assert (asked.reach.drain_requests(), asked.reach.drain_requests()) == ({1}, set())
    asked.reach.update(1, 7)
    asked.reach.update(2, None)
    assert (asked.reach.reaches(1), asked.reach.reaches(2), asked.times) == (True, False, 1)
    asked.reach.forget_device(1)
    asked.reach.update(3, 8)
    asked.reach.forget_connection(7)  # it may reach now what was out of reach
    assert (asked.reach.reaches(2), asked.reach.reaches(3), asked.reach.drain_requests()) == (False, True, {2})


def test_a_connection_in_trouble_rests_each_time_longer() -> None:
    asked = Asked()
    asked.reach.update(1, 7)
    for rest_s in (5, 10, 15, 15):
        asked.reach.mark_failed(7)
        asked.reach.mark_failed(7)  # another that was under way
        asked.clock.us += rest_s * SECOND_US - 1
        assert not asked.reach.reaches(1)
        asked.clock.us += 1
        assert asked.reach.reaches(1)
    asked.reach.mark_working(7)
    asked.reach.mark_failed(7)
    asked.clock.us += 5 * SECOND_US
    assert asked.reach.reaches(1)


def test_a_server_that_asks_for_a_longer_rest_gets_it() -> None:
    asked = Asked()
    asked.reach.update(1, 7)
    asked.reach.mark_failed(7, 120 * SECOND_US)
    asked.clock.us += 120 * SECOND_US - 1
    assert not asked.reach.reaches(1)
    asked.clock.us += 1
    assert asked.reach.reaches(1)


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reaching, "MAX_KNOWN", 3)
    monkeypatch.setattr(reaching, "MAX_REQUESTED", 2)
    asked = Asked()
    for device_id in range(4):
        asked.reach.update(device_id, 7)
    assert [asked.reach.reaches(device_id) for device_id in range(4)] == [False, False, False, True]
    assert len(asked.reach.drain_requests()) == 2
