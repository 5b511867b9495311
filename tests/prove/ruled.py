"""A server with a rule in one process that can be killed at any step: `python -m tests.prove.ruled FOLDER STEP`.

Steps are counted in statements to the database, and before and after each append to the reading log. 0 lets it run to its end.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from penstock.adapters.storage.sqlite.log import SqliteReadingLog
from penstock.core.devices.models import DeviceFilter
from penstock.core.rules.definition import CommandAction, Definition, LabelAction, RaiseAlertAction, ReadingAction, ReadingTrigger
from penstock.core.rules.models import NewRule, RunFilter
from penstock.core.telemetry.models import NewReading, Reading
from tests.prove.commanded import Fuse
from tests.support.commands import Site, open_site

READINGS = 4


async def prepare(folder: Path) -> None:
    """Make a device with a command, and a rule that sends it and writes a derived reading; and let it run."""
    async with open_site(folder, run_workers=False) as site:
        device = await site.add_device()
        await site.define(device, "vent")
        actions = (
            CommandAction(command="vent"),
            ReadingAction(key="double", value="reading.values.t * 2.0"),
            RaiseAlertAction(name="warm", text="{{ reading.values.t }}"),
            LabelAction(key="warm", value="yes"),
        )
        trigger = ReadingTrigger(sensors=("t",))
        definition = Definition(trigger=trigger, condition="reading.values.t > 1.0", actions=actions)
        rules = site.server.parts.rules
        rule, version = await rules.rules.create(site.actor, NewRule(name="Warm", definition=definition))
        await rules.versions.deploy(site.actor, rule.id, version.id)


async def story(site: Site, fuse: Fuse) -> None:
    """Four readings, of which two make the rule act. What was done before a kill is done on from there."""
    devices = await site.server.devices.list(site.actor, DeviceFilter(), 10, None)
    ref = await site.server.directory.get(site.actor.org_id, devices.items[0].id)
    append = SqliteReadingLog.append

    def counted(log: SqliteReadingLog, readings: Sequence[Reading]) -> asyncio.Future[None]:
        fuse.step()
        done = append(log, readings)
        done.add_done_callback(lambda _: fuse.step())
        return done

    SqliteReadingLog.append = counted  # type: ignore[method-assign]
    fuse.arm()
    for number in range(READINGS):
        reading = NewReading(ref, b'{"t":%d}' % number, dedupe_key=f"number {number}")
        await site.server.telemetry.ingest([reading])
    await idle(site)


async def idle(site: Site) -> None:
    """Wait until the rule has acted on the last reading, and every run has ended."""
    rules = site.server.parts.rules
    for _ in range(3_000):
        runs = await rules.runs.list(site.actor, RunFilter(), 10, None)
        if len(runs.items) == READINGS // 2 and all(one.finished_us is not None for one in runs.items):
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"runs that do not end: {runs.items}")


async def main(folder: Path, step: int) -> None:
    fuse: Any = Fuse(step)
    async with open_site(folder) as site:
        await story(site, fuse)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
