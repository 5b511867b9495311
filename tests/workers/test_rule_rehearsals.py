"""Rehearsals of rules that something else than readings makes look, against what is stored of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from penstock.core.alerts.conditions import Threshold
from penstock.core.alerts.models import NewAlert, OccurrenceFilter, Target
from penstock.core.devices.connectivity import ConnectivityChange, Reason
from penstock.core.devices.models import Connectivity, DevicePatch
from penstock.core.rules.definition import (
    Action,
    ConnectivityTrigger,
    Definition,
    EventTrigger,
    HookTrigger,
    LabelAction,
    ScheduleTrigger,
    Trigger,
    Window,
    WindowFunction,
)
from penstock.core.rules.errors import RehearsalImpossible
from penstock.core.rules.models import HOOK_CALLED, HookCalled, NewRule
from penstock.core.rules.rehearsals import Rehearsal, RehearsalState
from penstock.core.telemetry.models import NewReading, TimeRange
from penstock.kit.clock import DAY_US, HOUR_US, MINUTE_US, SECOND_US, format_time, parse_time
from penstock.kit.ids import Prefix, encode
from tests.support.commands import Site, open_site

BEGIN = parse_time("2026-03-28T00:00:00Z")
DAYS = TimeRange(from_us=BEGIN, to_us=BEGIN + 3 * DAY_US)
LABEL = LabelAction(key="was", value="{{ event.topic }}")


class HeldClock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.at_us = BEGIN + 3 * DAY_US

    def now_us(self) -> int:
        return self.at_us

    def monotonic(self) -> float:
        return self.at_us / SECOND_US


class Stage:
    """A server with one device, whose workers stand still."""

    def __init__(self, site: Site, clock: HeldClock, device_id: int) -> None:
        self.site, self.clock, self.device_id = site, clock, device_id
        self.rules = site.server.parts.rules
        self.device_text = encode(Prefix.DEVICE, device_id)
        self._count = 0

    async def rehearse(self, trigger: Trigger, *actions: Action, rule_id: int | None = None, **about: Any) -> Rehearsal:
        if rule_id is None:
            self._count += 1
            definition = Definition(trigger=trigger, actions=actions, **about)
            new = NewRule(name=f"rule {self._count}", definition=definition)
            rule_id = (await self.rules.rules.create(self.site.actor, new))[0].id
        found = await self.rules.rehearsals.start(self.site.actor, rule_id, None, DAYS)
        while task := self.rules.rehearsals._tasks.get(found.id):
            await task
        return found

    async def say(self, **at: float) -> None:
        """Readings of `t` by the hour at which they were made."""
        ref = await self.site.server.directory.get(self.site.actor.org_id, self.device_id)
        hours = [(int(name[1:]), value) for name, value in at.items()]
        await self.site.server.telemetry.ingest(
            [NewReading(ref, msgspec.json.encode({"t": value}), time_us=BEGIN + hour * HOUR_US) for hour, value in hours]
        )


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    clock = HeldClock()
    async with open_site(tmp_path, clock, run_workers=False) as site:
        yield Stage(site, clock, (await site.add_device()).id)


def times(found: Rehearsal) -> list[str]:
    return [format_time(one.at_us) for one in found.first]


async def test_a_schedule_sees_what_was_known_at_each_of_its_times(stage: Stage) -> None:
    """By its time zone, over the change of clocks; nothing of what came later is seen."""
    await stage.say(h5=20.0, h30=40.0, h53=10.0)
    trigger = ScheduleTrigger(cron="0 8 * * *", time_zone="Europe/Berlin", device_ids=(stage.device_text,))
    window = (Window(name="max", sensor="t", function=WindowFunction.MAX, minutes=180),)
    text = LabelAction(key="is", value="{{ latest.t }} {{ now }}")
    found = await stage.rehearse(trigger, text, windows=window, condition="latest.t > 0.0")
    assert times(found) == ["2026-03-28T07:00:00Z", "2026-03-29T06:00:00Z", "2026-03-30T06:00:00Z"]
    said = [one.actions[0].fields["value"] for one in found.first]
    assert said == ["20 2026-03-28T07:00:00Z", "40 2026-03-29T06:00:00Z", "10 2026-03-30T06:00:00Z"]
    assert (found.read, found.evaluated, found.fired, found.by_device) == (3, 3, 3, {stage.device_id: 3})
    windowed = await stage.rehearse(trigger, windows=window, condition="window.max > 15.0")
    assert times(windowed) == ["2026-03-28T07:00:00Z", "2026-03-29T06:00:00Z"]
    assert windowed.first[0].inputs["window"] == {"max": 20}


async def test_a_schedule_of_no_device_and_of_too_many_times(stage: Stage) -> None:
    found = await stage.rehearse(ScheduleTrigger(cron="*/30 * * * *"))
    assert (found.state, found.fired, len(found.first)) == (RehearsalState.DONE, 144, 100)
    assert found.first[0].device_id is None
    busy = ScheduleTrigger(cron="* * * * *", device_ids=tuple(encode(Prefix.DEVICE, n) for n in range(1, 40)))
    ids = [(await stage.site.add_device(f"D{number}")).id for number in range(39)]
    busy = msgspec.structs.replace(busy, device_ids=tuple(encode(Prefix.DEVICE, one) for one in ids))
    with pytest.raises(RehearsalImpossible, match="shorten it"):
        await stage.rehearse(busy)


async def test_connectivity_and_events_of_it(stage: Stage) -> None:
    other = (await stage.site.add_device("Other")).id
    states = [
        (stage.device_id, Connectivity.ONLINE, 1),
        (other, Connectivity.ONLINE, 2),
        (stage.device_id, Connectivity.OFFLINE, 30),
    ]
    late = [(stage.device_id, Connectivity.ONLINE, 200)]
    async with stage.site.server.database.transaction(stage.site.actor.org_id) as tx:
        await tx.connectivity.add(
            [
                ConnectivityChange(number, device_id, state, Reason.READING, BEGIN + hour * HOUR_US)
                for number, (device_id, state, hour) in enumerate(states + late, 1)
            ]
        )
    found = await stage.rehearse(ConnectivityTrigger(states=("online",)), LABEL)
    assert [one.device_id for one in found.first] == [stage.device_id, other]
    assert [one.actions[0].fields["value"] for one in found.first] == ["device.online"] * 2
    mine = EventTrigger(topics=("device.o*", "command.*"), device_ids=(stage.device_text,))
    found = await stage.rehearse(mine, LABEL, condition='event.body.reason == "reading"')
    assert [one.actions[0].fields["value"] for one in found.first] == ["device.online", "device.offline"]
    assert found.reason == "these events have no stored history: command.*"
    with pytest.raises(RehearsalImpossible, match=r"no stored history: command\.\*"):
        await stage.rehearse(EventTrigger(topics=("command.*",)))


async def test_events_of_alerts_and_devices(stage: Stage) -> None:
    """Each event as it was then: an alert that is over by now was only raised at first."""
    server, actor = stage.site.server, stage.site.actor
    stage.clock.at_us = BEGIN + HOUR_US
    await server.devices.update(actor, stage.device_id, DevicePatch(name="Boiler"))
    condition = Threshold(field="t", operator=">", value=30.0)
    new = NewAlert(name="Hot", target=Target(devices=(stage.device_id,)), condition=condition)
    await server.parts.alerts.definitions.create(actor, new)
    worker = server.parts.alerts.worker
    for hour, value in ((2, 31.0), (5, 20.0)):
        stage.clock.at_us = BEGIN + hour * HOUR_US
        ref = await server.directory.get(actor.org_id, stage.device_id)
        await server.telemetry.ingest([NewReading(ref, msgspec.json.encode({"t": value}))])
        stage.clock.at_us += MINUTE_US
        for _ in range(5):
            await worker.step()
    (raised,) = (await server.parts.alerts.occurrences.list(actor, OccurrenceFilter(), 10, None)).items
    assert raised.cleared_us is not None
    stage.clock.at_us = BEGIN + 3 * DAY_US
    trigger = EventTrigger(topics=("alert.*", "device.updated"))
    found = await stage.rehearse(trigger, LabelAction(key="a", value="{{ event.topic }} {{ event.body.name }}"))
    values = [one.actions[0].fields["value"] for one in found.first]
    assert values == ["device.updated Boiler", "alert.raised Hot", "alert.cleared Hot"]
    assert [one.device_id for one in found.first] == [stage.device_id] * 3
    was = await stage.rehearse(trigger, condition='event.body.state == "raised" && event.body.condition == "t > 30.0"')
    assert [one.cause for one in was.first] == [f"alert.raised:{raised.id}"]


async def test_calls_of_a_hook_as_far_as_runs_keep_them(stage: Stage) -> None:
    definition = Definition(trigger=HookTrigger(), condition="hook.body.n > 1.0")
    rule, version = await stage.rules.rules.create(stage.site.actor, NewRule(name="hooked", definition=definition))
    with pytest.raises(RehearsalImpossible, match="stored with the runs"):
        await stage.rehearse(definition.trigger, rule_id=rule.id)
    await stage.rules.versions.deploy(stage.site.actor, rule.id, version.id)
    stage.clock.at_us = BEGIN + HOUR_US
    for number in (1, 2, 3):
        called = HookCalled(rule_id=rule.id, call_id=number, body={"n": number}, at_us=stage.clock.at_us)
        async with stage.site.server.database.transaction(stage.site.actor.org_id) as tx:
            await tx.outbox.add(HOOK_CALLED, rule.id, called)
    while await stage.site.server.workers.outbox.step():
        pass
    stage.clock.at_us = BEGIN + 3 * DAY_US
    found = await stage.rehearse(definition.trigger, rule_id=rule.id)
    assert [one.inputs["hook"] for one in found.first] == [{"body": {"n": 2}}, {"body": {"n": 3}}]
    assert found.reason.startswith("only hook calls that caused a run")
