"""Times that were typed become times of the API."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from penstock.api.console.shared.moments import around, utc_text

BRUSSELS = ZoneInfo("Europe/Brussels")


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("2026-05-02T11:15", "2026-05-02T09:15:00Z"),
        ("2026-05-02", "2026-05-01T22:00:00Z"),
        (" 2026-05-02T09:15:04Z ", "2026-05-02T09:15:04Z"),
        ("2026-05-02T09:15:04+02:00", "2026-05-02T07:15:04Z"),
        ("yesterday", "yesterday"),
    ],
)
def test_what_is_sent(typed: str, sent: str) -> None:
    assert utc_text(typed, BRUSSELS) == sent


def test_a_span_is_shown_with_what_was_before_and_after_it() -> None:
    noon = "2026-05-02T12:00:00Z"
    assert around(noon, None) == ("2026-05-02T11:00:00+00:00", None)
    assert around(noon, "2026-05-02T12:05:00Z") == ("2026-05-02T11:00:00+00:00", "2026-05-02T13:05:00+00:00")
    assert around(noon, "2026-05-02T18:00:00Z") == ("2026-05-02T09:00:00+00:00", "2026-05-02T21:00:00+00:00")
    assert around(noon, "2026-05-12T12:00:00Z") == ("2026-05-01T12:00:00+00:00", "2026-05-13T12:00:00+00:00")
