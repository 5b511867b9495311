"""How a dashboard is shown at first."""

from __future__ import annotations

import pytest

from penstock.core.dashboards.models import Variable, View
from penstock.core.dashboards.views import check_view, range_of
from penstock.core.telemetry.models import TimeRange
from penstock.kit.clock import DAY_US
from penstock.kit.errors import InvalidInput

ROOM, FLOOR = Variable(name="room", kind="device"), Variable(name="floor", kind="label")


@pytest.mark.parametrize(
    ("view", "field"),
    [
        (View(range=None), "range"),
        (View(range=None, from_us=1), "range"),
        (View(range="24h", to_us=1), "range"),
        (View(range="24"), "range"),
        (View(range=None, from_us=2, to_us=1), "to"),
        (View(variables=[ROOM, ROOM]), "variables[1].name"),
        (View(variables=[ROOM, FLOOR]), "variables[1].label_key"),
    ],
)
def test_wrong_views_are_named(view: View, field: str) -> None:
    with pytest.raises(InvalidInput) as raised:
        check_view(view)
    assert raised.value.errors[0].field == field


def test_a_range_ends_now_or_is_fixed() -> None:
    check_view(View(range=None, from_us=1, to_us=1, variables=[ROOM]))
    assert range_of(View(range=None, from_us=1, to_us=2), 9) == TimeRange(from_us=1, to_us=2)
    assert range_of(View(range="2d"), 5 * DAY_US) == TimeRange(from_us=3 * DAY_US + 1, to_us=5 * DAY_US + 1)
    assert range_of(View(), 1).from_us >= 0
