"""The notification channels that a plan includes."""

from __future__ import annotations

from typing import get_args

from penstock.core.notifications.errors import ChannelNotInPlan
from penstock.core.tenancy.models import Channel
from penstock.core.tenancy.plans import PlanCatalogue
from penstock.kit.ids import OrgId

CHANNELS: tuple[Channel, ...] = get_args(Channel)


class ChannelRights:
    """Checks the current plan, so that the channels end with the plan."""

    def __init__(self, plans: PlanCatalogue) -> None:
        self._plans = plans

    async def check(self, org_id: OrgId, channel: str) -> None:
        """Check that the organisation's plan includes a channel.

        Raises:
            ChannelNotInPlan.
        """
        plan = (await self._plans.organization(org_id)).plan
        allowed = self._plans.named(plan).alert_channels
        if allowed is not None and channel in CHANNELS and channel not in allowed:
            raise ChannelNotInPlan(plan=plan, channel=channel)
