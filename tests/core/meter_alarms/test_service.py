"""Use cases on meter alarms that HTTP does not show: who acknowledged, and what the log of changes has."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from penstock.core.actor import ActorKind
from penstock.core.meter_alarms.errors import MeterAlarmNotFound
from penstock.core.meter_alarms.models import AlarmFilter
from penstock.core.meter_alarms.settings import AlarmSettings, Burst
from tests.support.commands import open_site
from tests.support.days import PassingClock

from .test_episodes import alarm


async def test_acknowledged_once_with_one_event_and_who_did_it(tmp_path: Path) -> None:
    async with open_site(tmp_path, PassingClock(), run_workers=False) as site:
        service, org_id = site.server.parts.meter_alarms.service, site.actor.org_id
        made = msgspec.structs.replace(alarm(1, 2), org_id=org_id)
        async with site.server.database.transaction(org_id) as tx:
            await tx.meter_alarms.create(made)
        user = msgspec.structs.replace(site.actor, kind=ActorKind.USER, id=5)
        done = await service.acknowledge(user, made.id, "On my way")
        assert (done.note, done.acknowledged_by) == ("On my way", "usr_0000000000005")
        assert await service.acknowledge(site.actor, made.id, "Again") == done == await service.get(site.actor, made.id)
        async with site.server.database.system_snapshot() as tx:
            topics = [one.topic for one in await tx.outbox.next(100) if one.topic.startswith("meter.")]
        assert topics == ["meter.alarm.acknowledged"]
        with pytest.raises(MeterAlarmNotFound):
            await service.get(site.actor, made.id + 1)
        assert (await service.list_own(user, AlarmFilter(), 10, None)).items == [], "only residents have any"


async def test_settings_of_a_device_that_was_just_made(tmp_path: Path) -> None:
    async with open_site(tmp_path, PassingClock(), run_workers=False) as site:
        service, device = site.server.parts.meter_alarms.service, await site.add_device()
        found = await service.set_settings(site.actor, device.device_id, AlarmSettings(burst=Burst(flow=1.0)))
        assert found == await service.settings(site.actor, device.device_id)
        assert (found.own.burst.flow, found.effective.burst) == (1.0, Burst(enabled=True, flow=1.0))
