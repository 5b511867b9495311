"""The actions that the server carries out by itself: mails, and commands to devices."""

from __future__ import annotations

from penstock.core.actor import Actor
from penstock.core.alerts.actions import Action, CommandAction, EmailAction
from penstock.core.alerts.events import CLEARED, ESCALATED, AlertMoved
from penstock.core.alerts.jobs import ActionJob
from penstock.core.commands.errors import DefinitionNotFound
from penstock.core.commands.executions import ExecutionService
from penstock.core.commands.models import ExecutionRequest
from penstock.core.devices.errors import DeviceNotFound
from penstock.core.idempotency import IdempotencyKey
from penstock.core.people.mail import Post
from penstock.core.ports import Database, Transaction
from penstock.kit.clock import DAY_US, Clock, format_seconds
from penstock.kit.ids import Prefix, encode


class EmailRunner:
    """Mails by the queue of all mail. The mails of a job are queued once."""

    def __init__(self, database: Database, post: Post, clock: Clock) -> None:
        self._database = database
        self._post = post
        self._clock = clock

    async def check(self, tx: Transaction, action: Action, field: str) -> None:
        """Nothing to look up: addresses have their form."""

    async def run(self, job: ActionJob) -> None:
        assert isinstance(job.action, EmailAction)
        key, now_us = _once(job), self._clock.now_us()
        async with self._database.transaction(job.org_id) as tx:
            if await tx.idempotency.find(0, key):
                return
            for address in job.action.to:
                await self._post.notify(tx, job.org_id, address, subject(job), text(job), now_us + DAY_US)
            await tx.idempotency.keep(0, key, b"1", now_us)


class CommandRunner:
    """Asks a device to do a command, once per job."""

    def __init__(self, executions: ExecutionService) -> None:
        self._executions = executions

    async def check(self, tx: Transaction, action: Action, field: str) -> None:
        assert isinstance(action, CommandAction)
        if await tx.commands.find(action.definition_id) is None:
            raise DefinitionNotFound(definition_id=encode(Prefix.DEFINITION, action.definition_id))
        if action.device_id is not None and await tx.devices.find_ref(action.device_id) is None:
            raise DeviceNotFound(device_id=encode(Prefix.DEVICE, action.device_id))

    async def run(self, job: ActionJob) -> None:
        action = job.action
        assert isinstance(action, CommandAction)
        device_id = job.event.device_id if action.device_id is None else action.device_id
        wanted = ExecutionRequest(definition_id=action.definition_id, parameters=action.parameters)
        await self._executions.execute(Actor.system(job.org_id), device_id, wanted, _once(job))


def subject(job: ActionJob) -> str:
    """Severity in brackets, the alert, a dash, the device. Source: SiliconWit's page on alerts."""
    event = job.event
    what = {CLEARED: "Cleared: ", ESCALATED: "Not acknowledged: "}.get(job.topic, "")
    test = "Test: " if event.test else ""
    return " ".join(f"[{event.severity.upper()}] {test}{what}{event.name} - {event.device_name}".split())[:200]


def text(job: ActionJob) -> str:
    """What a mail says."""
    event = job.event
    lines = [
        *(["This is a test: nothing was raised.", ""] if event.test else []),
        f"Alert: {event.name}",
        f"Device: {event.device_name}",
        f"Condition: {event.condition}",
        *([] if event.value is None else [f"Value: {event.value}"]),
        f"Raised: {format_seconds(event.raised_us)}",
        f"Now: {event.state}{_reason(event)}",
        f"Event: {encode(Prefix.EVENT, event.event_id)}",
    ]
    return "\n".join(lines) + "\n"


def _reason(event: AlertMoved) -> str:
    return f" ({event.reason})" if event.reason else ""


def _once(job: ActionJob) -> IdempotencyKey:
    return IdempotencyKey(key=f"alert-job-{job.id}", fingerprint=b"alert-job")
