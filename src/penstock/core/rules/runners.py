"""The runners and writers of all action types."""

from __future__ import annotations

import msgspec

from penstock.core.actor import Actor, ActorKind
from penstock.core.alerts.models import severity_of
from penstock.core.alerts.raising import AlertRequest, RuleAlerts
from penstock.core.commands.definitions import DefinitionService
from penstock.core.commands.executions import ExecutionService
from penstock.core.commands.models import ExecutionRequest, State
from penstock.core.devices.directory import DeviceDirectory
from penstock.core.devices.service import DeviceService
from penstock.core.idempotency import IdempotencyKey
from penstock.core.notifications.chats import ChatNotifier
from penstock.core.notifications.mails import Notifier
from penstock.core.notifications.models import ChatMessage, Notice
from penstock.core.notifications.sms import SmsService
from penstock.core.outbound.ports import OutgoingCall, OutgoingHttp
from penstock.core.rules.ports import Act, ActionFailed
from penstock.core.rules.reach import MAX_LABEL_KEY, MAX_LABEL_VALUE
from penstock.core.rules.store import RuleTransaction
from penstock.core.telemetry.chains import CHAIN_HEADER, chain_text
from penstock.core.telemetry.models import KIND_DERIVED, NewReading, Source
from penstock.core.telemetry.service import TelemetryService
from penstock.kit.clock import Clock
from penstock.kit.ids import Prefix, Seq, encode

MAX_MESSAGE = 4_000
"""Maximum characters of an alert's message."""


def actor_of(act: Act) -> Actor:
    """The actor of a rule's actions: the system, under the rule's name. The id separates the idempotency keys of rules."""
    return Actor(
        org_id=act.run.org_id, kind=ActorKind.SYSTEM, id=act.run.rule_id, name=f"rule {act.rule_name}", chain=act.run.chain
    )


class SendCommand:
    """Requests a command, by name, from a device. The same act requests it once."""

    def __init__(self, definitions: DefinitionService, executions: ExecutionService) -> None:
        self._definitions = definitions
        self._executions = executions

    async def run(self, act: Act) -> str:
        actor, name = actor_of(act), act.fields["command"]
        known = await self._definitions.list_for_device(actor, act.device)
        found = next((one for one in known if one.name == name), None)
        if found is None:
            raise ActionFailed(reason=f"the device has no command {name}")
        requested = ExecutionRequest(definition_id=found.id, parameters=act.fields.get("parameters", {}))
        execution = await self._executions.execute(actor, act.device, requested, _once(act))
        if execution.state is State.FAILED and not execution.hand_outs:  # nothing can deliver it
            raise ActionFailed(reason=execution.reason)
        return encode(Prefix.EXECUTION, execution.id)


class WriteReading:
    """Writes a derived reading to the log, at the time of the trigger. The same act writes the same reading."""

    def __init__(self, telemetry: TelemetryService, directory: DeviceDirectory) -> None:
        self._telemetry = telemetry
        self._directory = directory

    async def run(self, act: Act) -> str:
        reading = NewReading(
            await self._directory.get(act.run.org_id, act.device),
            msgspec.json.encode({act.fields["key"]: act.fields["value"]}),
            time_us=act.run.at_us,
            kind=KIND_DERIVED,
            channel=chain_text(act.run.chain),
            dedupe_key=f"rule act {act.id}",
            source=Source.RULE,
        )
        stored = await self._telemetry.ingest([reading])
        return encode(Prefix.READING, stored[0].seq)


class SetLabel:
    """Sets a label of a device without replacing its other labels. The same act sets it once."""

    def __init__(self, devices: DeviceService) -> None:
        self._devices = devices

    async def run(self, act: Act) -> str:
        actor, key, value = actor_of(act), act.fields["key"], act.fields["value"]
        if len(key) > MAX_LABEL_KEY or len(value) > MAX_LABEL_VALUE:
            reason = f"a label must have a key of at most {MAX_LABEL_KEY} characters and a value of at most {MAX_LABEL_VALUE}"
            raise ActionFailed(reason=reason)
        await self._devices.set_label(actor, act.device, key, value, _once(act))
        return f"{key}={value}"


class CallWebhook:
    """Posts to a URL through the guarded client. A repeated `Webhook-Id` tells the receiver that it already has the message."""

    def __init__(self, http: OutgoingHttp, clock: Clock) -> None:
        self._http = http
        self._clock = clock

    async def run(self, act: Act) -> str:
        rule = {"id": encode(Prefix.RULE, act.run.rule_id), "name": act.rule_name, "version": act.run.number}
        facts = act.run.inputs | {"rule": rule, "run_id": encode(Prefix.RUN, act.run.id), "cause": act.run.cause}
        body = act.fields["body"].encode() if act.fields.get("body") else msgspec.json.encode(facts)
        headers = (
            ("Content-Type", "application/json"),
            ("User-Agent", "Penstock"),
            ("Webhook-Id", act.id),
            ("Webhook-Timestamp", str(self._clock.now_us() // 1_000_000)),
            (CHAIN_HEADER, chain_text(act.run.chain)),
        )
        answer = await self._http.send(OutgoingCall(url=act.fields["url"], headers=headers, body=body))
        if not 200 <= answer.status < 300:
            raise ActionFailed(reason=f"the receiver answered with status {answer.status}")
        return str(answer.status)


class SendSms:
    """Sends an SMS to each number. The message ids are the same when the act is repeated."""

    def __init__(self, sms: SmsService) -> None:
        self._sms = sms

    async def run(self, act: Act) -> str:
        count = await self._sms.send(act.run.org_id, act.device_id, act.id, act.fields["to"], act.fields["text"])
        return f"{count} sent"


class SendChat:
    """Notifies a chat channel, in a storm by one message for many. After a crash in the middle of a post, it may appear twice."""

    def __init__(self, chats: ChatNotifier) -> None:
        self._chats = chats

    async def run(self, act: Act) -> str:
        severity = severity_of(act.fields.get("severity", "info"))
        message = ChatMessage(title=act.rule_name, text=act.fields["text"], severity=severity)
        posted = await self._chats.notify(act.run.org_id, act.fields["channel"], message)
        return f"{'posted' if posted else 'delayed'} in {act.fields['channel']}"


class SendMail:
    """Queues a mail to each address, in the transaction that records that it is done. Quiet hours and digests can delay it."""

    def __init__(self, notifier: Notifier) -> None:
        self._notifier = notifier

    async def write(self, tx: RuleTransaction, act: Act) -> str:
        severity = severity_of(act.fields.get("severity", "medium"))
        notice = Notice(subject=act.fields["subject"], text=act.fields["text"], severity=severity)
        now = [await self._notifier.mail(tx, act.run.org_id, address, notice) for address in act.fields["to"]]
        waiting = f", {now.count(False)} delayed" if False in now else ""
        return f"{now.count(True)} queued{waiting}"


class RaiseAlert:
    """Raises an alert for the device, or clears it, in the transaction that records it. The same act does so once."""

    def __init__(self, alerts: RuleAlerts, *, clear: bool) -> None:
        self._alerts = alerts
        self._clear = clear

    async def write(self, tx: RuleTransaction, act: Act) -> str:
        cause, _, seq = act.run.cause.partition(":")
        request = AlertRequest(
            act=act.id,
            rule_id=act.run.rule_id,
            run_id=act.run.id,
            name=act.fields["name"],
            device_id=act.device,
            time_us=act.run.at_us,
            severity=severity_of(act.fields.get("severity", "medium")),
            message=act.fields.get("text", "")[:MAX_MESSAGE],
            value=act.fields.get("value"),
            seq=Seq(int(seq)) if cause == "reading" else None,
            chain=act.run.chain,
        )
        if self._clear:
            found = await self._alerts.clear_for(tx, act.run.org_id, request)
            return encode(Prefix.EVENT, found.id) if found else "no open alert event"
        found = await self._alerts.raise_for(tx, act.run.org_id, request)
        if found is None:
            return "not raised: the alert is disabled, or the device is in maintenance"
        return encode(Prefix.EVENT, found.id) + ("" if found.act == act.id else ": already raised")


def _once(act: Act) -> IdempotencyKey:
    """The idempotency key of an act."""
    return IdempotencyKey(key=f"rule act {act.id}", fingerprint=act.id.encode())
