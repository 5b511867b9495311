"""An organisation's allowance of a day: counted for each on its own, and again from zero the next day."""

from __future__ import annotations

import pytest

from penstock.core.limits.allowance import DailyAllowance
from penstock.core.limits.errors import LimitExceeded
from penstock.core.limits.limiter import Limiter
from penstock.kit.clock import DAY_US
from penstock.kit.ids import OrgId
from tests.support.days import HeldClock


def test_each_organisation_has_its_own_for_each_day() -> None:
    clock = HeldClock()
    allowance = DailyAllowance(Limiter(clock), "invitations", 2, "invitations")
    for _ in range(2):
        allowance.take(OrgId(1))
    with pytest.raises(LimitExceeded) as refused:
        allowance.take(OrgId(1))
    assert {name: refused.value.facts[name] for name in ("limit", "scope", "count", "window", "remaining")} == {
        "limit": "invitations",
        "scope": "account",
        "count": 2,
        "window": "day",
        "remaining": 0,
    }
    assert refused.value.detail.startswith("the limit of 2 invitations per day for this account is exceeded")
    allowance.take(OrgId(2))
    clock.us += DAY_US
    allowance.take(OrgId(1))
