"""The event of an alarm has what the alarm has."""

from __future__ import annotations

import msgspec

from penstock.core.event_data import event_data_of
from penstock.core.meter_alarms.events import CLOSED, alarm_moved
from penstock.kit.clock import format_time

from .test_episodes import NOW_US, alarm, us


def test_times_and_ids_are_those_of_the_api() -> None:
    made = msgspec.structs.replace(alarm(1, 2, 3), customer_id=7, value=4.5, threshold=2.5, unit="m3/h", register="")
    told = event_data_of(CLOSED, alarm_moved(made, "A pipe.", NOW_US))
    assert told["id"] == told["alarm_id"] == "mal_0000000000001"
    assert (told["customer_id"], told["resident_id"], told["register"]) == ("cus_0000000000007", None, None)
    assert (told["since"], told["last_seen_at"], told["until"]) == (format_time(us(1)), format_time(us(2)), format_time(us(3)))
    assert (told["state"], told["end_reason"], told["message"], told["at"]) == (
        "closed",
        "condition",
        "A pipe.",
        format_time(NOW_US),
    )
    assert (told["value"], told["threshold"], told["unit"]) == (4.5, 2.5, "m3/h")
