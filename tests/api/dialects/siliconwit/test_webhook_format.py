"""Alerts in SiliconWit's form. Source: surfaces/siliconwit.md 5.4."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from penstock.api.dialects.siliconwit.webhook_format import SiliconWitFormat
from penstock.core.alerts.conditions import (
    Condition,
    ConnectivityIs,
    Expression,
    Geofence,
    NoData,
    RaisedByRule,
    RateOfChange,
    Threshold,
)
from penstock.core.alerts.events import RAISED, alert_moved
from penstock.core.alerts.models import Occurrence
from penstock.core.notifications.models import Severity
from penstock.core.outbox import OutboxEntry
from penstock.core.webhooks.events import of_outbox
from penstock.core.webhooks.formats import Subject
from penstock.core.webhooks.models import Endpoint, Filters, Options, Secrets
from penstock.core.webhooks.signing import headers_of
from penstock.kit.clock import SECOND_US, parse_time
from penstock.kit.ids import Prefix, encode

AT_US = parse_time("2026-05-02T09:15:04Z")
ENDPOINT = Endpoint(
    id=1,
    org_id=1,
    project_id=None,
    name="",
    url="https://hooks.invalid/in",
    format=SiliconWitFormat.name,
    topics=("alert.*",),
    filters=Filters(),
    options=Options(),
    header_names=(),
    secret_paths={},
    enabled=True,
    disabled_reason=None,
    since_us=0,
    previous_until_us=None,
    created_us=0,
    updated_us=0,
)


def told(condition: Condition, **about: Any) -> dict[str, Any]:
    found = Occurrence(
        id=5,
        org_id=1,
        alert_id=6,
        device_id=7,
        name="Too warm",
        severity=Severity.CRITICAL,
        value=7.4,
        seq=8,
        time_us=AT_US,
        raised_us=AT_US,
        **about,
    )
    body = msgspec.json.encode(alert_moved(found, "Cold room 2", condition, AT_US))
    entry = OutboxEntry(id=1, org_id=1, topic=RAISED, subject_id=5, body=body)
    shown: dict[str, Any] = msgspec.json.decode(
        SiliconWitFormat().body(of_outbox(entry, AT_US), Subject(endpoint=ENDPOINT, message_id=9))
    )
    return shown


def test_a_threshold() -> None:
    assert told(Threshold("temperature", ">", 6)) == {
        "event": "threshold_exceeded",
        "alert_id": encode(Prefix.ALERT, 6),
        "device_id": encode(Prefix.DEVICE, 7),
        "device_name": "Cold room 2",
        "condition": "temperature > 6",
        "current_value": 7.4,
        "threshold": 6,
        "severity": "critical",
        "timestamp": "2026-05-02T09:15:04Z",
        "metadata": {"unit": None, "duration_above_s": 0},
    }
    assert told(Threshold("t", "between", (1, 2)))["threshold"] == [1, 2]


@pytest.mark.parametrize(
    ("condition", "event"),
    [
        (NoData(after_us=60 * SECOND_US), "inactivity"),
        (ConnectivityIs(state="offline"), "device_offline"),
        (ConnectivityIs(state="online"), "device_online"),
        (Geofence(when="enter", center=(1, 1), radius_m=5), "geofence_enter"),
        (Geofence(when="exit", center=(1, 1), radius_m=5), "geofence_exit"),
        (Geofence(when="outside", center=(1, 1), radius_m=5), "geofence_exit"),
        (RateOfChange("t", ">", 2, 60 * SECOND_US), "threshold_exceeded"),
        (Expression("reading.values.t > 1.0"), "alert_raised"),
        (RaisedByRule(3, "warm"), "alert_raised"),
    ],
)
def test_the_other_types(condition: Condition, event: str) -> None:
    assert told(condition)["event"] == event


def test_what_a_rule_says() -> None:
    assert told(RaisedByRule(3, "warm"), message="Cellar is warm", rule_id=3)["message"] == "Cellar is warm"


SIGNED_BODY = (
    b'{"event":"threshold_exceeded","alert_id":"swk_alert_5c1d09ab","device_id":"dev_9f3kq21x","device_name":"Cold room 2",'
    b'"condition":"temperature > 6","current_value":7.4,"threshold":6,"severity":"critical","timestamp":"2026-05-02T09:15:04Z",'
    b'"metadata":{}}'
)


def test_it_is_signed_as_by_the_vendors_vector() -> None:
    headers = dict(headers_of(SiliconWitFormat(), Secrets(secret="whk_secret_demo"), "msg_1", SIGNED_BODY, 1_777_713_304))
    assert headers["X-Webhook-Signature"] == "sha256=ef9905744771679744529cd4898b259eb1d9544bd2ef316dd96013efea53cf46"
