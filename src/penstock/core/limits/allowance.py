"""An organisation's daily allowance of something other than calls, such as mails to people outside it."""

from __future__ import annotations

from penstock.core.limits.errors import LimitExceeded
from penstock.core.limits.limiter import Limiter
from penstock.core.limits.models import Limit, LimitScope, Window
from penstock.kit.ids import OrgId


class DailyAllowance:
    """Counts per organisation and UTC day. The counts are stored with those of the other limits."""

    def __init__(self, limiter: Limiter, name: str, count: int, noun: str) -> None:
        self._limiter = limiter
        self._limit = Limit(name, LimitScope.ACCOUNT, count, Window.DAY, noun)

    def take(self, org_id: OrgId) -> None:
        """Count one.

        Raises:
            LimitExceeded: the organisation's allowance for today is exhausted.
        """
        verdict = self._limiter.consume([(self._limit, org_id)])
        if verdict.refused is not None:
            raise LimitExceeded.by(verdict)
