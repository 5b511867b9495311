"""A server with an alert in one process that can be killed at any step: `python -m tests.workers.alerted FOLDER STEP`.

Steps are counted in statements to the database. The readings are in the log before the first step; 0 lets it run to its end.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from penstock.adapters.storage.sqlite.connection import Session
from penstock.core.alerts.actions import EmailAction
from penstock.core.alerts.conditions import Threshold
from penstock.core.alerts.models import NewAlert, Target
from penstock.core.devices.models import DeviceRef, DeviceStatus, NewDevice
from penstock.core.telemetry.models import NewReading
from tests.support.commands import open_site

VALUES = (5, 7, 8, 5, 7, 5, 9)
"""Raised at 7, cleared at 5, raised at 7, cleared at 5, raised at 9 and open."""


def arm(step: int) -> None:
    """From now on each statement is a step, and the n-th kills the process."""
    call, left = Session.call, [step]

    async def counted(session: Session, use: Callable[[Any], Any]) -> Any:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return await call(session, use)

    Session.call = counted  # type: ignore[method-assign, assignment]


async def prepare(folder: Path) -> None:
    """Make a device and its alert, and put the readings into the log without looking at them."""
    async with open_site(folder, run_workers=False) as site:
        server = site.server
        device = (await server.devices.create(site.actor, NewDevice(name="Room"))).device
        wanted = NewAlert(
            name="Too warm",
            target=Target(devices=(device.id,)),
            condition=Threshold("t", ">", 6),
            actions=(EmailAction(("ada@example.org",)),),
        )
        await server.parts.alerts.definitions.create(site.actor, wanted)
        ref = DeviceRef(device.id, device.org_id, device.project_id, DeviceStatus.ACTIVE)
        for value in VALUES:
            await server.telemetry.ingest([NewReading(ref, b'{"t": %d}' % value)])


async def watch(folder: Path, step: int) -> None:
    """Look at the readings and carry out what follows, killed at a step."""
    async with open_site(folder, run_workers=False) as site:
        if step:
            arm(step)
        alerts = site.server.parts.alerts
        while await alerts.worker.step() or alerts.worker.lag:
            pass
        await alerts.actions.step()


if __name__ == "__main__":
    asyncio.run(watch(Path(sys.argv[1]), int(sys.argv[2])))
