"""Notices of streams: public ids, readable times, and what is not known as null."""

from __future__ import annotations

import json

import pytest

from penstock.api.live.notices import alert_notice, connectivity_notice
from penstock.core.alerts.conditions import Threshold
from penstock.core.alerts.events import RAISED, alert_moved
from penstock.core.devices.connectivity import ConnectivityChanged
from penstock.kit.ids import DeviceId, Prefix, RuleId, Seq, encode
from tests.core.alerts.test_events import occurrence
from tests.support.days import NOON_US

TEN = encode(Prefix.DEVICE, DeviceId(10))


@pytest.mark.parametrize(("maintenance", "more"), [(False, {}), (True, {"maintenance": True})])
def test_maintenance_is_said_where_it_is(maintenance: bool, more: dict[str, bool]) -> None:
    changed = ConnectivityChanged(device_id=DeviceId(10), state="offline", reason="lost", at_us=NOON_US, maintenance=maintenance)
    told = {
        "device_id": TEN,
        "event": "device.offline",
        "connectivity": "offline",
        "reason": "lost",
        "at": "2026-05-02T12:00:00Z",
    }
    assert json.loads(connectivity_notice(changed)) == told | more


def test_an_alert_of_a_rule_and_one_of_no_reading() -> None:
    condition = Threshold("t", ">", 6)
    ruled = alert_moved(occurrence(rule_id=RuleId(3), seq=Seq(9)), "Room", condition, NOON_US)
    found = json.loads(alert_notice(ruled, RAISED))
    assert (found["event"], found["rule_id"], found["run_id"]) == (RAISED, encode(Prefix.RULE, RuleId(3)), None)
    assert (found["reading_id"], found["value"]) == (encode(Prefix.READING, Seq(9)), 7.5)
    silent = json.loads(alert_notice(alert_moved(occurrence(seq=None, value=None), "Room", condition, NOON_US), RAISED))
    assert silent["reading_id"] is silent["value"] is silent["rule_id"] is None
