"""Days compared with their leaves: what is notable is more than a share of a day that was measured."""

from __future__ import annotations

import pytest

from penstock.core.meters.models import BalanceRow


@pytest.mark.parametrize(
    ("principal", "leaves", "unmetered", "notable"),
    [
        (100, 85, 15, False),
        (100, 84, 16, True),
        (100, 120, -20, False),
        (0, 0, 0, False),
        (0, -5, 5, False),
        (None, 50, None, False),
    ],
)
def test_a_balance(principal: int | None, leaves: int, unmetered: int | None, notable: bool) -> None:
    row = BalanceRow(start_us=0, end_us=1, principal=principal, leaves=leaves, contributing=1, silent=0, estimated=0)
    assert (row.unmetered, row.notable) == (unmetered, notable)
