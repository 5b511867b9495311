"""What alerts need of a store. Every method of a store sees only the transaction's organisation."""

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
    ClearReason,
    Firing,
    Maintenance,
    Occurrence,
    OccurrenceFilter,
    WatchedDevice,
)
from penstock.core.commands.store import HasCommands
from penstock.core.database import OpensOrganizations
from penstock.core.devices.store import HasDevices
from penstock.core.notifications.store import NotificationTransaction
from penstock.core.outbox import HasOutbox
from penstock.core.telemetry.fields import Scalar
from penstock.core.telemetry.store import HasCursors
from penstock.core.tenancy.store import HasProjects
from penstock.kit.ids import AlertId, ChangeId, DeviceId, EventId, JobId, OrgId, RuleId, Seq


class AlertStore(Protocol):
    """Definitions, and what the engine has to learn of their changes."""

    async def create(self, alert: Alert) -> None:
        """Add a definition."""

    async def find(self, alert_id: AlertId) -> Alert | None:
        """The definition with this id."""

    async def list(self, wanted: AlertFilter, limit: int, before_id: int | None) -> Sequence[Alert]:
        """Definitions newest first, older than `before_id`."""

    async def find_of_rule(self, rule_id: RuleId, name: str) -> Alert | None:
        """The definition under which a rule raises what it calls so."""

    async def of_rule(self, rule_id: RuleId) -> Sequence[Alert]:
        """The definitions under which a rule raises."""

    async def page(self, limit: int, offset: int) -> Sequence[Alert]:
        """Definitions newest first by offset."""

    async def count(self) -> tuple[int, int]:
        """How many definitions there are, and how many of them are enabled."""

    async def count_watching(self) -> int:
        """How many definitions there are that no rule made."""

    async def update(self, alert: Alert) -> None:
        """Replace what can be changed."""

    async def delete(self, alert_id: AlertId) -> None:
        """Remove a definition, its states and occurrences."""

    async def mark_raised(self, alert_id: AlertId, revision: int, at_us: int) -> bool:
        """Note when it was raised last; False when it is not there, not enabled or of another revision."""

    async def save_states(self, rows: Sequence[SavedState]) -> None:
        """Write states; those of definitions that are gone or of another revision are left out."""

    async def tell(
        self, kind: ChangeKind, subject_id: int, alert_id: AlertId = AlertId(0), device_id: DeviceId = DeviceId(0)
    ) -> None:
        """Leave word for the engine, in the running transaction."""

    async def forget_changes(self, up_to_id: ChangeId) -> None:
        """Remove what the engine has learnt."""

    async def maintenance(self, device_id: DeviceId) -> Maintenance | None:
        """A device's maintenance, also one that is over."""

    async def set_maintenance(self, wanted: Maintenance) -> None:
        """Begin or change a device's maintenance."""

    async def end_maintenance(self, device_id: DeviceId, at_us: int) -> None:
        """End a device's maintenance at a moment."""


class OccurrenceStore(Protocol):
    """Occurrences of alerts, and the actions that wait to be carried out."""

    async def create(self, occurrence: Occurrence) -> None:
        """Add an occurrence."""

    async def find(self, event_id: EventId) -> Occurrence | None:
        """The occurrence with this id."""

    async def list(self, wanted: OccurrenceFilter, limit: int, before_id: int | None) -> Sequence[Occurrence]:
        """Occurrences newest first, older than `before_id`."""

    async def open_of(self, alert_id: AlertId) -> Sequence[Occurrence]:
        """Those of a definition that are not cleared."""

    async def open_for(self, alert_id: AlertId, device_id: DeviceId) -> Occurrence | None:
        """That of a definition and device that is not cleared."""

    async def find_by_act(self, act: str) -> Occurrence | None:
        """That which an act of a rule raised."""

    async def suppress(self, event_id: EventId) -> None:
        """Note that it would have been raised once more."""

    async def acknowledge(self, event_id: EventId, at_us: int, by: str, note: str | None) -> bool:
        """Note who took note of it; False when it is acknowledged already."""

    async def clear(
        self, event_id: EventId, at_us: int, reason: ClearReason, by: str | None, value: Scalar | None, seq: Seq | None
    ) -> bool:
        """End it; False when it is over already."""

    async def escalate(self, event_id: EventId, at_us: int) -> bool:
        """Note a step; False when it is acknowledged or cleared already."""

    async def add_repeat(self, firing: Firing) -> None:
        """Note that a raised alert fired again."""

    async def firings(self, alert_id: AlertId, limit: int) -> Sequence[Firing]:
        """The latest firings of a definition, newest first."""

    async def last_repeats(self, alert_ids: Sequence[AlertId]) -> Mapping[AlertId, int]:
        """When definitions fired again last; those that never did are left out."""

    async def add_jobs(self, jobs: Sequence[ActionJob]) -> None:
        """Leave actions to be carried out."""

    async def remove_job(self, job_id: JobId) -> None:
        """An action is done, or of no use any more."""

    async def postpone_job(self, job_id: JobId, due_us: int) -> None:
        """An action failed: try again later."""

    async def delay_job(self, job_id: JobId, due_us: int) -> None:
        """An action was not tried, as another like it just failed."""


class SavedState(msgspec.Struct, frozen=True):
    """A state as it is stored, with the revision of the definition it belongs to."""

    org_id: OrgId
    alert_id: AlertId
    device_id: DeviceId
    revision: int
    state: State


class SystemAlertStore(Protocol):
    """Alerts of every organisation, for workers."""

    async def enabled(self) -> Sequence[Alert]:
        """Every definition that is enabled."""

    async def states(self) -> Sequence[SavedState]:
        """Every state of an enabled definition's present revision."""

    async def devices(self, ids: Sequence[DeviceId]) -> Sequence[WatchedDevice]:
        """Devices by id."""

    async def devices_of(self, org_ids: Sequence[OrgId]) -> Sequence[WatchedDevice]:
        """All devices of some organisations."""

    async def changes(self, limit: int) -> Sequence[Change]:
        """What the engine has to learn, oldest first."""

    async def connectivity_after(self, change_id: ChangeId, limit: int) -> Sequence[tuple[ChangeId, DeviceId, bool, int]]:
        """Changes of connectivity: id, device, whether it came online, and when; oldest first."""

    async def last_connectivity(self) -> ChangeId:
        """The id of the latest change of connectivity, 0 when there is none."""

    async def due_jobs(self, now_us: int, limit: int) -> Sequence[ActionJob]:
        """Actions whose time has come, oldest first."""

    async def drop_cleared(self, before_us: int, limit: int) -> int:
        """Remove occurrences that were cleared before a moment, oldest first; how many."""

    async def drop_repeats(self, before_us: int, limit: int) -> int:
        """Remove repeated firings from before a moment, oldest first; how many."""


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
        """Alerts of every organisation, for workers."""


class AlertTransaction(
    NotificationTransaction, HasAlerts, HasOccurrences, HasCommands, HasDevices, HasProjects, HasOutbox, Protocol
):
    """What use cases on alerts work with. Alerts are told in it too."""


class AlertSystemTransaction(HasSystemAlerts, HasCursors, OpensOrganizations[AlertTransaction], Protocol):
    """What the engine works with."""
