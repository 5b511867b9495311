"""What webhooks tell of alerts, rules and plans; and what they do not tell."""

from __future__ import annotations

import json
from pathlib import Path

from penstock.core.alerts.conditions import Threshold
from penstock.core.alerts.events import TOPICS as ALERT_TOPICS
from penstock.core.alerts.models import NewAlert, Target
from penstock.core.billing import events as billing_events
from penstock.core.commands.events import TOPICS as COMMAND_TOPICS
from penstock.core.connections import events as connection_events
from penstock.core.devices import events as device_events
from penstock.core.devices.connectivity import TOPICS as CONNECTIVITY_TOPICS
from penstock.core.devices.history import TOPIC as DEVICE_EVENT
from penstock.core.rules.definition import Definition, ReadingTrigger
from penstock.core.rules.models import HOOK_CALLED, RAN, HookCalled, NewRule
from penstock.core.rules.models import TOPICS as RULE_TOPICS
from penstock.core.webhooks.topics import CATALOGUE
from penstock.kit.clock import SECOND_US
from penstock.kit.ids import Prefix, encode
from tests.support.days import HeldClock
from tests.support.receivers import receiving
from tests.support.webhooks import HookSite, open_hooks


async def judge(site: HookSite, clock: HeldClock, device_id: int, *values: float) -> None:
    for value in values:
        clock.us += 60 * SECOND_US
        clock.s += 60
        await site.report(device_id, value)
        for _ in range(3):
            await site.server.parts.alerts.worker.step()


async def test_an_alert_in_the_standard_form(tmp_path: Path) -> None:
    clock = HeldClock()
    async with receiving() as receiver, open_hooks(tmp_path, clock) as site:
        await site.subscribe(receiver.url("/standard"), "alert.*")
        device_id = await site.add_device("Cold room 2")
        condition = Threshold("v", ">", 6)
        wanted = NewAlert(name="Too warm", target=Target(devices=(device_id,)), condition=condition, cooldown_us=100 * SECOND_US)
        alert = await site.server.parts.alerts.definitions.create(site.actor, wanted)
        await judge(site, clock, device_id, 5, 7.4, 8, 9, 5)
        await site.match()
        await site.deliver()
        standard = [json.loads(one.body) for one in receiver.delivered if one.path == "/standard"]
        standard.sort(key=lambda one: str(one["timestamp"]))
        assert [one["type"] for one in standard] == ["alert.raised", "alert.repeated", "alert.cleared"]
        said = standard[0]["data"]
        ids = {"device_id": encode(Prefix.DEVICE, device_id), "alert_id": encode(Prefix.ALERT, alert.id)}
        assert said.items() >= (ids | {"name": "Too warm", "value": 7.4, "condition": "v > 6", "state": "raised"}).items()
        assert said["event_id"].startswith("evt_")
        assert said["reading_id"].startswith("tel_")


def test_every_topic_that_is_told_is_in_the_catalogue() -> None:
    told = {*ALERT_TOPICS, *connection_events.TOPICS, *CONNECTIVITY_TOPICS.values(), *COMMAND_TOPICS.values(), *RAN.values()}
    told |= {topic for state, topic in RULE_TOPICS.items() if state != "draft"} | {DEVICE_EVENT}
    for module in (billing_events, device_events):
        told |= {value for name, value in vars(module).items() if name.isupper() and isinstance(value, str)}
    assert [topic for topic in sorted(told) if topic not in CATALOGUE or not CATALOGUE[topic].sent] == []
    assert HOOK_CALLED not in CATALOGUE


async def test_runs_of_rules_are_told_and_what_is_between_parts_of_the_server_is_not(tmp_path: Path) -> None:
    async with receiving() as receiver, open_hooks(tmp_path) as site:
        await site.subscribe(receiver.url(), "rule.*", "alert.*")
        await site.subscribe(receiver.url(), "*")
        device_id = await site.add_device()
        rules = site.server.parts.rules
        for name, condition in (("ok", "reading.values.v > 1.0"), ("bad", "size(reading.values.v) > 1")):
            new = NewRule(name=name, definition=Definition(trigger=ReadingTrigger(), condition=condition))
            rule, version = await rules.rules.create(site.actor, new)
            await rules.versions.deploy(site.actor, rule.id, version.id)
        await site.report(device_id, 5)
        while await rules.worker.step():
            pass
        async with site.server.database.transaction(site.actor.org_id) as tx:
            await tx.outbox.add(HOOK_CALLED, 1, HookCalled(rule_id=1, call_id=1, body={"secret": 1}, at_us=1))
        await site.match()
        await site.deliver()
        bodies = [json.loads(one.body) for one in receiver.delivered]
        ran = [one for one in bodies if one["type"] in RAN.values()]
        assert sorted(one["type"] for one in ran) == ["rule.failed", "rule.failed", "rule.fired", "rule.fired"]
        assert all(one["data"]["rule_id"].startswith("rul_") and one["data"]["run_id"].startswith("run_") for one in ran)
        assert [one["type"] for one in bodies].count("rule.running") == 4
        assert {one["type"] for one in bodies} <= CATALOGUE.keys()
