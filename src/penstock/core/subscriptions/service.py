"""Use cases on the plan of an organisation: change it, end it, and enforce its limits."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from penstock.core.actor import Actor
from penstock.core.audit.models import Target
from penstock.core.audit.trail import AuditTrail
from penstock.core.billing.events import SubscriptionChanged, topic_of
from penstock.core.database import SystemDatabase
from penstock.core.devices import events
from penstock.core.subscriptions.config import SubscriptionConfig
from penstock.core.subscriptions.models import PlanChange
from penstock.core.subscriptions.store import SubscriptionSystemTransaction, SubscriptionTransaction
from penstock.core.tenancy.downgrade import excess_keys, keeps_less
from penstock.core.tenancy.errors import OrganizationNotFound
from penstock.core.tenancy.keys import target_of
from penstock.core.tenancy.models import Organization, Plan
from penstock.core.tenancy.plans import PlanCatalogue
from penstock.kit.clock import DAY_US, Clock, format_time
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import DeviceId, KeyId, OrgId, Prefix, encode


class SubscriptionService:
    """Plans of organisations.

    A change is one transaction: plan, paused devices, revoked keys and audit entries commit together or not at all. `on_change`
    is called after the commit and before the call returns, so that caches drop the organisation, its devices and keys. Other
    processes see the change as they see any change to credentials and devices.
    """

    def __init__(
        self,
        *,
        database: SystemDatabase[SubscriptionSystemTransaction],
        plans: PlanCatalogue,
        trail: AuditTrail,
        clock: Clock,
        config: SubscriptionConfig,
        on_change: Callable[[PlanChange], None],
    ) -> None:
        self._database = database
        self._plans = plans
        self._trail = trail
        self._clock = clock
        self._config = config
        self._on_change = on_change

    async def set_plan(self, name: str, plan: str, until_us: int | None = None, *, trial: bool = False) -> PlanChange:
        """Put an organisation on a plan, permanently or until a time at which it falls back to the plan in the settings.

        Raises:
            PlanUnknown, OrganizationNotFound.
            InvalidInput: the end has passed, or a trial has none.
        """
        # For its error only: an unknown plan is rejected before anything is read or changed.
        self._plans.named(plan)
        if until_us is not None and until_us <= self._clock.now_us():
            raise InvalidInput.field("until", "must be in the future")
        if trial and until_us is None:
            raise InvalidInput.field("until", "is required for a trial")
        async with self._database.system() as tx:
            organization = await tx.organizations.find_by_name(name)
            if organization is None:
                raise OrganizationNotFound(name=name)
            after = msgspec.structs.replace(organization, plan=plan, plan_until_us=until_us, trial=trial)
            change = await self._move(tx, Actor.operator(organization.id), organization, after, "set")
        self._on_change(change)
        return change

    async def end_due(self) -> list[PlanChange]:
        """End every plan whose time has passed. Repeating the call has no effect: a plan that has ended is no longer due."""
        async with self._database.system_snapshot() as tx:
            due = await tx.organizations.list_due(self._clock.now_us())
        return [change for one in due if (change := await self._end(one.id)) is not None]

    async def _end(self, org_id: OrgId) -> PlanChange | None:
        async with self._database.system() as tx:
            organization = await tx.organizations.find(org_id)
            if organization is None or organization.plan_until_us is None:
                return None
            if organization.plan_until_us > self._clock.now_us():  # extended in the meantime
                return None
            fallback = self._config.fallback_plan
            after = msgspec.structs.replace(organization, plan=fallback, plan_until_us=None, trial=False)
            change = await self._move(tx, Actor.system(org_id), organization, after, "ended")
        self._on_change(change)
        return change

    async def _move(
        self, tx: SubscriptionSystemTransaction, actor: Actor, before: Organization, after: Organization, reason: str
    ) -> PlanChange:
        now_us, scoped = self._clock.now_us(), tx.for_organization(before.id)
        paused: list[DeviceId] = []
        revoked: list[KeyId] = []
        if after.plan != before.plan:
            plan = self._plans.named(after.plan)
            after = self._with_grace(before, after, plan, now_us)
            paused = await self._pause_devices(scoped, plan, now_us)
            revoked = await self._revoke_keys(scoped, actor, plan, now_us)
        await tx.organizations.update(after)
        await self._publish(scoped, before, after, reason)
        await self._trail.record(
            scoped,
            actor,
            "billing.plan.change",
            Target("organization", encode(Prefix.ORGANIZATION, before.id), before.name),
            before=_facts(before),
            after=_facts(after),
            reason=reason,
            devices_paused=len(paused) or None,
            keys_revoked=len(revoked) or None,
        )
        return PlanChange(organization=after, paused_devices=paused, revoked_keys=revoked)

    async def _publish(self, tx: SubscriptionTransaction, before: Organization, after: Organization, reason: str) -> None:
        """Record the plan for past bills, and publish the change."""
        now_us = self._clock.now_us()
        if (before.plan, before.plan_until_us, before.trial) == (after.plan, after.plan_until_us, after.trial):
            return
        if before.plan != after.plan:
            await tx.bills.record_plan(now_us, before.plan, after.plan)
        # Not `named`: the previous plan may have been removed from the catalogue since.
        paid_before, paid = (
            plan is not None and plan.price is not None for plan in map(self._plans.plans.get, (before.plan, after.plan))
        )
        changed = SubscriptionChanged(
            plan=after.plan,
            plan_before=before.plan,
            until_us=after.plan_until_us,
            trial=after.trial,
            reason=reason,
            at_us=now_us,
        )
        await tx.outbox.add(topic_of(paid_before=paid_before, paid=paid), before.id, changed)

    def _with_grace(self, before: Organization, after: Organization, plan: Plan, now_us: int) -> Organization:
        """A longer retention applies for the grace period; of several such plans in a row, the longest."""
        former = self._plans.longest_in_force(before, now_us)
        if former is None or not keeps_less(plan, self._plans.named(former)) or not self._config.retention_grace_days:
            return msgspec.structs.replace(after, former_plan=None, former_until_us=None)
        until_us = now_us + self._config.retention_grace_days * DAY_US
        return msgspec.structs.replace(after, former_plan=former, former_until_us=until_us)

    async def _pause_devices(self, tx: SubscriptionTransaction, plan: Plan, now_us: int) -> list[DeviceId]:
        if plan.device_limit is None:
            return []
        paused = await tx.devices.pause_excess(plan.device_limit, now_us)
        for device_id, name in paused:
            await tx.outbox.add(events.UPDATED, device_id, events.DeviceChanged(device_id=device_id, name=name, at_us=now_us))
        return [device_id for device_id, _ in paused]

    async def _revoke_keys(self, tx: SubscriptionTransaction, actor: Actor, plan: Plan, now_us: int) -> list[KeyId]:
        if plan.api_access and plan.key_limit is None:
            return []
        revoked = excess_keys(plan, await tx.keys.list_usable(now_us), now_us)
        for key in revoked:
            await tx.keys.update(msgspec.structs.replace(key, revoked_us=now_us))
            await self._trail.record(tx, actor, "apikey.revoke", target_of(key), reason="plan")
        return [key.id for key in revoked]


def _facts(organization: Organization) -> dict[str, object]:
    """The facts about a plan in the audit log."""
    facts: dict[str, object] = {"plan": organization.plan}
    if organization.plan_until_us is not None:
        facts |= {"until": format_time(organization.plan_until_us), "trial": organization.trial}
    return facts
