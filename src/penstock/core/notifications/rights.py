"""By which channels a plan lets alerts be told."""

from __future__ import annotations

from penstock.core.notifications.errors import ChannelNotInPlan
from penstock.core.tenancy.plans import PlanCatalogue
from penstock.kit.ids import OrgId

CHANNELS = ("email", "sms", "chat", "webhook")
"""What a plan can leave out. Commands are no way to tell somebody."""


class ChannelRights:
    """Judges by the plan as it is now: a plan that ends takes its channels with it."""

    def __init__(self, plans: PlanCatalogue) -> None:
        self._plans = plans

    async def check(self, org_id: OrgId, channel: str) -> None:
        """Whether an organisation may tell by a channel.

        Raises:
            ChannelNotInPlan.
        """
        allowed = (await self._plans.of(org_id)).alert_channels
        if allowed is not None and channel in CHANNELS and channel not in allowed:
            raise ChannelNotInPlan(plan=self._plans.name_of(org_id), channel=channel)
