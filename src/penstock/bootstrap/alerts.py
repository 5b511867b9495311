"""Builds the services for alerts: the use cases, the action runners, and the loops."""

from __future__ import annotations

import msgspec

from penstock.api.system.metrics import Figure
from penstock.api.v2.alerts.bulk_routes import AlertBulkEndpoints
from penstock.api.v2.alerts.event_routes import AlertEventEndpoints
from penstock.api.v2.alerts.preview_routes import AlertPreviewEndpoints
from penstock.api.v2.alerts.routes import AlertEndpoints
from penstock.bootstrap.commands import Commands
from penstock.bootstrap.notifications import Notifications
from penstock.bootstrap.part import Part
from penstock.bootstrap.services import Services
from penstock.core.alerts.occurrences import OccurrenceService
from penstock.core.alerts.ports import ActionRunners
from penstock.core.alerts.previews import PreviewService
from penstock.core.alerts.runners import ChatRunner, CommandRunner, EmailRunner, SmsRunner
from penstock.core.alerts.service import AlertService
from penstock.core.alerts.snoozes import SnoozeService
from penstock.core.devices import events
from penstock.core.devices.connectivity_service import ConnectivityService
from penstock.core.expressions.error_counts import EvaluationErrors
from penstock.core.outbox import OutboxEntry
from penstock.kit.clock import Clock
from penstock.settings import Settings
from penstock.workers.alert_snoozes import SnoozeWorker
from penstock.workers.alerts import ActionWorker, AlertWorker


class Alerts(msgspec.Struct, kw_only=True):
    """The services for alerts. Further types of actions are registered with `runners`."""

    definitions: AlertService
    occurrences: OccurrenceService
    snoozes: SnoozeService
    ends: SnoozeWorker
    runners: ActionRunners
    previews: PreviewService
    clock: Clock
    worker: AlertWorker
    errors: EvaluationErrors
    actions: ActionWorker

    @property
    def part(self) -> Part:
        """Endpoints, loops, followers and figures for alerts."""
        return Part(
            endpoints=(
                AlertEndpoints(self.definitions, self.occurrences, self.snoozes, self.errors),
                AlertPreviewEndpoints(self.previews, self.clock),
                AlertBulkEndpoints(self.occurrences, self.snoozes),
                AlertEventEndpoints(self.occurrences, self.snoozes),
            ),
            loops={"alerts": self.worker.run, "alert_actions": self.actions.run, "alert_snoozes": self.ends.run},
            followers={
                events.CREATED: self._device_changed,
                events.UPDATED: self._device_changed,
                events.DELETED: self._device_deleted,
            },
            figures=(Figure("alerts_lag_readings", "Readings not yet evaluated for alerts.", lambda: self.worker.lag),),
        )

    async def _device_changed(self, entry: OutboxEntry) -> None:
        changed = msgspec.json.decode(entry.body, type=events.DeviceChanged)
        self.worker.device_changed(changed.device_id, changed.chain)

    async def _device_deleted(self, entry: OutboxEntry) -> None:
        deleted = msgspec.json.decode(entry.body, type=events.DeviceChanged)
        await self.definitions.device_deleted(entry.org_id, deleted.device_id, deleted.at_us, deleted.chain)


def build_alerts(services: Services, settings: Settings, commands: Commands, notifications: Notifications) -> Alerts:
    """Build the services for alerts. Their loops are not running yet."""
    database, clock, ids, trail = services.database, services.clock, services.ids, services.trail
    errors = services.evaluation_errors
    runners = ActionRunners()
    runners.register("email", EmailRunner(database, notifications.notifier, clock, errors))
    runners.register("sms", SmsRunner(notifications.sms, errors))
    runners.register("chat", ChatRunner(notifications.channels, notifications.chats, errors))
    runners.register("command", CommandRunner(commands.executions))
    worker = AlertWorker(log=services.log, database=database, ids=ids, clock=clock, errors=errors)
    # In addition to the outbox: a change made in this process applies immediately, before its event is processed.
    services.directory.follow(worker.device_changed)
    services.seen.subscribe(worker.seen)
    config = settings.alerts
    snoozes = SnoozeService(database=database, trail=trail, ids=ids, clock=clock)
    return Alerts(
        definitions=AlertService(
            database=database,
            plans=services.plans,
            runners=runners,
            rights=notifications.rights,
            trail=trail,
            ids=ids,
            clock=clock,
            config=config,
            on_change=worker.changed,
            errors=errors,
        ),
        occurrences=OccurrenceService(database=database, trail=trail, ids=ids, clock=clock, on_change=worker.changed),
        snoozes=snoozes,
        ends=SnoozeWorker(database, snoozes, services.settled),
        runners=runners,
        previews=PreviewService(
            database=database, telemetry=services.telemetry, connectivity=ConnectivityService(database), clock=clock
        ),
        clock=clock,
        worker=worker,
        errors=errors,
        actions=ActionWorker(
            database=database,
            runners=runners,
            clock=clock,
            settled=services.settled,
            attempts=config.action_attempts,
            keep_days=config.keep_days,
        ),
    )
