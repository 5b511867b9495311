"""Alerts, their occurrences and states: maps rows to models."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import msgspec

from penstock.adapters.storage.sqlite.connection import Session
from penstock.adapters.storage.sqlite.places import rows_from
from penstock.core.alerts.actions import Action, EscalationStep
from penstock.core.alerts.conditions import Condition, RaisedByRule
from penstock.core.alerts.jobs import ActionJob
from penstock.core.alerts.machine import State
from penstock.core.alerts.models import (
    Alert,
    AlertFilter,
    AlertStatus,
    Change,
    ChangeKind,
    ClearReason,
    End,
    Firing,
    Maintenance,
    NOfM,
    Occurrence,
    OccurrenceFilter,
    OccurrenceState,
    OpenCount,
    Snooze,
    Target,
    WatchedDevice,
)
from penstock.core.alerts.store import SavedState
from penstock.core.devices.models import DeviceStatus
from penstock.core.notifications.hours import ActiveHours
from penstock.core.notifications.models import Severity
from penstock.kit.clock import MAX_US
from penstock.kit.ids import MAX_ID, AlertId, ChangeId, DeviceId, EventId, JobId, OrgId, RuleId
from penstock.kit.ordering import After


class _Definition(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The part of an alert that is stored as JSON."""

    target: Target
    condition: Condition
    for_us: int = 0
    max_gap_us: int | None = None
    hysteresis: float = 0.0
    n_of_m: NOfM | None = None
    hours: ActiveHours | None = None
    cooldown_us: int = 0
    auto_clear_us: int | None = None
    actions: tuple[Action, ...] = ()
    escalation: tuple[EscalationStep, ...] = ()
    backfill: bool = False


_DECODER = msgspec.json.Decoder(_Definition)
_STATES = msgspec.msgpack.Decoder(State)
_OPEN: dict[OccurrenceState | None, bool | None] = {
    OccurrenceState.OPEN: None,
    OccurrenceState.RAISED: False,
    OccurrenceState.ACKNOWLEDGED: True,
}
"""The states of occurrences that are not cleared, and whether they are acknowledged."""
_EVERY_DEVICE = 0
_JOBS = msgspec.json.Decoder(ActionJob)


class SqliteAlerts:
    """Implements `AlertStore`."""

    def __init__(self, session: Session, org_id: OrgId) -> None:
        self._session = session
        self._org_id = org_id

    async def create(self, alert: Alert) -> None:
        await self._session.run("create_alert", self._params(alert))

    async def find(self, alert_id: AlertId) -> Alert | None:
        row = await self._session.one("find_alert", {"org_id": self._org_id, "id": alert_id})
        return _alert(row) if row else None

    async def list(self, filters: AlertFilter, limit: int, after: After) -> list[Alert]:
        params = msgspec.structs.asdict(filters) | {"org_id": self._org_id}
        status = filters.status
        params["active"] = status is AlertStatus.ACTIVE
        params["enabled"] = None if status in (None, AlertStatus.ACTIVE) else status is AlertStatus.ENABLED
        return [_alert(row) for row in await rows_from(self._session, "list_alerts", after, limit, params)]

    async def find_for_rule(self, rule_id: RuleId, name: str) -> Alert | None:
        params = {"org_id": self._org_id, "rule_id": rule_id, "rule_key": name}
        row = await self._session.one("find_alert_of_rule", params)
        return _alert(row) if row else None

    async def list_by_rule(self, rule_id: RuleId) -> Sequence[Alert]:
        rows = await self._session.all("list_alerts_of_rule", {"org_id": self._org_id, "rule_id": rule_id})
        return [_alert(row) for row in rows]

    async def page(self, limit: int, offset: int) -> Sequence[Alert]:
        params = {"org_id": self._org_id, "limit": limit, "offset": offset}
        return [_alert(row) for row in await self._session.all("page_alerts", params)]

    async def count(self) -> tuple[int, int]:
        row = await self._session.one("count_alerts", {"org_id": self._org_id})
        return (row["total"], row["enabled"]) if row else (0, 0)

    async def count_watching(self) -> int:
        row = await self._session.one("count_watching_alerts", {"org_id": self._org_id})
        return int(row["total"]) if row else 0

    async def update(self, alert: Alert) -> None:
        await self._session.run("update_alert", self._params(alert))

    async def delete(self, alert_id: AlertId) -> None:
        await self._session.run("delete_alert", {"org_id": self._org_id, "id": alert_id})

    async def mark_raised(self, alert_id: AlertId, revision: int, at_us: int) -> bool:
        params = {"org_id": self._org_id, "id": alert_id, "revision": revision, "at_us": at_us}
        return bool(await self._session.run("mark_alert_raised", params))

    async def save_states(self, rows: Sequence[SavedState]) -> None:
        encode = msgspec.msgpack.encode
        params = [
            {
                "org_id": self._org_id,
                "alert_id": row.alert_id,
                "device_id": row.device_id,
                "revision": row.revision,
                "state": encode(row.state),
            }
            for row in rows
        ]
        await self._session.run_many("save_alert_state", params)

    async def record_change(
        self, kind: ChangeKind, subject_id: int, alert_id: AlertId = AlertId(0), device_id: DeviceId = DeviceId(0)
    ) -> None:
        params = {"org_id": self._org_id, "kind": kind, "subject_id": subject_id}
        await self._session.run("add_alert_change", params | {"alert_id": alert_id, "device_id": device_id})

    async def forget_changes(self, up_to_id: ChangeId) -> None:
        await self._session.run("forget_alert_changes", {"org_id": self._org_id, "id": up_to_id})

    async def maintenance(self, device_id: DeviceId) -> Maintenance | None:
        row = await self._session.one("find_maintenance", {"org_id": self._org_id, "device_id": device_id})
        return Maintenance(**dict(row)) if row else None

    async def set_maintenance(self, maintenance: Maintenance) -> None:
        await self._session.run("set_maintenance", msgspec.structs.asdict(maintenance) | {"org_id": self._org_id})

    async def end_maintenance(self, device_id: DeviceId, at_us: int) -> None:
        await self._session.run("end_maintenance", {"org_id": self._org_id, "device_id": device_id, "at_us": at_us})

    def _params(self, alert: Alert) -> dict[str, Any]:
        params = msgspec.structs.asdict(alert)
        parts = {name: params.pop(name) for name in _Definition.__struct_fields__}
        rule = alert.condition if isinstance(alert.condition, RaisedByRule) else None
        params |= {"rule_id": rule.rule_id if rule else None, "rule_key": rule.name if rule else None}
        return params | {"org_id": self._org_id, "definition": msgspec.json.encode(_Definition(**parts)).decode()}


class SqliteOccurrences:
    """Implements `OccurrenceStore`."""

    def __init__(self, session: Session, org_id: OrgId) -> None:
        self._session = session
        self._org_id = org_id

    async def create(self, occurrence: Occurrence) -> None:
        params = msgspec.structs.asdict(occurrence) | {"org_id": self._org_id, "value": _json(occurrence.value)}
        params |= {"escalations": _json(occurrence.escalations), "chain": _json(occurrence.chain)}
        await self._session.run("create_occurrence", params)

    async def find(self, event_id: EventId) -> Occurrence | None:
        row = await self._session.one("find_occurrence", {"org_id": self._org_id, "id": event_id})
        return _occurrence(row) if row else None

    async def list(self, filters: OccurrenceFilter, limit: int, before_id: int | None) -> list[Occurrence]:
        params = msgspec.structs.asdict(filters) | {"org_id": self._org_id, "before_id": before_id or MAX_ID, "limit": limit}
        statement = "list_occurrences"
        if filters.state in _OPEN:
            statement = "list_open_occurrences"  # which looks at no others
            params["acknowledged"] = _OPEN[filters.state]
        return [_occurrence(row) for row in await self._session.all(statement, params)]

    async def count_open(self) -> Sequence[OpenCount]:
        rows = await self._session.all("count_open_occurrences", {"org_id": self._org_id})
        return [
            OpenCount(severity=Severity(row["severity"]), acknowledged=bool(row["acknowledged"]), total=row["total"])
            for row in rows
        ]

    async def list_open(self, alert_id: AlertId) -> Sequence[Occurrence]:
        rows = await self._session.all("open_occurrences", {"org_id": self._org_id, "alert_id": alert_id})
        return [_occurrence(row) for row in rows]

    async def list_open_by_device(self, device_id: DeviceId) -> Sequence[Occurrence]:
        rows = await self._session.all("open_occurrences_of_device", {"org_id": self._org_id, "device_id": device_id})
        return [_occurrence(row) for row in rows]

    async def find_open(self, alert_id: AlertId, device_id: DeviceId) -> Occurrence | None:
        params = {"org_id": self._org_id, "alert_id": alert_id, "device_id": device_id}
        row = await self._session.one("open_occurrence_for", params)
        return _occurrence(row) if row else None

    async def find_by_act(self, act: str) -> Occurrence | None:
        row = await self._session.one("find_occurrence_by_act", {"org_id": self._org_id, "act": act})
        return _occurrence(row) if row else None

    async def suppress(self, event_id: EventId) -> None:
        await self._session.run("suppress_occurrence", {"org_id": self._org_id, "id": event_id})

    async def acknowledge(self, event_id: EventId, at_us: int, by: str, note: str | None) -> bool:
        params = {"org_id": self._org_id, "id": event_id, "at_us": at_us, "by": by, "note": note}
        return bool(await self._session.run("acknowledge_occurrence", params))

    async def clear(self, event_id: EventId, end: End) -> bool:
        params = msgspec.structs.asdict(end) | {"org_id": self._org_id, "id": event_id, "value": _json(end.value)}
        params["time_us"] = end.at_us if end.time_us is None else end.time_us
        return bool(await self._session.run("clear_occurrence", params))

    async def escalate(self, event_id: EventId, at_us: int) -> bool:
        params = {"org_id": self._org_id, "id": event_id, "at_us": at_us}
        return bool(await self._session.run("escalate_occurrence", params))

    async def add_repeat(self, firing: Firing) -> None:
        params = msgspec.structs.asdict(firing) | {"org_id": self._org_id, "value": _json(firing.value)}
        await self._session.run("add_repeat", params)

    async def firings(self, alert_id: AlertId, limit: int) -> Sequence[Firing]:
        rows = await self._session.all("list_firings", {"org_id": self._org_id, "alert_id": alert_id, "limit": limit})
        return [_firing(row) for row in rows]

    async def last_repeats(self, alert_ids: Sequence[AlertId]) -> Mapping[AlertId, int]:
        rows = await self._session.all("last_repeats", {"org_id": self._org_id, "ids": _json(alert_ids)})
        return {row["alert_id"]: row["fired_us"] for row in rows}

    async def add_jobs(self, jobs: Sequence[ActionJob]) -> None:
        rows = [{"org_id": self._org_id, "id": job.id, "job": msgspec.json.encode(job), "due_us": job.due_us} for job in jobs]
        if rows:
            await self._session.run_many("add_alert_job", rows)

    async def remove_job(self, job_id: JobId) -> None:
        await self._session.run("remove_alert_job", {"org_id": self._org_id, "id": job_id})

    async def postpone_job(self, job_id: JobId, due_us: int) -> None:
        await self._session.run("postpone_alert_job", {"org_id": self._org_id, "id": job_id, "due_us": due_us})

    async def delay_job(self, job_id: JobId, due_us: int) -> None:
        await self._session.run("delay_alert_job", {"org_id": self._org_id, "id": job_id, "due_us": due_us})


class SqliteSnoozes:
    """Implements `SnoozeStore`."""

    def __init__(self, session: Session, org_id: OrgId) -> None:
        self._session = session
        self._org_id = org_id

    async def set(self, snooze: Snooze) -> None:
        params = msgspec.structs.asdict(snooze) | self._key(snooze.alert_id, snooze.device_id)
        await self._session.run("set_snooze", params)

    async def find(self, alert_id: AlertId, device_id: DeviceId | None) -> Snooze | None:
        row = await self._session.one("find_snooze", self._key(alert_id, device_id))
        return _snooze(row) if row else None

    async def covering(self, alert_id: AlertId, device_id: DeviceId) -> Snooze | None:
        row = await self._session.one("covering_snooze", self._key(alert_id, device_id))
        return _snooze(row) if row else None

    async def of_alerts(self, alert_ids: Collection[AlertId]) -> Sequence[Snooze]:
        params = {"org_id": self._org_id, "ids": _json(list(alert_ids))}
        return [_snooze(row) for row in await self._session.all("snoozes_of_alerts", params)]

    async def end(self, alert_id: AlertId, device_id: DeviceId | None) -> bool:
        return bool(await self._session.run("end_snooze", self._key(alert_id, device_id)))

    def _key(self, alert_id: AlertId, device_id: DeviceId | None) -> dict[str, int]:
        return {"org_id": self._org_id, "alert_id": alert_id, "device_id": device_id or _EVERY_DEVICE}


class SqliteSystemSnoozes:
    """Implements `SystemSnoozeStore`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def due(self, now_us: int, limit: int) -> Sequence[tuple[OrgId, Snooze]]:
        rows = await self._session.all("due_snoozes_of_all", {"now_us": now_us, "limit": limit})
        return [(row["org_id"], _snooze(row)) for row in rows]


class SqliteSystemAlerts:
    """Implements `SystemAlertStore`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def enabled(self) -> Sequence[Alert]:
        return [_alert(row) for row in await self._session.all("enabled_alerts_of_all", {})]

    async def states(self) -> Sequence[SavedState]:
        rows = await self._session.all("alert_states_of_all", {})
        return [SavedState(**dict(row) | {"state": _STATES.decode(row["state"])}) for row in rows]

    async def devices(self, ids: Sequence[DeviceId]) -> Sequence[WatchedDevice]:
        return [_watched(row) for row in await self._session.all("watched_devices_of_all", {"ids": _json(ids)})]

    async def devices_of(self, org_ids: Sequence[OrgId]) -> Sequence[WatchedDevice]:
        rows = await self._session.all("watched_devices_of_organizations_of_all", {"ids": _json(org_ids)})
        return [_watched(row) for row in rows]

    async def changes(self, limit: int) -> Sequence[Change]:
        rows = await self._session.all("alert_changes_of_all", {"limit": limit})
        return [Change(**dict(row) | {"kind": ChangeKind(row["kind"])}) for row in rows]

    async def connectivity_after(self, change_id: ChangeId, limit: int) -> Sequence[tuple[ChangeId, DeviceId, bool, int]]:
        rows = await self._session.all("connectivity_after_of_all", {"id": change_id, "limit": limit})
        return [(row["id"], row["device_id"], row["state"] == "online", row["at_us"]) for row in rows]

    async def last_connectivity(self) -> ChangeId:
        row = await self._session.one("last_connectivity_of_all", {})
        return ChangeId(row["id"] if row else 0)

    async def due_jobs(self, now_us: int, limit: int) -> Sequence[ActionJob]:
        rows = await self._session.all("due_alert_jobs_of_all", {"now_us": now_us, "limit": limit})
        return [msgspec.structs.replace(_JOBS.decode(row["job"]), due_us=row["due_us"], attempts=row["attempts"]) for row in rows]

    async def drop_cleared(self, before_us: int, limit: int) -> int:
        return await self._session.run("drop_cleared_occurrences_of_all", {"before_us": before_us, "limit": limit})

    async def drop_repeats(self, before_us: int, limit: int) -> int:
        return await self._session.run("drop_repeats_of_all", {"before_us": before_us, "limit": limit})


def _alert(row: sqlite3.Row) -> Alert:
    found = dict(row)
    definition = msgspec.structs.asdict(_DECODER.decode(found.pop("definition")))
    return Alert(**found | definition | {"severity": Severity(row["severity"]), "enabled": bool(row["enabled"])})


def _occurrence(row: sqlite3.Row) -> Occurrence:
    found = dict(row)
    for name in ("value", "clear_value"):
        found[name] = None if found[name] is None else msgspec.json.decode(found[name])
    found["escalations"] = tuple(msgspec.json.decode(found["escalations"]))
    found["chain"] = msgspec.json.decode(found["chain"], type=tuple[RuleId, ...])
    found["clear_reason"] = ClearReason(found["clear_reason"]) if found["clear_reason"] else None
    return Occurrence(**found | {"severity": Severity(row["severity"])})


def _snooze(row: sqlite3.Row) -> Snooze:
    found = {name: row[name] for name in Snooze.__struct_fields__}
    return Snooze(**found | {"device_id": found["device_id"] or None})


def _firing(row: sqlite3.Row) -> Firing:
    value = None if row["value"] is None else msgspec.json.decode(row["value"])
    return Firing(**dict(row) | {"value": value, "severity": Severity(row["severity"])})


def _watched(row: sqlite3.Row) -> WatchedDevice:
    found = dict(row)
    from_us, until_us = found["muted_from_us"], found.pop("until_us")
    found["muted_from_us"] = from_us or 0
    found["muted_until_us"] = 0 if from_us is None else MAX_US if until_us is None else until_us
    found["paused"] = found.pop("status") == DeviceStatus.PAUSED
    return WatchedDevice(**found | {"labels": msgspec.json.decode(found["labels"])})


def _json(value: object) -> str | None:
    return None if value is None else msgspec.json.encode(value).decode()
