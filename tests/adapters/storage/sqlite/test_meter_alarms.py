"""The stores of meter alarms in a real file."""

from __future__ import annotations

from pathlib import Path

import msgspec

from penstock.core.meter_alarms.episodes import ended
from penstock.core.meter_alarms.models import SILENT_US, Alarm, AlarmKind, EndReason, Progress
from penstock.core.redecodes.models import RedecodeState
from penstock.kit.clock import DAY_US
from penstock.kit.ids import RedecodeId
from tests.core.meter_alarms.test_episodes import NOW_US, alarm, us
from tests.core.redecodes.test_models import redecode
from tests.support.commands import Site, open_site
from tests.support.days import PassingClock


async def create(site: Site, *alarms: Alarm) -> list[Alarm]:
    made = [msgspec.structs.replace(one, org_id=site.actor.org_id) for one in alarms]
    async with site.server.database.transaction(site.actor.org_id) as tx:
        for one in made:
            await tx.meter_alarms.create(one)
    return made


async def test_an_alarm_comes_back_as_it_was_stored(tmp_path: Path) -> None:
    async with open_site(tmp_path, PassingClock(), run_workers=False) as site:
        values = (None, True, 0.004, 12, "LOW")
        given = [msgspec.structs.replace(alarm(n, n + 1, n + 2, n + 1), value=value, note="n") for n, value in enumerate(values)]
        made = await create(site, *given)
        async with site.server.database.snapshot(site.actor.org_id) as tx:
            assert [await tx.meter_alarms.find(one.id) for one in made] == made


async def test_known_are_the_open_ones_and_those_that_ended_lately(tmp_path: Path) -> None:
    async with open_site(tmp_path, PassingClock(), run_workers=False) as site:
        old, late, still = await create(site, alarm(1, 2, 3, 1), alarm(4, 5, 6, 2), alarm(7, 8, None, 3))
        async with site.server.database.transaction(site.actor.org_id) as tx:
            assert list(await tx.meter_alarms.list_known([10], us(5))) == [late, still]
            assert list(await tx.meter_alarms.list_known([11], 0)) == []
            over = ended(still, us(9), EndReason.CONDITION, NOW_US)
            await tx.meter_alarms.update(over)
            assert await tx.meter_alarms.find(still.id) == over
        async with site.server.database.transaction(site.actor.org_id + 1) as tx:
            assert await tx.meter_alarms.find(old.id) is None


async def test_silent_ones_by_their_kind_and_those_that_ended_long_ago(tmp_path: Path) -> None:
    async with open_site(tmp_path, PassingClock(), run_workers=False) as site:
        (burst,) = await create(site, alarm(1, 2))
        silent_us = us(2) + SILENT_US[AlarmKind.BURST]
        async with site.server.database.system() as tx:
            assert list(await tx.meter_alarms.silent(silent_us, 10)) == []
            assert list(await tx.meter_alarms.silent(silent_us + 1, 10)) == [burst]
            await tx.for_organization(site.actor.org_id).meter_alarms.update(ended(burst, us(3), EndReason.SILENT, NOW_US))
            assert await tx.meter_alarms.drop_ended(NOW_US, 10) == 0
            assert await tx.meter_alarms.drop_ended(NOW_US + 1, 10) == 1


async def test_progress_is_replaced_and_goes_with_its_device(tmp_path: Path) -> None:
    async with open_site(tmp_path, PassingClock(), run_workers=False) as site:
        device_id = (await site.add_device()).device_id
        rows = [
            Progress(device_id=device_id, kind=AlarmKind.FROZEN, register=name, at_us=DAY_US, moved_us=at)
            for name, at in (("volume", None), ("reverse", 5))
        ]
        changed = [rows[0], msgspec.structs.replace(rows[1], at_us=9)]
        gone = msgspec.structs.replace(rows[0], device_id=device_id + 1)
        async with site.server.database.transaction(site.actor.org_id) as tx:
            await tx.meter_alarms.save_progress([*rows, gone])
            await tx.meter_alarms.save_progress(changed)
            found = await tx.meter_alarms.progress([device_id, device_id + 1])
            assert sorted(found, key=lambda one: one.register) == [changed[1], changed[0]]


async def test_progress_is_set_back_to_what_a_re_decode_changed(tmp_path: Path) -> None:
    async with open_site(tmp_path, PassingClock(), run_workers=False) as site:
        changed, other = [(await site.add_device()).device_id for _ in range(2)]
        rows = [
            Progress(device_id=device_id, kind=kind, register=kind.value, at_us=NOW_US)
            for device_id in (changed, other)
            for kind in (AlarmKind.FROZEN, AlarmKind.TAMPER)
        ]
        async with site.server.database.transaction(site.actor.org_id) as tx:
            await tx.meter_alarms.save_progress(rows)
            for number in (1, 2):
                await tx.redecodes.create(
                    redecode(number, state=RedecodeState.DONE, started_us=number * 100, finished_us=number * 100 + 9)
                )
            for device_id, from_us, reason, at_us in (
                (changed, 7 * DAY_US, "redecode", 203),
                (changed, 5 * DAY_US, "redecode", 209),
                (changed, 3 * DAY_US, "redecode", 105),
                (other, 1 * DAY_US, "edit", 205),
            ):
                await tx.consumption_changes.add(device_id, from_us, reason, at_us)
            await tx.meter_alarms.set_back_progress(RedecodeId(2), DAY_US)
            found = {(one.device_id, one.kind): one.at_us for one in await tx.meter_alarms.progress([changed, other])}
            assert found == {(one.device_id, one.kind): one.at_us for one in rows} | {(changed, AlarmKind.FROZEN): 4 * DAY_US}
            # An evaluation that began before does not undo it; the next one does.
            for before_us, at_us in ((NOW_US, 4 * DAY_US), (4 * DAY_US, NOW_US + 1)):
                reached = msgspec.structs.replace(rows[0], at_us=NOW_US + 1, before_us=before_us)
                await tx.meter_alarms.save_progress([reached])
                assert {one.at_us for one in await tx.meter_alarms.progress([changed]) if one.kind is AlarmKind.FROZEN} == {at_us}
