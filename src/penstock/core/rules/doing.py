"""Those who do the actions that nouns of the core and the outside offer. Alerts bring their own."""

from __future__ import annotations

import msgspec

from penstock.core.actor import Actor, ActorKind
from penstock.core.commands.definitions import DefinitionService
from penstock.core.commands.executions import ExecutionService
from penstock.core.commands.models import ExecutionRequest
from penstock.core.devices.directory import DeviceDirectory
from penstock.core.devices.service import DeviceService
from penstock.core.idempotency import IdempotencyKey
from penstock.core.outbound.ports import OutgoingCall, OutgoingHttp
from penstock.core.people.mail import Post
from penstock.core.ports import Transaction
from penstock.core.rules.ports import Act, ActionFailed, SmsSender
from penstock.core.rules.situations import chain_text
from penstock.core.telemetry.models import KIND_DERIVED, NewReading, Source
from penstock.core.telemetry.service import TelemetryService
from penstock.kit.clock import DAY_US, Clock
from penstock.kit.ids import Prefix, encode

ALERT_REQUESTED = "alert.requested"
"""The topic by which rules ask for alerts. Whoever keeps alerts follows it; the entry's subject is the run."""


class AlertRequested(msgspec.Struct, frozen=True, kw_only=True):
    """A rule asks to raise an alert, or to clear it. `act_id` is stable: the same twice is one request."""

    act_id: str
    clear: bool
    rule_id: int
    device_id: int | None
    name: str
    severity: str
    text: str
    chain: tuple[int, ...]
    at_us: int


def actor_of(act: Act) -> Actor:
    """Who does what a rule does: the program, under the rule's name. The id keeps the answers of its requests apart."""
    return Actor(org_id=act.run.org_id, kind=ActorKind.SYSTEM, id=act.run.rule_id, name=f"rule {act.rule_name}")


class SendCommand:
    """Asks a device to do a command, named as the device understands it. The same act asks once."""

    def __init__(self, definitions: DefinitionService, executions: ExecutionService) -> None:
        self._definitions = definitions
        self._executions = executions

    async def do(self, act: Act) -> str:
        actor, name = actor_of(act), act.fields["command"]
        known = await self._definitions.list_for_device(actor, act.device)
        found = next((one for one in known if one.name == name), None)
        if found is None:
            raise ActionFailed(reason=f"the device knows no command {name}")
        wanted = ExecutionRequest(definition_id=found.id, parameters=act.fields.get("parameters", {}))
        return encode(Prefix.EXECUTION, (await self._executions.execute(actor, act.device, wanted, _once(act))).id)


class WriteReading:
    """Writes a derived value into the log, at the time of what caused it. The same act is the same reading."""

    def __init__(self, telemetry: TelemetryService, directory: DeviceDirectory) -> None:
        self._telemetry = telemetry
        self._directory = directory

    async def do(self, act: Act) -> str:
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
    """Sets a label of a device, beside whatever else changes its labels. The same act sets it once."""

    def __init__(self, devices: DeviceService) -> None:
        self._devices = devices

    async def do(self, act: Act) -> str:
        actor, key, value = actor_of(act), act.fields["key"], act.fields["value"]
        if len(key) > 64 or len(value) > 256:
            raise ActionFailed(reason="a label has a key of at most 64 characters and a value of at most 256")
        await self._devices.set_label(actor, act.device, key, value, _once(act))
        return f"{key}={value}"


class CallWebhook:
    """Posts to a URL through the guarded client. A receiver that gets the same `Webhook-Id` twice has it already."""

    def __init__(self, http: OutgoingHttp, clock: Clock) -> None:
        self._http = http
        self._clock = clock

    async def do(self, act: Act) -> str:
        rule = {"id": encode(Prefix.RULE, act.run.rule_id), "name": act.rule_name, "version": act.run.number}
        told = act.run.inputs | {"rule": rule, "run_id": encode(Prefix.RUN, act.run.id), "cause": act.run.cause}
        body = act.fields["body"].encode() if act.fields.get("body") else msgspec.json.encode(told)
        headers = (
            ("Content-Type", "application/json"),
            ("User-Agent", "Penstock"),
            ("Webhook-Id", act.id),
            ("Webhook-Timestamp", str(self._clock.now_us() // 1_000_000)),
        )
        answer = await self._http.send(OutgoingCall(url=act.fields["url"], headers=headers, body=body))
        if not 200 <= answer.status < 300:
            raise ActionFailed(reason=f"the receiver answered {answer.status}")
        return str(answer.status)


class SendSms:
    """Sends an SMS to each number."""

    def __init__(self, sms: SmsSender) -> None:
        self._sms = sms

    async def do(self, act: Act) -> str:
        for at, number in enumerate(act.fields["to"]):
            await self._sms.send(f"{act.id}.{at}", number, act.fields["text"])
        return f"{len(act.fields['to'])} sent"


class SendMail:
    """Queues a mail to each address, together with the note that it is done."""

    def __init__(self, post: Post, clock: Clock) -> None:
        self._post = post
        self._clock = clock

    async def write(self, tx: Transaction, act: Act) -> str:
        expires_us = self._clock.now_us() + DAY_US
        for address in act.fields["to"]:
            await self._post.notify(tx, act.run.org_id, address, act.fields["subject"], act.fields["text"], expires_us)
        return f"{len(act.fields['to'])} queued"


class RequestAlert:
    """Asks for an alert by an event of the outbox."""

    def __init__(self, *, clear: bool) -> None:
        self._clear = clear

    async def write(self, tx: Transaction, act: Act) -> str:
        wanted = AlertRequested(
            act_id=act.id,
            clear=self._clear,
            rule_id=act.run.rule_id,
            device_id=act.device_id,
            name=act.fields["name"],
            severity=act.fields.get("severity", "medium"),
            text=act.fields.get("text", ""),
            chain=act.run.chain,
            at_us=act.run.at_us,
        )
        await tx.outbox.add(ALERT_REQUESTED, act.run.id, wanted)
        return str(act.fields["name"])


def _once(act: Act) -> IdempotencyKey:
    """The name under which an act is asked for, however often."""
    return IdempotencyKey(key=f"rule act {act.id}", fingerprint=act.id.encode())
