"""What the operator sees of the server."""

from __future__ import annotations

from penstock.core.system.models import Day, Disk


def test_readings_are_the_sum_of_the_days() -> None:
    assert Disk(total=10, free=1, control=1, days=[Day("2026-04-01", 2), Day("2026-04-02", 3)]).readings == 5
