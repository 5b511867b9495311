"""What the overview says about the answers of the API."""

from __future__ import annotations

from typing import Any

from penstock.api.console.overview.view import attention, changes, first_steps, hourly, rate, together
from penstock.kit.clock import DAY_US, HOUR_US, SECOND_US, format_time

NOW_US = 500_000 * HOUR_US + 600 * SECOND_US
DAY_1 = "2026-01-01T00:00:00Z"
HOSTILE = "<img src=x onerror=alert(1)>"
WEBHOOK = {
    "id": "whk_1",
    "name": "Orders",
    "url": "https://x.example",
    "enabled": True,
    "disabled_reason": None,
    "failing_since": None,
}
CONNECTION = {"id": "con_1", "name": "Net", "link": None, "last_error": None, "last_error_at": None, "last_message_at": None}
RULE = {"id": "rul_1", "name": "Frost", "state": "running", "reason": "", "failures": 0}
DEVICE = {"id": "dev_1", "name": HOSTILE, "status": "active", "last_seen_at": format_time(NOW_US - 2 * DAY_US)}
LIMITS: dict[str, Any] = {"plan": "pro", "plan_until": None, "readings": None}
SYSTEM: dict[str, Any] = {"checks": [{"name": "disk", "status": "ok", "detail": ""}], "disk": {"days_left": None}}


def titles(**state: Any) -> list[str]:
    lists: dict[str, Any] = {name: [] for name in ("webhooks", "connections", "rules", "keys", "unseen")}
    whole = lists | {"limits": None, "system": None}
    return [item["title"] for item in attention(whole | state | {"now_us": NOW_US})]


def test_hours_without_usage_are_zero() -> None:
    start = format_time(NOW_US - NOW_US % HOUR_US)
    rows = [{"start": start, "readings": 30}, {"start": format_time(NOW_US - NOW_US % HOUR_US - HOUR_US), "readings": 7}]
    assert hourly(rows, NOW_US) == [0] * 22 + [7, 30]
    assert rate(rows, NOW_US) == 3  # 30 in the ten minutes of this hour
    assert rate([], NOW_US) == 0


def test_what_is_well_is_not_mentioned() -> None:
    fresh = DEVICE | {"last_seen_at": format_time(NOW_US - HOUR_US)}
    paused = DEVICE | {"status": "paused"}
    by_hand = WEBHOOK | {"enabled": False, "disabled_reason": "by_hand"}
    recovered = CONNECTION | {
        "last_error": "x",
        "last_error_at": DAY_1,
        "last_message_at": "2026-01-02T00:00:00Z",
    }
    found = titles(
        webhooks=[WEBHOOK, by_hand],
        connections=[CONNECTION, recovered, CONNECTION | {"link": {"state": "connected", "reason": None}}],
        rules=[RULE],
        unseen=[fresh, paused, DEVICE | {"last_seen_at": None}],
        limits=LIMITS,
        system=SYSTEM,
    )
    assert found == []


def test_what_is_worst_comes_first() -> None:
    found = titles(
        webhooks=[
            WEBHOOK | {"failing_since": DAY_1},
            WEBHOOK | {"enabled": False, "disabled_reason": "failing"},
        ],
        connections=[
            CONNECTION | {"link": {"state": "waiting", "reason": "refused"}},
            CONNECTION | {"last_error": "bad", "last_error_at": DAY_1},
        ],
        rules=[RULE | {"state": "force_stopped"}, RULE | {"failures": 3}],
        unseen=[DEVICE],
    )
    assert found[:3] == ["Webhook Orders was disabled", "Connection Net is down", "Rule Frost was stopped"]
    assert found[3:] == ["Webhook Orders fails", "Connection Net fails", "Rule Frost fails", f"{HOSTILE} is offline"]


def test_the_plan_and_the_server() -> None:
    limits = LIMITS | {"plan_until": format_time(NOW_US + DAY_US), "readings": {"count": 100, "remaining": 9}}
    assert titles(limits=limits) == ["The plan ends soon", "Close to the plan's limit"]
    system = {"checks": [{"name": "disk", "status": "fail", "detail": "full"}], "disk": {"days_left": 3.0}}
    assert titles(system=system) == ["Server: disk", "The disk fills up"]


def test_the_first_steps_end_when_all_are_done() -> None:
    assert [step["done"] for step in first_steps(devices=True, company=False, key=False)] == [True, False, False]
    assert first_steps(devices=True, company=True, key=True) == []


def test_keys_that_expire_soon() -> None:
    key = {"id": "key_1", "name": "Reports", "expires_at": None}
    soon, late = (key | {"expires_at": format_time(NOW_US + days * DAY_US)} for days in (13, 14))
    assert titles(keys=[key, late, soon]) == ["Key Reports expires soon"]


def test_sign_ins_are_no_changes() -> None:
    actions = (
        "auth.signin.success",
        "device.update",
        "auth.session.revoke",
        "auth.session.reuse",
        "auth.signin.failure",
        "authority.x",
    )
    found = changes([{"action": action} for action in actions])
    assert [entry["action"] for entry in found] == ["device.update", "auth.session.reuse", "authority.x"]


def test_a_name_cannot_turn_the_words_after_it() -> None:
    turned = "Pump \u202e"
    assert titles(rules=[RULE | {"name": turned, "failures": 2}]) == [f"Rule \u2068{turned}\u2069 fails"]


def test_what_was_done_many_times_in_a_row_is_one_change() -> None:
    target = {"target_type": "device", "target_id": "dev_1"}
    update = {"action": "device.update", "user": "rule Frost", "outcome": "success", **target}
    entries = [
        update | {"target_name": "Pump 3"},
        update | {"target_name": "Pump 2"},
        update | {"target_name": "Pump 1", "user": "Ada"},
        {"action": "auth.signin_success", "user": "Ada", "outcome": "success", "target_name": "Ada", **target},
        update | {"target_name": None},
        update | {"target_name": None},
    ]
    found = [(one["user"], one["text"]) for one in together(entries)]
    assert found == [("rule Frost", "2 times, last Pump 3"), ("Ada", "Pump 1"), ("Ada", ""), ("rule Frost", "2 times")]


def test_a_change_is_said_in_words_and_leads_to_what_is_still_there() -> None:
    entry = {"user": "Ada", "outcome": "success", "target_type": "device", "target_name": "Pump"}
    actions = [("device.delete", "dev_2"), ("device.update", "dev_1"), ("device.update", "dev_2"), ("sms.message.send", None)]
    found = together([entry | {"action": action, "target_id": target, "user": target} for action, target in actions])
    assert [(one["title"], one["href"]) for one in found] == [
        ("Device deleted", ""),
        ("Device updated", "/console/devices/dev_1"),
        ("Device updated", ""),
        ("SMS message sent", ""),
    ]
