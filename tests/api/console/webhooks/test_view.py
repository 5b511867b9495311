"""What pages say about deliveries, in words."""

from __future__ import annotations

from typing import Any

import pytest

from penstock.api.console.webhooks.view import (
    ailment,
    by_group,
    covers,
    format_options,
    outcome,
    payload_of,
    recent_of,
    topic_options,
)

HOOK: dict[str, Any] = {
    "url": "https://example.org/x",
    "enabled": True,
    "disabled_reason": None,
    "failing_since": None,
    "failures": 0,
    "paused_until": None,
    "updated_at": "2026-05-07T09:00:00Z",
}
BAD = {"status": 502, "error": None}


def message(status: str, attempts: int = 1) -> dict[str, Any]:
    return {"webhook_id": "whe_1", "status": status, "attempts": attempts, "id": status}


def test_rates_are_of_what_was_settled() -> None:
    found = recent_of([message("pending", 0), message("failed"), *[message("delivered")] * 3])["whe_1"]
    assert (found.rate, found.waiting, found.failed, found.delivered) == (75.0, 1, 1, 3)
    assert found.last_failed is not None
    assert found.last_failed["id"] == "failed"
    assert recent_of([message("pending", 0)])["whe_1"].rate is None


def test_nothing_is_wrong_with_a_good_one() -> None:
    assert ailment(HOOK, None) is None


@pytest.mark.parametrize(
    ("about", "tone", "text"),
    [
        (
            {"enabled": False, "disabled_reason": "failing", "failing_since": "2026-05-02T09:00:00Z"},
            "bad",
            "Webhook disabled after 5 d of failures. Last error: 502 bad gateway from example.org.",
        ),
        ({"enabled": False, "disabled_reason": "gone"}, "bad", "example.org responded with 410 Gone."),
        ({"enabled": False, "disabled_reason": "by_hand"}, "plain", "disabled manually"),
        ({"failures": 6, "paused_until": "2026-05-07T09:01:00Z"}, "warn", "paused after 6 failures in a row"),
        ({"failing_since": "2026-05-02T09:00:00Z"}, "warn", "since 02 May, 09:00 UTC"),
    ],
)
def test_what_is_wrong_is_named_with_the_last_error(about: dict[str, Any], tone: str, text: str) -> None:
    found = ailment(HOOK | about, BAD)
    assert found is not None
    assert found[0] == tone
    assert text in found[1]
    assert "502 bad gateway" in found[1]


def test_an_error_without_a_response_says_why() -> None:
    found = ailment(HOOK | {"failures": 6, "paused_until": "x"}, {"status": None, "error": "timed out"})
    assert found is not None
    assert found[1].endswith("Last error: timed out (example.org).")


def test_a_delivered_attempt_is_no_error() -> None:
    found = ailment(HOOK | {"enabled": False, "disabled_reason": "by_hand"}, {"status": 200, "error": None})
    assert found is not None
    assert "Last error" not in found[1]


def test_outcomes() -> None:
    assert [outcome(one) for one in (BAD, {"status": 418, "error": None}, {"status": None, "error": None})] == [
        "502 bad gateway",
        "418",
        "no response",
    ]


def test_topics_by_group() -> None:
    topics = [{"name": name, "description": ""} for name in ("alert.raised", "alert.cleared", "audit.event")]
    assert [group for group, _ in by_group(topics)] == ["alert", "audit"]
    options = topic_options(topics)
    assert [one["value"] for one in options["alert"]] == ["alert.*", "alert.raised", "alert.cleared"]
    assert [one["value"] for one in options["audit"]] == ["audit.event"]
    assert [covers(one, "alert.raised") for one in ("*", "alert.*", "alert.raised", "device.*")] == [True, True, True, False]


def test_payloads() -> None:
    assert [payload_of({"payload": one}) for one in ('{"a": 1}', "not JSON", None)] == [{"a": 1}, "not JSON", None]


def test_formats() -> None:
    standard, other = format_options(["standard", "another"])
    assert (standard["label"], other["value"]) == ("Standard", "another")
    assert standard["help"] != other["help"]
