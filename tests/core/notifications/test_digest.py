"""Several mails as one."""

from __future__ import annotations

from typing import Any

from penstock.core.notifications.digest import digest_of
from penstock.core.notifications.models import Held, Severity
from penstock.kit.clock import MINUTE_US, parse_time

BEGIN_US = parse_time("2026-05-02T09:00:00Z")


def held(**about: Any) -> Held:
    facts: dict[str, Any] = {"address": "a@example.org", "severity": Severity.WARNING, "subject": "Warm", "text": "It is 7.\n"}
    times = {"first_us": BEGIN_US, "last_us": BEGIN_US + MINUTE_US, "due_us": BEGIN_US}
    return Held(**facts | {"count": 1} | times | about)


def test_one_is_itself() -> None:
    assert digest_of([held()], 1) == ("Warm", "It is 7.\n")


def test_what_happened_how_often_and_when() -> None:
    rows = [held(subject="Hot", severity=Severity.CRITICAL, count=30), held(count=2, text="It is 8.\n" + "x" * 5_000)]
    subject, text = digest_of(rows, 40)
    assert subject == "[CRITICAL] 40 notifications"
    assert text.startswith("40 notifications from 2026-05-02T09:00:00Z to 2026-05-02T09:01:00Z")
    assert "30 x Hot\n    2026-05-02T09:00:00Z to 2026-05-02T09:01:00Z; the latest:\n    It is 7." in text
    assert "2 x Warm" in text
    assert "... and 8 more." in text
    assert len(text) < 1_500
