"""The event of an occurrence: its state, what its condition compares with, and facts that go before."""

from __future__ import annotations

from typing import Any

import pytest

from penstock.core.alerts.conditions import Condition, ConnectivityIs, NoData, RateOfChange, Threshold
from penstock.core.alerts.events import alert_moved, state_of
from penstock.core.alerts.models import Occurrence, OccurrenceState
from penstock.core.notifications.models import Severity
from penstock.kit.ids import AlertId, DeviceId, EventId, OrgId


def occurrence(**about: Any) -> Occurrence:
    known: dict[str, Any] = {
        "id": EventId(1),
        "org_id": OrgId(1),
        "alert_id": AlertId(2),
        "device_id": DeviceId(3),
        "name": "Warm",
    }
    known |= {"severity": Severity.CRITICAL, "value": 7.5, "seq": 9, "time_us": 10, "raised_us": 20}
    return Occurrence(**known | about)


@pytest.mark.parametrize(
    ("about", "state"),
    [
        ({}, OccurrenceState.RAISED),
        ({"acknowledged_us": 0}, OccurrenceState.ACKNOWLEDGED),
        ({"cleared_us": 0}, OccurrenceState.CLEARED),
        ({"acknowledged_us": 30, "cleared_us": 40}, OccurrenceState.CLEARED),
    ],
)
def test_states(about: dict[str, Any], state: OccurrenceState) -> None:
    assert state_of(occurrence(**about)) is state
    assert alert_moved(occurrence(**about), "Room", Threshold("t", ">", 6), 50).state == state


@pytest.mark.parametrize(
    ("condition", "kind", "threshold"),
    [
        (Threshold("t", ">", 0), "threshold", 0),
        (Threshold("t", "between", (1, 2.5)), "threshold", [1, 2.5]),
        (Threshold("t", "==", False), "threshold", False),
        (RateOfChange("t", ">", 3), "rate", 3),
        (NoData(60), "no_data", None),
        (ConnectivityIs("offline"), "connectivity", None),
    ],
)
def test_what_a_condition_compares_with(condition: Condition, kind: str, threshold: object) -> None:
    found = alert_moved(occurrence(), "Room", condition, 50)
    assert (found.kind, found.threshold) == (kind, threshold)


def test_facts_of_the_moment_go_before_those_of_the_raise() -> None:
    found = alert_moved(occurrence(), "Room", Threshold("t", ">", 6), 50, value=3, seq=12, by="usr_1")
    assert (found.value, found.seq, found.by, found.raised_us, found.at_us) == (3, 12, "usr_1", 10, 50)
    found = alert_moved(occurrence(), "Room", Threshold("t", ">", 6), 50)
    assert (found.value, found.seq, found.by) == (7.5, 9, None)


def test_both_clocks_are_told() -> None:
    found = alert_moved(occurrence(clear_time_us=30, cleared_us=40), "Room", Threshold("t", ">", 6), 50)
    assert (found.raised_us, found.raised_received_us, found.cleared_us, found.cleared_received_us) == (10, 20, 30, 40)
