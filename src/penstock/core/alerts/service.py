"""Use cases on alert definitions, in CRUD order, and testing their actions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from penstock.core.actor import Actor
from penstock.core.alerts.checks import check_alert, check_channels, check_names, check_patch, check_rights
from penstock.core.alerts.clearing import Clearing
from penstock.core.alerts.config import AlertsConfig
from penstock.core.alerts.errors import AlertLimitReached, AlertNotFound
from penstock.core.alerts.events import RAISED, alert_moved
from penstock.core.alerts.jobs import jobs_for
from penstock.core.alerts.models import (
    WATCHED,
    Alert,
    AlertFilter,
    AlertPatch,
    ChangeKind,
    ClearReason,
    End,
    NewAlert,
    Occurrence,
)
from penstock.core.alerts.ports import ActionRunners
from penstock.core.alerts.store import AlertTransaction
from penstock.core.audit.models import Target as AuditTarget
from penstock.core.audit.trail import AuditTrail
from penstock.core.database import OrganizationDatabase
from penstock.core.devices.errors import DeviceNotFound
from penstock.core.expressions.error_counts import EvaluationErrors, Use
from penstock.core.notifications.rights import ChannelRights
from penstock.core.tenancy.plans import PlanCatalogue
from penstock.kit.clock import Clock
from penstock.kit.fields import changes_in
from penstock.kit.ids import AlertId, DeviceId, EventId, IdSource, OrgId, Prefix, RuleId, encode
from penstock.kit.ordering import WHOLE, Ordering, View, by_name
from penstock.kit.paging import Page

_ORDERING: Ordering[Alert] = by_name("-created_at")


class AlertService:
    """Alert definitions of an organisation. `on_change` is called after a commit that the engine must load."""

    def __init__(
        self,
        *,
        database: OrganizationDatabase[AlertTransaction],
        plans: PlanCatalogue,
        runners: ActionRunners,
        rights: ChannelRights,
        trail: AuditTrail,
        ids: IdSource,
        clock: Clock,
        config: AlertsConfig,
        on_change: Callable[[], None],
        errors: EvaluationErrors,
    ) -> None:
        self._database = database
        self._plans = plans
        self._runners = runners
        self._rights = rights
        self._trail = trail
        self._ids = ids
        self._clock = clock
        self._config = config
        self._on_change = on_change
        self._clearing = Clearing(ids.number)
        self._errors = errors

    async def create(self, actor: Actor, new: NewAlert) -> Alert:
        """Create an alert.

        Raises:
            InvalidInput: a field is invalid, or no runner executes its actions; the field is named.
            DeviceNotFound, ProjectNotFound, DefinitionNotFound: it names an object that does not exist.
            ChannelNotInPlan: the plan does not include a notification channel of the alert.
            AlertLimitReached.
        """
        now_us = self._clock.now_us()
        alert = Alert(
            id=self._ids.next(AlertId),
            org_id=actor.org_id,
            armed_us=now_us,
            revision=self._ids.number(),
            created_us=now_us,
            updated_us=now_us,
            **msgspec.structs.asdict(new),
        )
        check_alert(alert)
        check_rights(actor, alert)
        await check_channels(self._rights, alert)
        limit = await self._limit(actor.org_id)
        async with self._database.transaction(actor.org_id) as tx:
            if await tx.alerts.count_watching() >= limit:
                raise AlertLimitReached(limit=limit)
            await check_names(tx, alert, self._runners)
            await tx.alerts.create(alert)
            await tx.alerts.record_change(ChangeKind.ALERT, alert.id)
            await self._trail.record(tx, actor, "alert.create", _target(alert), after=_facts(alert))
        self._on_change()
        return alert

    async def get(self, actor: Actor, alert_id: AlertId) -> Alert:
        """Return a definition.

        Raises:
            AlertNotFound: the caller's organisation has no alert with this id.
        """
        async with self._database.snapshot(actor.org_id) as tx:
            return await get_alert(tx, alert_id)

    async def list(self, actor: Actor, filters: AlertFilter, limit: int, cursor: str | None, view: View = WHOLE) -> Page[Alert]:
        """Return a page of definitions, newest first."""
        place = _ORDERING.place(view, cursor)
        async with self._database.snapshot(actor.org_id) as tx:
            found = await tx.alerts.list(filters, limit + 1, place)
        return _ORDERING.page(found, limit, view)

    async def page(self, actor: Actor, limit: int, offset: int) -> tuple[Sequence[Alert], int]:
        """Return definitions by offset, newest first, and the total number."""
        async with self._database.snapshot(actor.org_id) as tx:
            return await tx.alerts.page(limit, offset), (await tx.alerts.count())[0]

    async def count(self, actor: Actor) -> tuple[int, int]:
        """Return the number of definitions, and how many of them are enabled."""
        async with self._database.snapshot(actor.org_id) as tx:
            return await tx.alerts.count()

    async def update(self, actor: Actor, alert_id: AlertId, patch: AlertPatch) -> Alert:
        """Change the fields in the patch. A change of a field in `WATCHED` clears open occurrences and restarts monitoring.

        Raises:
            The errors of `create`, and AlertNotFound.
        """
        changes = changes_in(patch)
        now_us = self._clock.now_us()
        async with self._database.transaction(actor.org_id) as tx:
            before = await get_alert(tx, alert_id)
            check_patch(before, changes)
            after = msgspec.structs.replace(before, updated_us=now_us, **changes)
            check_alert(after)
            check_rights(actor, after)
            # Only what is changed is checked. An alert with a channel that only a previous plan included, or whose device was
            # deleted, can still be renamed and disabled.
            acts = bool({"actions", "escalation"} & changes.keys())
            if acts:
                await check_channels(self._rights, after)
            if acts or "target" in changes:
                await check_names(tx, after, self._runners, with_target="target" in changes)
            if any(getattr(before, name) != getattr(after, name) for name in WATCHED):
                after = msgspec.structs.replace(after, armed_us=now_us, revision=self._ids.number())
                end = End(at_us=now_us, reason=ClearReason.CHANGED)
                await self._clearing.clear_of_alert(tx, before, end, actor.chain)
            await tx.alerts.update(after)
            await tx.alerts.record_change(ChangeKind.ALERT, alert_id)
            old, new = _facts(before), _facts(after)
            differing = [name for name in new if old[name] != new[name]]
            await self._trail.record(
                tx,
                actor,
                "alert.update",
                _target(before),
                before={name: old[name] for name in differing},
                after={name: new[name] for name in differing},
            )
        self._errors.reset(actor.org_id, Use.ALERT, alert_id)
        self._on_change()
        return after

    async def delete(self, actor: Actor, alert_id: AlertId) -> None:
        """Delete a definition. Open occurrences are cleared, and its history is kept as long as that of any other.

        Raises:
            AlertNotFound.
        """
        async with self._database.transaction(actor.org_id) as tx:
            alert = await get_alert(tx, alert_id)
            end = End(at_us=self._clock.now_us(), reason=ClearReason.ALERT_DELETED)
            await self._clearing.clear_of_alert(tx, alert, end, actor.chain)
            await tx.alerts.delete(alert_id)
            await tx.alerts.record_change(ChangeKind.ALERT, alert_id)
            await self._trail.record(tx, actor, "alert.delete", _target(alert), before=_facts(alert))
        self._errors.reset(actor.org_id, Use.ALERT, alert_id)
        self._on_change()

    async def test(self, actor: Actor, alert_id: AlertId, device_id: DeviceId | None) -> int:
        """Execute the actions of an alert as if it had been raised, marked as a test; return the number of actions.

        Nothing is raised. If `device_id` is None, the first device of the target is used, if there is one.

        Raises:
            AlertNotFound, DeviceNotFound.
            ScopeMissing: the caller must not do what the alert does, which another caller saved.
        """
        now_us = self._clock.now_us()
        async with self._database.transaction(actor.org_id) as tx:
            alert = await get_alert(tx, alert_id)
            check_rights(actor, alert)
            target_id = device_id if device_id is not None else next(iter(alert.target.devices), DeviceId(0))
            device = await tx.devices.find(target_id)
            if device_id is not None and device is None:
                raise DeviceNotFound(device_id=encode(Prefix.DEVICE, device_id))
            tried = Occurrence(
                id=self._ids.next(EventId),
                org_id=actor.org_id,
                alert_id=alert.id,
                device_id=device.id if device else DeviceId(0),
                name=alert.name,
                severity=alert.severity,
                value=None,
                seq=None,
                time_us=now_us,
                raised_us=now_us,
            )
            event = alert_moved(tried, device.name if device else "", alert.condition, now_us, test=True, chain=actor.chain)
            await tx.outbox.add(RAISED, tried.id, event)
            jobs = jobs_for(alert.actions, actor.org_id, RAISED, event, now_us, self._ids.number)
            await tx.occurrences.add_jobs(jobs)
            await self._trail.record(tx, actor, "alert.test", _target(alert))
        return len(alert.actions)

    async def device_deleted(self, org_id: OrgId, device_id: DeviceId, at_us: int, chain: tuple[RuleId, ...] = ()) -> None:
        """Clear the open occurrences of a device that was deleted. Repeating the call has no effect."""
        async with self._database.transaction(org_id) as tx:
            # The same id cannot be in use again; in a restored backup the device may exist.
            if await tx.devices.find_ref(device_id) is None:
                await self._clearing.clear_of_device(tx, device_id, End(at_us=at_us, reason=ClearReason.DEVICE_DELETED), chain)

    async def _limit(self, org_id: OrgId) -> int:
        of_plan = (await self._plans.of(org_id)).alert_limit
        return self._config.max_per_org if of_plan is None else min(of_plan, self._config.max_per_org)


async def get_alert(tx: AlertTransaction, alert_id: AlertId) -> Alert:
    """Return a definition of the transaction's organisation.

    Raises:
        AlertNotFound.
    """
    alert = await tx.alerts.find(alert_id)
    if alert is None:
        raise AlertNotFound(alert_id=encode(Prefix.ALERT, alert_id))
    return alert


def _target(alert: Alert) -> AuditTarget:
    return AuditTarget("alert", encode(Prefix.ALERT, alert.id), alert.name)


def _facts(alert: Alert) -> dict[str, Any]:
    """The fields of a definition that the audit log records."""
    hidden = ("id", "org_id", "armed_us", "revision", "last_raised_us", "created_us", "updated_us")
    shown = {name: value for name, value in msgspec.to_builtins(alert).items() if name not in hidden}
    shown["actions"] = [one["type"] for one in shown["actions"]]  # parameters of commands may be passwords
    shown["escalation"] = [{"after_us": one["after_us"], "actions": len(one["actions"])} for one in shown["escalation"]]
    return shown
