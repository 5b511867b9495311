"""Rules whose time the test holds in its hands, and rules that are stopped because they cost too much."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from penstock.bootstrap.rules import Rules
from penstock.core.devices.connectivity import ConnectivityChanged
from penstock.core.devices.models import DevicePatch
from penstock.core.rules.definition import (
    Action,
    ConnectivityTrigger,
    Definition,
    EventTrigger,
    LabelAction,
    ReadingAction,
    ReadingTrigger,
    ScheduleTrigger,
    Trigger,
    Window,
    WindowFunction,
)
from penstock.core.rules.models import NewRule, Rule, RuleState, Run, RunFilter
from penstock.core.rules.ports import Act
from penstock.core.telemetry.models import NewReading
from penstock.kit.clock import DAY_US, HOUR_US, SECOND_US, format_time, parse_time
from penstock.kit.ids import Prefix, encode
from tests.support.commands import Site, open_site

BEGIN = parse_time("2026-03-28T00:00:00Z")


class HeldClock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.at_us = BEGIN

    def now_us(self) -> int:
        return self.at_us

    def monotonic(self) -> float:
        return self.at_us / SECOND_US


class Stage:
    """A server with one device, whose rule workers go step by step."""

    def __init__(self, site: Site, clock: HeldClock, device_id: int) -> None:
        self.site = site
        self.clock = clock
        self.device_id = device_id
        self.rules: Rules = site.server.parts.rules
        self._numbers = itertools.count()

    async def rule(self, trigger: Trigger, *actions: Action, **about: Any) -> Rule:
        definition = Definition(trigger=trigger, actions=actions, **about)
        rule, version = await self.rules.rules.create(
            self.site.actor, NewRule(name=f"rule {next(self._numbers)}", definition=definition)
        )
        return await self.rules.versions.deploy(self.site.actor, rule.id, version.id)

    async def say(self, *values: float) -> None:
        ref = await self.site.server.directory.get(self.site.actor.org_id, self.device_id)
        readings = [NewReading(ref, msgspec.json.encode({"t": value})) for value in values]
        await self.site.server.telemetry.ingest(readings)
        while await self.rules.worker.step():
            pass

    async def runs(self, rule: Rule) -> list[Run]:
        while await self.rules.runner.step():
            pass
        return (await self.rules.runs.list(self.site.actor, RunFilter(rule_id=rule.id), 100, None)).items

    async def look(self, rule: Rule) -> Rule:
        return (await self.rules.rules.get(self.site.actor, rule.id))[0]


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    clock = HeldClock()
    async with open_site(tmp_path, clock, run_workers=False) as site:
        yield Stage(site, clock, (await site.add_device()).id)


READING = ReadingTrigger(sensors=("t",))


async def test_a_schedule_goes_by_its_time_zone_over_the_change_of_clocks(stage: Stage) -> None:
    rule = await stage.rule(ScheduleTrigger(cron="30 8 * * *", time_zone="Europe/Berlin"))
    assert format_time(rule.next_us or 0) == "2026-03-28T07:30:00Z"
    for hours in range(49):
        stage.clock.at_us = BEGIN + hours * HOUR_US
        await stage.rules.worker.step_schedule()
    assert [format_time(run.at_us) for run in await stage.runs(rule)] == ["2026-03-29T06:30:00Z", "2026-03-28T07:30:00Z"]


async def test_of_times_that_passed_unseen_the_last_counts_and_none_twice(stage: Stage) -> None:
    rule = await stage.rule(ScheduleTrigger(cron="*/10 * * * *"))
    stage.clock.at_us = BEGIN + 3 * HOUR_US + 60 * SECOND_US
    await stage.rules.worker.step_schedule()
    await stage.rules.worker.step_schedule()
    assert [format_time(run.at_us) for run in await stage.runs(rule)] == ["2026-03-28T03:00:00Z"]
    assert format_time((await stage.look(rule)).next_us or 0) == "2026-03-28T03:10:00Z"
    stage.clock.at_us = BEGIN + 20 * DAY_US
    await stage.rules.worker.step_schedule()
    assert len(await stage.runs(rule)) == 2


@pytest.mark.parametrize(
    ("cron", "days", "due"),
    [
        ("0 6 * * 1", 10, "2026-04-06T06:00:00Z"),
        ("0 6 * * 1", 9, "2026-03-30T06:00:00Z"),
        ("30 4 1 * *", 20, "2026-04-01T04:30:00Z"),
        ("0 0 1 1 *", 400, "2027-01-01T00:00:00Z"),
        ("15 * * * *", 30, "2026-04-26T23:15:00Z"),
    ],
)
async def test_the_last_missed_time_is_one_of_the_schedule_however_long_it_stood(
    stage: Stage, cron: str, days: int, due: str
) -> None:
    rule = await stage.rule(ScheduleTrigger(cron=cron))
    stage.clock.at_us = BEGIN + days * DAY_US
    await stage.rules.worker.step_schedule()
    assert [format_time(run.at_us) for run in await stage.runs(rule)] == [due]


async def test_a_schedule_over_devices_sees_what_each_said_last(stage: Stage) -> None:
    await stage.say(3, 4)
    trigger = ScheduleTrigger(cron="0 * * * *", device_ids=(device_text(stage),))
    windows = (Window(name="sum", sensor="t", function=WindowFunction.SUM, minutes=120),)
    rule = await stage.rule(trigger, windows=windows, condition="latest.t == 4.0 && window.sum == 7.0")
    stage.clock.at_us = BEGIN + HOUR_US
    await stage.rules.worker.step_schedule()
    assert [run.device_id for run in await stage.runs(rule)] == [stage.device_id]


async def test_a_rule_that_takes_too_long_is_stopped(stage: Stage) -> None:
    engine = stage.rules.worker._engine
    engine._config = msgspec.structs.replace(engine._config, evaluation_budget_ms=0.000_001)
    rule = await stage.rule(READING, condition="reading.values.t > 1000.0")
    await stage.say(*range(200))
    found = await stage.look(rule)
    assert found.state is RuleState.FORCE_STOPPED
    assert "ms on average" in found.reason


async def test_a_rule_that_acts_too_often_is_stopped(stage: Stage) -> None:
    engine = stage.rules.worker._engine
    engine._config = msgspec.structs.replace(engine._config, max_runs_per_minute=10)
    often, seldom = await stage.rule(READING), await stage.rule(READING, condition="reading.values.t > 17.0")
    await stage.say(*range(20))
    assert (await stage.look(often)).reason == "it ran more than 10 times in a minute"
    assert len(await stage.runs(often)) == 10
    assert (await stage.look(seldom)).state is RuleState.RUNNING
    assert len(await stage.runs(seldom)) == 2


async def test_more_rules_than_may_cause_one_another(stage: Stage) -> None:
    config = stage.rules.worker._engine._config
    rules = []
    for number in range(config.max_chain + 1):
        sensor = "t" if number == 0 else f"s{number}"
        action = ReadingAction(key=f"s{number + 1}", value="1.0")
        rules.append(await stage.rule(ReadingTrigger(sensors=(sensor,)), action))
    await stage.say(1)
    for rule in rules:
        await stage.runs(rule)
        await stage.rules.worker.step()
    runs = [(await stage.runs(rule))[0] for rule in rules]
    assert [run.outcome for run in runs] == ["done"] * config.max_chain + ["failed"]
    assert runs[-1].reason == f"more than {config.max_chain} rules triggered one another"


async def test_looking_again_after_a_crash_makes_no_second_run(stage: Stage) -> None:
    windows = (Window(name="sum", sensor="t", function=WindowFunction.SUM, minutes=10),)
    rule = await stage.rule(READING, windows=windows, condition="window.sum > 2.0")
    await stage.say(1, 2, 3)
    before = await stage.runs(rule)
    worker = stage.rules.worker
    worker._cursor = 0
    worker.rules_changed()  # as after a restart: nothing is remembered
    while await worker.step():
        pass
    assert await stage.runs(rule) == before
    assert [run.inputs["window"]["sum"] for run in before] == [6, 3]


async def test_coming_online_is_an_event_too(stage: Stage) -> None:
    """Both those who wait for connectivity and those who wait for events hear of it, once each."""
    rules = [
        await stage.rule(EventTrigger(topics=("device.online",)), condition='event.body.state == "online"'),
        await stage.rule(ConnectivityTrigger(), condition='event.state == "online"'),
    ]
    changed = ConnectivityChanged(device_id=stage.device_id, state="online", reason="reading", at_us=BEGIN)
    async with stage.site.server.database.transaction(stage.site.actor.org_id) as tx:
        await tx.outbox.add("device.online", stage.device_id, changed)
    while await stage.site.server.workers.outbox.step():
        pass
    assert [[run.device_id for run in await stage.runs(rule)] for rule in rules] == [[stage.device_id]] * 2


async def test_labels_that_are_set_at_once_are_all_there(stage: Stage) -> None:
    """Rules and people who set different labels of one device at the same time lose none of one another's."""
    devices, actor = stage.site.server.devices, stage.site.actor
    rules = [await stage.rule(READING, LabelAction(key=f"k{number}", value="{{ reading.values.t }}")) for number in range(12)]
    await stage.say(1)
    runner = stage.rules.runner.step()
    await asyncio.gather(runner, devices.update(actor, stage.device_id, DevicePatch(name="Renamed")))
    device = await devices.get(actor, stage.device_id)
    assert device.labels == {f"k{number}": "1" for number in range(12)}
    assert device.name == "Renamed"
    assert [len(await stage.runs(rule)) for rule in rules] == [1] * 12


async def test_a_label_that_was_changed_after_the_act_stays_when_the_act_is_asked_for_again(stage: Stage) -> None:
    runner, devices = stage.rules.runner._runners.outside[LabelAction], stage.site.server.devices
    rule = await stage.rule(READING, LabelAction(key="state", value="by rule"))
    await stage.say(1)
    (run,) = await stage.runs(rule)
    await devices.update(stage.site.actor, stage.device_id, DevicePatch(labels={"state": "by hand"}))
    fields = {"key": "state", "value": "by rule"}
    action = LabelAction(key="state", value="by rule")
    await runner.run(Act(run=run, rule_name=rule.name, step=0, action=action, device_id=stage.device_id, fields=fields))
    assert (await devices.get(stage.site.actor, stage.device_id)).labels == {"state": "by hand"}


async def test_the_trash_and_old_runs_are_emptied(stage: Stage) -> None:
    rule, kept = await stage.rule(READING), await stage.rule(READING)
    await stage.say(1)
    assert len(await stage.runs(kept)) == 1
    await stage.rules.rules.trash(stage.site.actor, rule.id)
    stage.clock.at_us += 31 * DAY_US
    await stage.rules.runner.step()
    assert await stage.runs(kept) == []
    assert [one.id for one in (await stage.rules.rules.list(stage.site.actor, True, 10, None)).items] == []
    assert (await stage.look(kept)).state is RuleState.RUNNING


def device_text(stage: Stage) -> str:
    return encode(Prefix.DEVICE, stage.device_id)
