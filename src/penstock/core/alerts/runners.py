"""The actions that the server executes itself: mails, SMS, chat messages, and commands to devices."""

from __future__ import annotations

import msgspec

from penstock.core.actor import Actor
from penstock.core.alerts.actions import Action, ChatAction, CommandAction, EmailAction, SmsAction
from penstock.core.alerts.jobs import ActionJob
from penstock.core.alerts.store import AlertTransaction
from penstock.core.alerts.templates import short_text, subject, text, title
from penstock.core.commands.errors import DefinitionNotFound
from penstock.core.commands.executions import ExecutionService
from penstock.core.commands.models import ExecutionRequest
from penstock.core.database import OrganizationDatabase
from penstock.core.devices.errors import DeviceNotFound
from penstock.core.expressions.error_counts import EvaluationErrors
from penstock.core.idempotency import IdempotencyKey
from penstock.core.notifications.channels import ChannelService
from penstock.core.notifications.chats import ChatNotifier
from penstock.core.notifications.mails import Notifier
from penstock.core.notifications.models import ChatMessage, Notice, Severity
from penstock.core.notifications.sms import SmsService
from penstock.kit.clock import Clock
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import Prefix, encode


class EmailRunner:
    """Sends mails through the queue of all mail. The mails of a job are queued once."""

    def __init__(
        self,
        database: OrganizationDatabase[AlertTransaction],
        notifier: Notifier,
        clock: Clock,
        errors: EvaluationErrors,
    ) -> None:
        self._errors = errors
        self._database = database
        self._notifier = notifier
        self._clock = clock

    async def check(self, tx: AlertTransaction, action: Action, field: str) -> None:
        """Nothing to look up: decoding has already validated the addresses."""

    async def run(self, job: ActionJob) -> None:
        assert isinstance(job.action, EmailAction)
        key, event = _once(job), job.event
        notice = Notice(
            subject=subject(job, self._errors), text=text(job, self._errors), severity=Severity(event.severity), prompt=event.test
        )
        async with self._database.transaction(job.org_id) as tx:
            if await tx.idempotency.find(0, key):
                return
            for address in job.action.to:
                await self._notifier.mail(tx, job.org_id, address, notice)
            await tx.idempotency.keep(0, key, b"1", self._clock.now_us())


class SmsRunner:
    """Sends an SMS to each number. The message ids are the same in every attempt."""

    def __init__(self, sms: SmsService, errors: EvaluationErrors) -> None:
        self._sms = sms
        self._errors = errors

    async def check(self, tx: AlertTransaction, action: Action, field: str) -> None:
        """Nothing to look up: decoding has already validated the numbers."""

    async def run(self, job: ActionJob) -> None:
        assert isinstance(job.action, SmsAction)
        # The test of an alert without devices has the id 0.
        device_id = job.event.device_id or None
        await self._sms.send(job.org_id, device_id, f"alert job {job.id:x}", job.action.to, short_text(job, self._errors))


class ChatRunner:
    """Notifies a chat channel, in a storm by one message for many. After a crash in the middle of a post, it may appear twice."""

    def __init__(self, channels: ChannelService, chats: ChatNotifier, errors: EvaluationErrors) -> None:
        self._channels = channels
        self._chats = chats
        self._errors = errors

    async def check(self, tx: AlertTransaction, action: Action, field: str) -> None:
        assert isinstance(action, ChatAction)
        if await tx.channels.find_by_name(action.channel) is None:
            raise InvalidInput.field(f"{field}.channel", "must be the name of a chat channel of the organisation", "unknown")

    async def run(self, job: ActionJob) -> None:
        assert isinstance(job.action, ChatAction)
        message = ChatMessage(title=title(job), text=text(job, self._errors), severity=Severity(job.event.severity))
        # The test of an alert is neither counted nor delayed.
        if job.event.test:
            await self._channels.send(job.org_id, job.action.channel, message)
        else:
            await self._chats.notify(job.org_id, job.action.channel, message)


class CommandRunner:
    """Requests a command from a device, once per job."""

    def __init__(self, executions: ExecutionService) -> None:
        self._executions = executions

    async def check(self, tx: AlertTransaction, action: Action, field: str) -> None:
        assert isinstance(action, CommandAction)
        if await tx.commands.find(action.definition_id) is None:
            raise DefinitionNotFound(definition_id=encode(Prefix.DEFINITION, action.definition_id))
        if action.device_id is not None and await tx.devices.find_ref(action.device_id) is None:
            raise DeviceNotFound(device_id=encode(Prefix.DEVICE, action.device_id))

    async def run(self, job: ActionJob) -> None:
        action = job.action
        assert isinstance(action, CommandAction)
        device_id = job.event.device_id if action.device_id is None else action.device_id
        actor = msgspec.structs.replace(Actor.system(job.org_id), chain=job.event.chain)
        requested = ExecutionRequest(definition_id=action.definition_id, parameters=action.parameters)
        await self._executions.execute(actor, device_id, requested, _once(job))


def _once(job: ActionJob) -> IdempotencyKey:
    return IdempotencyKey(key=f"alert-job-{job.id}", fingerprint=b"alert-job")
