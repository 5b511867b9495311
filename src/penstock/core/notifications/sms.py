"""SMS: sent through a port, allowed by the plan, and counted."""

from __future__ import annotations

from collections.abc import Sequence

from penstock.core.database import OrganizationDatabase
from penstock.core.idempotency import IdempotencyKey
from penstock.core.limits.periods import month_of
from penstock.core.notifications.errors import SmsLimitReached
from penstock.core.notifications.ports import SmsSender
from penstock.core.notifications.rights import ChannelRights
from penstock.core.notifications.store import NotificationTransaction
from penstock.core.tenancy.plans import PlanCatalogue
from penstock.core.usage.store import HasUsage
from penstock.kit.clock import HOUR_US, Clock
from penstock.kit.ids import DeviceId, OrgId
from penstock.kit.quoting import visible

MAX_TEXT = 1_600
"""Maximum characters: ten parts of a long message."""
_COUNTED, _TAKEN_BACK = b"1", b"0"


class SmsAllowance:
    """What the plan allows: SMS at all, and how many per calendar month (UTC). Alerts, rules and callers share one count."""

    def __init__(self, rights: ChannelRights, plans: PlanCatalogue) -> None:
        self._rights = rights
        self._plans = plans

    async def check(self, org_id: OrgId) -> None:
        """Check that the plan includes SMS.

        Raises:
            ChannelNotInPlan.
        """
        await self._rights.check(org_id, "sms")

    async def count(self, tx: HasUsage, org_id: OrgId, count: int, at_us: int, device_id: DeviceId = DeviceId(0)) -> None:
        """Count SMS, for a device if there is one; a negative count takes back that of SMS that were not sent.

        Raises:
            SmsLimitReached: the month's limit is exceeded, or would be.
        """
        limit = (await self._plans.of(org_id)).monthly_sms
        if count > 0 and limit is not None and await tx.usage.sms_since(month_of(at_us)[0]) + count > limit:
            raise SmsLimitReached(limit=limit)
        await tx.usage.add_sms(device_id, at_us // HOUR_US * HOUR_US, count)


class SmsService:
    """Sends SMS for alerts and rules. A repeated job is sent with the same message ids, and counted once."""

    def __init__(
        self,
        *,
        sender: SmsSender,
        allowance: SmsAllowance,
        database: OrganizationDatabase[NotificationTransaction],
        clock: Clock,
    ) -> None:
        self._sender = sender
        self._allowance = allowance
        self._database = database
        self._clock = clock

    async def send(self, org_id: OrgId, device_id: DeviceId | None, job: str, numbers: Sequence[str], text: str) -> int:
        """Send a text to each number; return how many. Usage counts them for the device, if there is one.

        Raises:
            ChannelNotInPlan.
            SmsLimitReached: the month's limit is exceeded, or would be.
            Unavailable: retry later; the provider recognises messages that were already sent by their ids.
        """
        await self._allowance.check(org_id)
        now_us = self._clock.now_us()
        is_first = await self._count(org_id, device_id, job, len(numbers), now_us)
        try:
            for at, number in enumerate(numbers):
                await self._sender.send(org_id, f"{job}.{at}", number, visible(text)[:MAX_TEXT])
        except Exception:
            if is_first:
                await self._take_back(org_id, device_id, job, len(numbers), now_us)
            raise
        return len(numbers)

    async def _count(self, org_id: OrgId, device_id: DeviceId | None, job: str, count: int, now_us: int) -> bool:
        """Count a job's SMS before they are sent, because two jobs at once must not exceed the limit together.

        Returns whether they were not counted yet.
        """
        async with self._database.transaction(org_id) as tx:
            if await tx.idempotency.find(0, _key(job)) == _COUNTED:
                return False
            await self._allowance.count(tx, org_id, count, now_us, device_id or DeviceId(0))
            await tx.idempotency.keep(0, _key(job), _COUNTED, now_us)
        return True

    async def _take_back(self, org_id: OrgId, device_id: DeviceId | None, job: str, count: int, now_us: int) -> None:
        """Undo the count of a job that failed. It is counted again if it is repeated."""
        async with self._database.transaction(org_id) as tx:
            await self._allowance.count(tx, org_id, -count, now_us, device_id or DeviceId(0))
            await tx.idempotency.keep(0, _key(job), _TAKEN_BACK, now_us)


def _key(job: str) -> IdempotencyKey:
    return IdempotencyKey(key=f"sms {job}", fingerprint=b"sms")
