"""Builds the services for rules: the use cases, the workers, and the action runners."""

from __future__ import annotations

import msgspec

from penstock.adapters.storage.data_dir import DataDir
from penstock.api.system.metrics import Figure
from penstock.api.v2.rules.routes import RuleEndpoints, VersionEndpoints
from penstock.api.v2.rules.run_routes import HookEndpoints, RehearsalEndpoints, RunEndpoints
from penstock.bootstrap.commands import Commands
from penstock.bootstrap.event_shapes import TRIGGERING
from penstock.bootstrap.notifications import Notifications
from penstock.bootstrap.outbound import Outbound
from penstock.bootstrap.part import Part
from penstock.bootstrap.services import Services
from penstock.core.alerts.raising import RuleAlerts
from penstock.core.expressions.error_counts import EvaluationErrors
from penstock.core.outbound.ports import OutgoingHttp
from penstock.core.rules.definition import (
    ChatAction,
    ClearAlertAction,
    CommandAction,
    EmailAction,
    LabelAction,
    RaiseAlertAction,
    ReadingAction,
    SmsAction,
    WebhookAction,
)
from penstock.core.rules.engine import RuleEngine
from penstock.core.rules.ports import ActionRunners
from penstock.core.rules.runners import CallWebhook, RaiseAlert, SendChat, SendCommand, SendMail, SendSms, SetLabel, WriteReading
from penstock.core.rules.runs import RunService
from penstock.core.rules.service import RuleService
from penstock.core.rules.versions import VersionService
from penstock.core.rules.watch import DeviceFacts
from penstock.settings import Settings
from penstock.workers.rule_rehearsals import Rehearsals
from penstock.workers.rule_runs import RunWorker
from penstock.workers.rules import RuleWorker


class Rules(msgspec.Struct, kw_only=True):
    """The services for rules."""

    rules: RuleService
    versions: VersionService
    runs: RunService
    rehearsals: Rehearsals
    worker: RuleWorker
    runner: RunWorker
    errors: EvaluationErrors

    @property
    def part(self) -> Part:
        """Endpoints, loops, watcher and figures for rules."""
        return Part(
            endpoints=(
                RuleEndpoints(self.rules, self.versions, self.errors),
                VersionEndpoints(self.versions, self.errors),
                RunEndpoints(self.runs),
                RehearsalEndpoints(self.rehearsals),
                HookEndpoints(self.versions),
            ),
            loops={
                "rules": self.worker.run,
                "rule_schedules": self.worker.run_schedule,
                "rule_runs": self.runner.run,
                "rehearsals": self.rehearsals.run,
            },
            watchers=(self.worker.on_event,),
            figures=(
                Figure("rules_lag_readings", "Readings not yet evaluated for rules.", lambda: self.worker.lag),
                Figure("rule_runs", "Runs of rules that ended.", lambda: self.runner.done, counts=True),
            ),
        )


def build_rules(
    services: Services,
    data_dir: DataDir,
    settings: Settings,
    commands: Commands,
    outbound: Outbound,
    notifications: Notifications,
) -> Rules:
    """Build the services for rules. Their loops are not running yet."""
    database, clock, config = services.database, services.clock, settings.rules
    facts = DeviceFacts(database)
    services.directory.subscribe(facts.forget)
    runs = RunService(database=database, trail=services.trail, clock=clock, max_failures=config.max_failures_in_a_row)
    runners = _action_runners(services, settings, commands, outbound.http, notifications)
    errors = services.evaluation_errors
    runner = RunWorker(
        database=database,
        runs=runs,
        runners=runners,
        settled=services.settled,
        config=config,
        errors=errors,
    )
    worker = RuleWorker(
        log=services.log,
        store=services.store,
        database=database,
        engine=RuleEngine(services.ids, config, errors),
        facts=facts,
        runs=runs,
        clock=clock,
        on_runs=runner.wake,
    )
    runner.on_stop = worker.rules_changed  # set here, because each of the two needs the other
    rules = RuleService(
        database=database,
        trail=services.trail,
        ids=services.ids,
        clock=clock,
        config=config,
        targets=outbound.policy,
        on_change=worker.rules_changed,
        errors=errors,
        triggering=TRIGGERING,
    )
    versions = VersionService(
        database=database,
        rules=rules,
        trail=services.trail,
        ids=services.ids,
        clock=clock,
        pepper=data_dir.pepper(),
        last_seq=lambda: services.log.last_seq,
        on_change=worker.rules_changed,
        errors=errors,
    )
    rehearsals = Rehearsals(
        log=services.log, store=services.store, database=database, ids=services.ids, clock=clock, config=config
    )
    return Rules(rules=rules, versions=versions, runs=runs, rehearsals=rehearsals, worker=worker, runner=runner, errors=errors)


def _action_runners(
    services: Services, settings: Settings, commands: Commands, http: OutgoingHttp, notifications: Notifications
) -> ActionRunners:
    alerts = RuleAlerts(ids=services.ids, clock=services.clock, max_per_org=settings.alerts.max_per_org)
    return ActionRunners(
        outside={
            CommandAction: SendCommand(commands.definitions, commands.executions),
            ReadingAction: WriteReading(services.telemetry, services.directory),
            LabelAction: SetLabel(services.devices),
            WebhookAction: CallWebhook(http, services.clock),
            SmsAction: SendSms(notifications.sms),
            ChatAction: SendChat(notifications.chats),
        },
        # These only write rows, so they commit together with the run. The others call services with their own transactions or
        # other servers, which must not happen while the run's transaction holds the one writer.
        inside={
            EmailAction: SendMail(notifications.notifier),
            RaiseAlertAction: RaiseAlert(alerts, clear=False),
            ClearAlertAction: RaiseAlert(alerts, clear=True),
        },
    )
