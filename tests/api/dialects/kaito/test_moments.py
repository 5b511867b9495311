"""Kaito's lengths of time; those of the audit log are tested there (`test_routes.py`)."""

from __future__ import annotations

import pytest

from penstock.api.dialects.kaito.moments import moment_of
from penstock.kit.clock import DAY_US, HOUR_US
from penstock.kit.errors import InvalidInput

NOW_US = 100 * DAY_US


def test_lengths_and_times() -> None:
    assert moment_of(None, "since", NOW_US) is None
    assert moment_of("7d", "since", NOW_US) == 93 * DAY_US
    assert moment_of("12h", "since", NOW_US) == NOW_US - 12 * HOUR_US
    assert moment_of("99999d", "since", NOW_US) == 0
    assert moment_of("1970-01-02T00:00:00Z", "since", NOW_US) == DAY_US


@pytest.mark.parametrize("text", ["d", "-1d", "999999d", "soon"])
def test_what_is_neither(text: str) -> None:
    with pytest.raises(InvalidInput, match="since"):
        moment_of(text, "since", NOW_US)
