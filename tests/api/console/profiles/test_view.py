"""Uplinks as they can be chosen for a preview."""

from __future__ import annotations

from typing import Any

from penstock.api.console.profiles.view import is_running, uplinks_of


def reading(**radio: Any) -> dict[str, Any]:
    return {"time": "2026-05-02T09:15:00Z", "data": {"volume": 1, "lorawan": radio}}


def test_only_what_has_bytes_is_an_uplink() -> None:
    now = 1_777_713_300 + 120  # two minutes after the reading
    rows = [reading(f_port=10, data="AALQBw=="), reading(f_port=1), reading(data="not base64"), {"time": "x", "data": {}}]
    (found,) = uplinks_of(rows, now)
    assert (found.choice, found.label, found.values) == ("10:0002d007", "2 min ago · port 10 · 0002d007", {"volume": 1})


def test_without_a_port() -> None:
    (found,) = uplinks_of([reading(data="AA==")], 1_777_713_300)
    assert found.choice == ":00"


def test_what_goes_on() -> None:
    assert is_running([{"state": "done"}, {"state": "queued"}])
    assert not is_running([{"state": "done"}])
