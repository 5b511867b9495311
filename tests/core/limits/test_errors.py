"""What refusals by limits tell programs."""

from __future__ import annotations

import pytest

from penstock.core.limits.errors import LIMIT_FACTS, BackfillPaced, LimitExceeded, MonthlyLimitExceeded
from penstock.core.limits.models import Limit, LimitScope, State, Verdict, Window
from penstock.kit.errors import PenstockError

STATE = State(Limit("plan_minute", LimitScope.ACCOUNT, 5, Window.MINUTE), 2, 1.2)
FACTS = {"limit": "plan_minute", "scope": "account", "count": 5, "window": "minute", "remaining": 2, "reset_s": 2}


@pytest.mark.parametrize(
    ("error", "retry_after_s"),
    [
        (LimitExceeded.by(Verdict((STATE,), STATE, 7)), 7),
        (MonthlyLimitExceeded.by(STATE), 2),
        (BackfillPaced.by(STATE, 9), 9),
    ],
)
def test_every_refusal_has_every_fact(error: PenstockError, retry_after_s: int) -> None:
    assert error.shown == LIMIT_FACTS
    assert {name: error.facts[name] for name in LIMIT_FACTS} == FACTS | {"retry_after_s": retry_after_s}
