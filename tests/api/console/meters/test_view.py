"""What pages show of consumption."""

from __future__ import annotations

from typing import Any

from penstock.api.console.meters import view


def _amount(consumption: float | None, not_measured: float = 0) -> dict[str, Any]:
    return {"start": "2026-05-01T00:00:00Z", "consumption": consumption, "not_measured": not_measured}


def test_computed_parts_are_a_series_of_their_own() -> None:
    [measured] = view.series_of([_amount(4)], "m3")
    assert measured["points"] == [[1_777_593_600.0, 4.0]]
    computed, measured = view.series_of([_amount(4, 1.5), _amount(None)], "m3")
    assert [value for _, value in measured["points"]] == [2.5, None]
    assert [value for _, value in computed["points"]] == [1.5, None]


def test_totals_are_of_what_is_known() -> None:
    assert view.total_of([_amount(0.1), _amount(0.2), _amount(None)]) == 0.3
    assert view.total_of([_amount(None)]) is None
    assert view.latest_of([_amount(1), _amount(2)], 1) == 1
    assert view.latest_of([_amount(None)], 0) is None
    assert view.latest_of([], 0) is None
