"""What the overview says about the answers of the API."""

from __future__ import annotations

from typing import Any

import pytest

from penstock.api.console.overview.view import attention, first_steps, hourly, rate
from penstock.kit.clock import HOUR_US, parse_time

NOW_US = parse_time("2026-03-10T12:30:00Z")
FINE: dict[str, Any] = {
    "now_us": NOW_US,
    "system": {"checks": [{"name": "disk", "status": "ok", "detail": ""}], "disk": {"days_left": None}},
    "limits": {"plan": "pro", "plan_until": None, "readings": {"count": 1000, "remaining": 500}},
    "webhooks": [],
    "connections": [],
    "rules": [],
    "unseen": [],
}
WEBHOOK = {"id": "whk_1", "name": "", "url": "https://a.example", "enabled": True, "disabled_reason": None, "failing_since": None}
CONNECTION = {"id": "con_1", "name": "TTN", "link": None, "last_error": None, "last_error_at": None, "last_message_at": None}
RULE = {"id": "rul_1", "name": "Close", "state": "deployed", "reason": None, "failures": 0}
DEVICE = {"id": "dev_1", "name": "Pump", "status": "active", "last_seen_at": "2026-03-10T12:00:00Z"}
LONG_AGO = "2026-03-01T08:15:00Z"


def test_hours_without_usage_are_nothing() -> None:
    rows = [{"start": "2026-03-10T12:00:00Z", "readings": "60"}, {"start": "2026-03-09T13:00:00Z", "readings": "5"}]
    hours = hourly(rows, NOW_US)
    assert (len(hours), hours[0], hours[-1], sum(hours)) == (24, 5, 60, 65)
    assert rate(rows, NOW_US) == 2
    assert rate(rows, NOW_US - NOW_US % HOUR_US) == 60, "at least one minute is counted"


def test_nothing_needs_attention() -> None:
    things = {"webhooks": [WEBHOOK], "connections": [CONNECTION], "rules": [RULE], "unseen": [DEVICE]}
    assert attention(FINE | things) == []
    assert attention(FINE | {"system": None, "limits": None}) == []


@pytest.mark.parametrize(
    ("name", "thing", "tone", "title"),
    [
        ("webhooks", WEBHOOK | {"enabled": False, "disabled_reason": "failing"}, "bad", "https://a.example was disabled"),
        ("webhooks", WEBHOOK | {"failing_since": LONG_AGO}, "warn", "https://a.example fails"),
        ("connections", CONNECTION | {"link": {"state": "stopped", "reason": "refused"}}, "bad", "TTN is down"),
        ("connections", CONNECTION | {"last_error": "no token", "last_error_at": LONG_AGO}, "warn", "TTN fails"),
        ("rules", RULE | {"state": "force_stopped", "reason": "too often"}, "bad", "Close was stopped"),
        ("rules", RULE | {"failures": 3}, "warn", "Close fails"),
        ("unseen", DEVICE | {"last_seen_at": LONG_AGO}, "warn", "Pump is offline"),
    ],
)
def test_what_fails_needs_attention(name: str, thing: dict[str, Any], tone: str, title: str) -> None:
    (item,) = attention(FINE | {name: [thing]})
    assert (item["tone"], title in item["title"]) == (tone, True)
    assert item["href"].endswith(thing["id"])


@pytest.mark.parametrize(
    ("name", "thing"),
    [
        ("webhooks", WEBHOOK | {"enabled": False, "disabled_reason": "by_hand"}),
        ("connections", CONNECTION | {"last_error": "x", "last_error_at": LONG_AGO, "last_message_at": "2026-03-02T00:00:00Z"}),
        ("unseen", DEVICE | {"status": "paused", "last_seen_at": LONG_AGO}),
        ("unseen", DEVICE | {"last_seen_at": None}),
    ],
)
def test_what_is_meant_or_over_needs_none(name: str, thing: dict[str, Any]) -> None:
    assert attention(FINE | {name: [thing]}) == []


def test_the_server_and_the_plan_are_watched_and_the_worst_comes_first() -> None:
    state = FINE | {
        "system": {"checks": [{"name": "queue", "status": "warn", "detail": "long"}], "disk": {"days_left": 3.2}},
        "limits": {"plan": "pro", "plan_until": "2026-03-15T00:00:00Z", "readings": {"count": 1000, "remaining": 50}},
    }
    assert [(item["tone"], item["title"]) for item in attention(state)] == [
        ("bad", "The disk fills up"),
        ("warn", "Server: queue"),
        ("warn", "The plan ends soon"),
        ("warn", "Close to the plan's limit"),
    ]


def test_first_steps_end_when_all_are_done() -> None:
    assert first_steps(devices=True, company=True, key=True) == []
    assert [step["done"] for step in first_steps(devices=True, company=False, key=True)] == [True, False, True]
