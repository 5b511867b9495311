"""The stores of alerts. Every method of a store sees only the transaction's organisation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import msgspec

from penstock.core.alerts.jobs import ActionJob
from penstock.core.alerts.machine import State
from penstock.core.alerts.models import (
    Alert,
    AlertFilter,
    Change,
    ChangeKind,
    End,
    Firing,
    Maintenance,
    Occurrence,
    OccurrenceFilter,
    OpenCount,
    WatchedDevice,
)
from penstock.core.alerts.snooze_store import HasSnoozes
from penstock.core.commands.store import HasCommands
from penstock.core.database import OpensOrganizations
from penstock.core.devices.store import HasDevices
from penstock.core.notifications.store import NotificationTransaction
from penstock.core.outbox import HasOutbox
from penstock.core.telemetry.store import HasCursors
from penstock.core.tenancy.store import HasProjects
from penstock.kit.ids import AlertId, ChangeId, DeviceId, EventId, JobId, OrgId, RuleId
from penstock.kit.ordering import After


class AlertStore(Protocol):
    """Definitions, and the changes that the engine must load."""

    async def create(self, alert: Alert) -> None:
        """Add a definition."""

    async def find(self, alert_id: AlertId) -> Alert | None:
        """The definition with this id."""

    async def list(self, filters: AlertFilter, limit: int, after: After) -> Sequence[Alert]:
        """Definitions after a place or an id, by default newest first."""

    async def find_for_rule(self, rule_id: RuleId, name: str) -> Alert | None:
        """The definition of the alert that a rule raises under this name, or None."""

    async def list_by_rule(self, rule_id: RuleId) -> Sequence[Alert]:
        """The definitions that a rule raises."""

    async def page(self, limit: int, offset: int) -> Sequence[Alert]:
        """Definitions newest first by offset."""

    async def count(self) -> tuple[int, int]:
        """The number of definitions, and how many of them are enabled."""

    async def count_watching(self) -> int:
        """The number of definitions that no rule created."""

    async def update(self, alert: Alert) -> None:
        """Replace the fields that can change."""

    async def delete(self, alert_id: AlertId) -> None:
        """Remove a definition and its states. Its occurrences are kept."""

    async def mark_raised(self, alert_id: AlertId, revision: int, at_us: int) -> bool:
        """Record when it was last raised; False if it does not exist, is disabled or has another revision."""

    async def save_states(self, rows: Sequence[SavedState]) -> None:
        """Write states, except those of definitions that were deleted or have another revision."""

    async def record_change(
        self, kind: ChangeKind, subject_id: int, alert_id: AlertId = AlertId(0), device_id: DeviceId = DeviceId(0)
    ) -> None:
        """Record a change for the engine, in the running transaction."""

    async def forget_changes(self, up_to_id: ChangeId) -> None:
        """Delete the changes that the engine has loaded."""

    async def maintenance(self, device_id: DeviceId) -> Maintenance | None:
        """A device's maintenance, even if it has ended."""

    async def set_maintenance(self, requested: Maintenance) -> None:
        """Start or change a device's maintenance."""

    async def end_maintenance(self, device_id: DeviceId, at_us: int) -> None:
        """End a device's maintenance at this time."""


class OccurrenceStore(Protocol):
    """Occurrences of alerts, and pending actions."""

    async def create(self, occurrence: Occurrence) -> None:
        """Add an occurrence."""

    async def find(self, event_id: EventId) -> Occurrence | None:
        """The occurrence with this id."""

    async def list(self, filters: OccurrenceFilter, limit: int, before_id: int | None) -> Sequence[Occurrence]:
        """Occurrences newest first, older than `before_id`."""

    async def count_open(self) -> Sequence[OpenCount]:
        """How many occurrences are not cleared."""

    async def list_open(self, alert_id: AlertId) -> Sequence[Occurrence]:
        """The occurrences of a definition that are not cleared."""

    async def find_open(self, alert_id: AlertId, device_id: DeviceId) -> Occurrence | None:
        """The occurrence of a definition and device that is not cleared, or None."""

    async def find_by_act(self, act: str) -> Occurrence | None:
        """The occurrence that an act of a rule raised, or None."""

    async def suppress(self, event_id: EventId) -> None:
        """Count that it would have been raised again."""

    async def acknowledge(self, event_id: EventId, at_us: int, by: str, note: str | None) -> bool:
        """Record an acknowledgement; False if it was already acknowledged."""

    async def list_open_by_device(self, device_id: DeviceId) -> Sequence[Occurrence]:
        """The occurrences of a device that are not cleared."""

    async def clear(self, event_id: EventId, end: End) -> bool:
        """Clear it; False if it was already cleared."""

    async def escalate(self, event_id: EventId, at_us: int) -> bool:
        """Record an escalation step; False if it was already acknowledged or cleared."""

    async def add_repeat(self, firing: Firing) -> None:
        """Record that a raised alert fired again."""

    async def firings(self, alert_id: AlertId, limit: int) -> Sequence[Firing]:
        """The latest firings of a definition, newest first."""

    async def last_repeats(self, alert_ids: Sequence[AlertId]) -> Mapping[AlertId, int]:
        """When each definition last fired again; definitions that never did are omitted."""

    async def add_jobs(self, jobs: Sequence[ActionJob]) -> None:
        """Add pending actions."""

    async def remove_job(self, job_id: JobId) -> None:
        """Remove an action that was executed or is obsolete."""

    async def postpone_job(self, job_id: JobId, due_us: int) -> None:
        """An action failed: retry it at `due_us`."""

    async def delay_job(self, job_id: JobId, due_us: int) -> None:
        """An action was not attempted because a similar one just failed."""


class SavedState(msgspec.Struct, frozen=True):
    """A stored state, with the revision of its definition."""

    org_id: OrgId
    alert_id: AlertId
    device_id: DeviceId
    revision: int
    state: State


class SystemAlertStore(Protocol):
    """Alerts of all organisations, for workers."""

    async def enabled(self) -> Sequence[Alert]:
        """Every enabled definition."""

    async def states(self) -> Sequence[SavedState]:
        """Every state of an enabled definition's current revision."""

    async def devices(self, ids: Sequence[DeviceId]) -> Sequence[WatchedDevice]:
        """Devices by id."""

    async def devices_of(self, org_ids: Sequence[OrgId]) -> Sequence[WatchedDevice]:
        """All devices of some organisations."""

    async def changes(self, limit: int) -> Sequence[Change]:
        """The changes that the engine must load, oldest first."""

    async def connectivity_after(self, change_id: ChangeId, limit: int) -> Sequence[tuple[ChangeId, DeviceId, bool, int]]:
        """Connectivity changes: id, device, whether it came online, and when; oldest first."""

    async def last_connectivity(self) -> ChangeId:
        """The id of the latest connectivity change, or 0."""

    async def due_jobs(self, now_us: int, limit: int) -> Sequence[ActionJob]:
        """Actions that are due, oldest first."""

    async def drop_cleared(self, before_us: int, limit: int) -> int:
        """Delete occurrences that were cleared before this time, oldest first; returns how many."""

    async def drop_repeats(self, before_us: int, limit: int) -> int:
        """Delete repeated firings from before this time, oldest first; returns how many."""


class HasAlerts(Protocol):
    """A transaction with alerts."""

    @property
    def alerts(self) -> AlertStore:
        """Definitions of alerts."""


class HasOccurrences(Protocol):
    """A transaction with occurrences."""

    @property
    def occurrences(self) -> OccurrenceStore:
        """Occurrences of alerts."""


class HasSystemAlerts(Protocol):
    """A transaction across organisations with alerts."""

    @property
    def alerts(self) -> SystemAlertStore:
        """Alerts of all organisations, for workers."""


class AlertTransaction(
    NotificationTransaction, HasAlerts, HasOccurrences, HasSnoozes, HasCommands, HasDevices, HasProjects, HasOutbox, Protocol
):
    """The transaction of the use cases on alerts, including their notifications."""


class AlertSystemTransaction(HasSystemAlerts, HasCursors, OpensOrganizations[AlertTransaction], Protocol):
    """The transaction of the engine."""
