"""No rule feeds itself: every kind of action, triggering by every kind of trigger, alone and back and forth between two rules."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, get_args

import httpx
import msgspec
import pytest

from penstock.bootstrap.event_shapes import STRUCTS, TRIGGERING
from penstock.core.alerts.conditions import NoData, Threshold
from penstock.core.alerts.models import NewAlert
from penstock.core.alerts.models import Target as AlertTarget
from penstock.core.devices.models import DevicePatch
from penstock.core.rules.definition import (
    Action,
    ChatAction,
    ClearAlertAction,
    CommandAction,
    ConnectivityTrigger,
    EmailAction,
    EventTrigger,
    HookTrigger,
    LabelAction,
    RaiseAlertAction,
    ReadingAction,
    ReadingTrigger,
    ScheduleTrigger,
    SmsAction,
    Trigger,
    WebhookAction,
    name_of,
)
from penstock.core.rules.models import Outcome, Rule, Run
from penstock.core.telemetry.chains import CHAIN_HEADER
from penstock.kit.clock import SECOND_US
from penstock.kit.ids import Prefix, RuleId, encode
from tests.security.table import operations
from tests.support.commands import open_site
from tests.support.server import running_server
from tests.support.waiting import awaited
from tests.workers.test_rules import HeldClock, Stage

ROUNDS = 80
"""More than any chain has steps; what feeds itself never comes to rest."""
RAISE, CLEAR = RaiseAlertAction(name="Loud", text="{{ now }}"), ClearAlertAction(name="Loud")
ACTIONS: dict[type[Action], tuple[Action, ...]] = {
    CommandAction: (CommandAction(command="restart"),),
    WebhookAction: (WebhookAction(url="https://hooks.invalid/"),),
    EmailAction: (EmailAction(to=("ada@example.org",), subject="{{ now }}", text="{{ now }}"),),
    SmsAction: (SmsAction(to=("+4915112345678",), text="{{ now }}"),),
    ChatAction: (ChatAction(channel="none", text="{{ now }}"),),
    LabelAction: (LabelAction(key="state", value="{{ now }}"),),
    ReadingAction: (ReadingAction(key="t", value="99.0"),),
    RaiseAlertAction: (RAISE, CLEAR),
    ClearAlertAction: (CLEAR, RAISE),
}
TRIGGERS: dict[type[Trigger], Trigger] = {
    ReadingTrigger: ReadingTrigger(),
    ConnectivityTrigger: ConnectivityTrigger(),
    EventTrigger: EventTrigger(topics=tuple(sorted({f"{name.split('.')[0]}.*" for name in TRIGGERING} - {"rule.*"}))),
    HookTrigger: HookTrigger(),
}


class Loop(Stage):
    """A stage whose workers go until nothing is left to do."""

    async def watch(self) -> None:
        """An alert that the readings of rules raise and clear, and one of silence, which they must not end."""
        target = AlertTarget(devices=(self.device_id,))
        definitions = self.site.server.parts.alerts.definitions
        hot = NewAlert(name="Hot", target=target, condition=Threshold("t", ">", 50))
        silent = NewAlert(name="Silent", target=target, condition=NoData(after_us=3600 * SECOND_US))
        for new in (hot, silent):
            await definitions.create(self.site.actor, new)

    async def settle(self) -> int:
        """Returns after how many rounds all workers had nothing to do twice."""
        idle = 0
        parts, workers = self.site.server.parts, self.site.server.workers
        for number in range(ROUNDS):
            self.clock.at_us += 2 * SECOND_US
            busy = bool(await workers.observer.step()) or bool(await workers.outbox.step())
            busy |= self.rules.worker.lag > 0 or parts.alerts.worker.lag > 0 or workers.observer.lag > 0
            for step in (self.rules.worker.step, self.rules.runner.step, parts.alerts.worker.step):
                busy |= bool(await step())
            idle = 0 if busy else idle + 1
            if idle == 2:
                return number
        raise AssertionError(f"it still goes on after {ROUNDS} rounds")

    def on_device(self, trigger: Trigger, actions: tuple[Action, ...]) -> tuple[Action, ...]:
        """The actions, on a named device if a hook triggers them, because it has none."""
        if not isinstance(trigger, HookTrigger):
            return actions
        named = {"device_id": encode(Prefix.DEVICE, self.device_id)}
        return tuple(msgspec.structs.replace(one, **named) if hasattr(one, "device_id") else one for one in actions)

    async def stimulate(self, trigger: Trigger, rules: list[Rule]) -> None:
        match trigger:
            case ReadingTrigger() | ConnectivityTrigger():
                await self.say(1)
            case HookTrigger():
                for rule in rules:
                    hook = await self.rules.versions.new_hook(self.site.actor, rule.id)
                    await self.rules.versions.call_hook(hook.hook_id, hook.secret, {})
            case _:
                await self.site.server.devices.update(self.site.actor, self.device_id, DevicePatch(name="Renamed"))

    async def caused(self, rule: Rule) -> list[Run]:
        """The runs of a rule, except those that it would have caused itself."""
        return [run for run in await self.runs(rule) if "it triggers itself" not in run.reason]


@pytest.fixture
async def loop(tmp_path: Path) -> AsyncIterator[Loop]:
    clock = HeldClock()
    async with open_site(tmp_path, clock, run_workers=False) as site:
        device = await site.add_device()
        await site.define(device)
        made = Loop(site, clock, device.id)
        await made.watch()
        await made.settle()
        yield made


def test_every_kind_of_action_and_trigger_is_here() -> None:
    assert set(ACTIONS) == set(get_args(Action))
    assert set(TRIGGERS) == set(get_args(Trigger)) - {ScheduleTrigger}, "nothing but the clock causes a schedule"


@pytest.mark.parametrize("trigger", TRIGGERS.values(), ids=lambda one: type(one).__name__)
@pytest.mark.parametrize("actions", ACTIONS.values(), ids=lambda one: name_of(one[0]))
async def test_what_a_rule_causes_does_not_run_it_again(loop: Loop, trigger: Trigger, actions: tuple[Action, ...]) -> None:
    rule = await loop.rule(trigger, *loop.on_device(trigger, actions))
    await loop.stimulate(trigger, [rule])
    await loop.settle()
    assert len(await loop.caused(rule)) == 1


@pytest.mark.parametrize("trigger", TRIGGERS.values(), ids=lambda one: type(one).__name__)
@pytest.mark.parametrize("actions", ACTIONS.values(), ids=lambda one: name_of(one[0]))
async def test_two_rules_do_not_run_one_another_for_ever(loop: Loop, trigger: Trigger, actions: tuple[Action, ...]) -> None:
    actions = loop.on_device(trigger, actions)
    there, back = await loop.rule(trigger, *actions), await loop.rule(trigger, *actions)
    await loop.stimulate(trigger, [there, back])
    await loop.settle()
    runs = [*await loop.runs(there), *await loop.runs(back)]
    assert max(len(run.chain) for run in runs) <= 3, "there, back, and what would be there again"


async def test_the_run_that_was_skipped_says_why_and_the_rule_goes_on(loop: Loop) -> None:
    rule = await loop.rule(TRIGGERS[EventTrigger], *ACTIONS[LabelAction])
    for name in ("first", "second"):
        await loop.site.server.devices.update(loop.site.actor, loop.device_id, DevicePatch(name=name))
        await loop.settle()
    own = encode(Prefix.RULE, rule.id)
    assert [(run.outcome, run.reason) for run in await loop.runs(rule)] == [
        (Outcome.SKIPPED, f"it triggers itself: {own} → {own}"),
        (Outcome.DONE, ""),
    ] * 2
    assert (await loop.look(rule)).state == "running"


async def test_a_derived_reading_is_no_sign_of_life(loop: Loop) -> None:
    of_device = encode(Prefix.DEVICE, loop.device_id)
    rule = await loop.rule(HookTrigger(), ReadingAction(key="t", value="1.0", device_id=of_device))
    await loop.stimulate(TRIGGERS[HookTrigger], [rule])
    await loop.settle()
    (run,) = await loop.runs(rule)
    assert run.outcome is Outcome.DONE
    device = await loop.site.server.devices.get(loop.site.actor, loop.device_id)
    shown = loop.site.server.latest.with_last_seen(device)
    assert shown.last_seen_us is None


def test_a_webhook_that_calls_the_server_continues_the_chain(tmp_path: Path) -> None:
    """A rule on a hook raises an alert, and the webhook of its event calls the hook: over HTTP, with a real server."""
    environment = {"PENSTOCK_OUTBOUND_ALLOWED_TARGETS": "127.0.0.0/8"}
    with (
        running_server(tmp_path / "data", orgs=("Acme",), environment=environment) as server,
        server.client(server.orgs["Acme"]) as api,
    ):
        device = api.post("/api/v2/devices", json={"name": "Pump"}).json()["device"]["id"]
        loud = {"name": "Loud", "device_id": device}
        actions = [loud | {"type": "raise_alert", "text": "again"}, loud | {"type": "clear_alert"}]
        made = {"name": "Echo", "definition": {"trigger": {"type": "hook"}, "actions": actions}}
        rule = api.post("/api/v2/rules", json=made).raise_for_status().json()
        api.post(f"/api/v2/rules/{rule['id']}/versions/{rule['newest']['id']}/deploy").raise_for_status()
        hook = api.post(f"/api/v2/rules/{rule['id']}/hook").json()
        secret = {"X-Hook-Secret": hook["secret"]}
        endpoint = {"url": server.base_url + hook["path"], "topics": ["alert.raised"], "headers": secret}
        api.post("/api/v2/webhooks", json=endpoint).raise_for_status()
        api.post(hook["path"], json={}, headers=secret).raise_for_status()
        runs = f"/api/v2/rules/{rule['id']}/executions"
        skipped = awaited(lambda: api.get(runs, params={"outcome": "skipped"}).json()["data"])
        assert skipped[0]["reason"] == f"it triggers itself: {rule['id']} → {rule['id']}"
        assert [one["outcome"] for one in api.get(runs).json()["data"]] == ["skipped", "done"]


class Sites:
    """A device, and two rules over HTTP that answer an alert's events with labels by which the alert watches the device."""

    def __init__(self, api: httpx.Client, condition: dict[str, Any]) -> None:
        self.api = api
        self.device: str = api.post("/api/v2/devices", json={"name": "Pump"}).json()["device"]["id"]
        alert = {"name": "Watched", "target": {"labels": {"watched": self.device}}, "condition": condition}
        api.post("/api/v2/alerts", json=alert).raise_for_status()
        self.unwatch = self.rule("alert.raised", {"type": "label", "key": "watched", "value": "no"})
        self.watch = self.rule(
            "alert.cleared",
            {"type": "label", "key": "watched", "value": self.device},
            {"type": "reading", "key": "t", "value": "9.0"},
        )

    def rule(self, topic: str, *actions: dict[str, Any]) -> str:
        trigger = {"type": "event", "topics": [topic], "device_ids": [self.device]}
        return deployed(self.api, f"{topic} {self.device}", {"trigger": trigger, "actions": actions})

    def begin(self) -> None:
        labels = {"labels": {"watched": self.device}}
        self.api.patch(f"/api/v2/devices/{self.device}", json=labels).raise_for_status()

    def outcomes(self, rule: str) -> list[str]:
        return [run["outcome"] for run in self.api.get(f"/api/v2/rules/{rule}/executions").json()["data"]]


def deployed(api: httpx.Client, name: str, definition: dict[str, Any]) -> str:
    """The id of a new rule that runs."""
    made = api.post("/api/v2/rules", json={"name": name, "definition": definition}).raise_for_status().json()
    api.post(f"/api/v2/rules/{made['id']}/versions/{made['newest']['id']}/deploy").raise_for_status()
    return str(made["id"])


@pytest.mark.parametrize(
    "condition",
    [{"type": "threshold", "field": "t", "operator": ">", "value": 6}, {"type": "no_data", "after_s": 1}],
    ids=lambda one: one["type"],
)
def test_labels_that_begin_and_end_an_alert_continue_the_chain(api: httpx.Client, condition: dict[str, Any]) -> None:
    sites = Sites(api, condition)
    sites.begin()
    if condition["type"] == "threshold":
        api.post(f"/api/v2/devices/{sites.device}/telemetry", json={"data": {"t": 9}}).raise_for_status()
    awaited(lambda: "skipped" in sites.outcomes(sites.unwatch) or len(sites.outcomes(sites.unwatch)) > 6)
    assert sites.outcomes(sites.unwatch).count("done") == 1
    assert sites.outcomes(sites.watch) == ["done"]


def test_a_reading_that_a_rule_sends_to_the_server_continues_the_chain(tmp_path: Path) -> None:
    environment = {"PENSTOCK_OUTBOUND_ALLOWED_TARGETS": "127.0.0.0/8"}
    with (
        running_server(tmp_path / "data", orgs=("Acme",), environment=environment) as server,
        server.client(server.orgs["Acme"]) as api,
    ):
        made = api.post("/api/v2/devices", json={"name": "Pump"}).json()
        device, token = made["device"]["id"], made["access_token"]
        sent = {"device_id": device, "access_token": token, "data": {"t": 1}}
        call = {"type": "webhook", "url": server.base_url + "/api/devices/ingest", "body": json.dumps(sent)}
        rule = deployed(api, "Echo", {"trigger": {"type": "reading"}, "actions": [call]})
        api.post(f"/api/v2/devices/{device}/telemetry", json={"data": {"t": 0}}).raise_for_status()
        stopped = awaited(lambda: (one := api.get(f"/api/v2/rules/{rule}").json())["state"] == "force_stopped" and one)
        assert stopped["reason"] == f"it triggers itself: {rule} → {rule}"
        readings = api.get(f"/api/v2/devices/{device}/telemetry").json()["data"]
        assert [(one["kind"], one["channel"]) for one in readings] == [("derived", rule), ("telemetry", None)]


EUI = "0011223344c4a1f0"
UPLINK = {"deviceInfo": {"devEui": EUI}, "object": {"consumption_m3": 1}}
DOORS: dict[str, Callable[[dict[str, str]], Any]] = {
    "/api/v2/devices/{device_id}/telemetry": lambda _: {"data": {"t": 1}, "channel": "own", "kind": "status"},
    "/api/v2/telemetry": lambda _: [{"device": EUI, "data": {"t": 1}}],
    "/api/v2/ingest/{connection_id}": lambda _: UPLINK | {"deduplicationId": "1"},
    "/api/v1/ingest/water-consumption": lambda _: UPLINK | {"deduplicationId": "2"},
    "/api/devices/ingest": lambda ids: ids | {"data": {"t": 1}},
}
"""The path of every call that stores readings, with a body."""


def test_every_call_that_stores_readings_is_here() -> None:
    by_key = {one.path for one in operations() if one.scope == "telemetry:write"}
    by_token = {one.path for one in operations() if one.device_token and "/commands" not in one.path}
    assert by_key | by_token == DOORS.keys()


def test_every_call_that_stores_readings_continues_the_chain(api: httpx.Client) -> None:
    chain = encode(Prefix.RULE, RuleId(5))
    identifiers = [{"kind": "eui", "value": EUI}]
    made = api.post("/api/v2/devices", json={"name": "Pump", "identifiers": identifiers}).raise_for_status().json()
    connection = api.post("/api/v2/connections", json={"name": "Server", "type": "chirpstack"}).raise_for_status().json()
    ids = {"device_id": made["device"]["id"], "access_token": made["access_token"]}
    for path, body in DOORS.items():
        at = path.format(**ids, connection_id=connection["connection"]["id"])
        answer = api.post(at, json=body(ids), headers={CHAIN_HEADER: chain})
        assert answer.status_code in (200, 201), (path, answer.text)
    readings = api.get(f"/api/v2/devices/{ids['device_id']}/telemetry").json()["data"]
    assert [(one["kind"], one["channel"]) for one in readings] == [("derived", chain)] * len(DOORS)


WITHOUT_CHAIN = {
    "device.online": "devices connect and report; a derived reading is no sign of life",
    "device.offline": "devices disconnect and fall silent",
    "billing.subscription.created": "an operator sets plans",
    "billing.subscription.updated": "an operator sets plans",
    "billing.subscription.canceled": "an operator sets plans, or one expires",
    "billing.statement.created": "a month ended",
    "invoice.created": "a person closes periods, or one ended",
    "invoice.paid": "a person records payments",
    "invoice.cancelled": "a person cancels",
    "invoice.held": "a person closes periods, or one ended",
    "sms.inbound": "somebody else sends",
    "mail.inbound": "somebody else sends",
    "sms.delivery_status": "a provider reports; no rule is triggered by it",
    "token.permission.changed": "a person grants and revokes, or a grant ends",
}
"""Events that no rule can cause, and why."""


def test_every_event_that_a_rule_can_cause_carries_its_chain() -> None:
    without = {topic for topic, body in STRUCTS.items() if "chain" not in body.__struct_fields__}
    assert without == WITHOUT_CHAIN.keys()
