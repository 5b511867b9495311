"""A server with an alert and a webhook in one process that can be killed at any step: `python -m tests.prove.told FOLDER STEP`.

The whole chain, worker after worker: reading, alert raised, message queued, sent, written down. Steps are counted in statements
to the database, and before and after each call of the receiver. The readings are in the log before the first step; 0 lets it run
to its end.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from penstock.adapters.outbound.client import GuardedHttp
from penstock.core.alerts.conditions import Threshold
from penstock.core.alerts.models import NewAlert, Target
from penstock.core.outbound.ports import CallAnswer, OutgoingCall
from tests.prove.commanded import Fuse
from tests.support.webhooks import HookSite, open_hooks

VALUES = (5, 7, 8, 5, 9)
"""Raised at 7, cleared at 5, raised at 9 and open."""
TOPICS = ["alert.raised", "alert.cleared", "alert.raised"]


async def prepare(folder: Path, url: str) -> None:
    """Make a device, its alert and a webhook, and put the readings into the log without looking at them."""
    async with open_hooks(folder) as site:
        device_id = await site.add_device("Room")
        condition = Threshold("v", ">", 6)
        wanted = NewAlert(name="Too warm", target=Target(devices=(device_id,)), condition=condition)
        await site.server.parts.alerts.definitions.create(site.actor, wanted)
        await site.match()
        await site.subscribe(url, "alert.*")
        await site.report(device_id, *VALUES)


async def tell(site: HookSite) -> None:
    """Judge the readings, and tell the receiver of what came of them."""
    alerts = site.server.parts.alerts.worker
    while await alerts.step() or alerts.lag:
        pass
    await site.match()
    await site.deliver()


def count_calls(fuse: Fuse) -> None:
    """A call of the receiver is two steps: it was not made yet, and it was made and nobody knows."""
    send = GuardedHttp.send

    async def counted(http: GuardedHttp, call: OutgoingCall) -> CallAnswer:
        fuse.step()
        answer = await send(http, call)
        fuse.step()
        return answer

    GuardedHttp.send = counted  # type: ignore[method-assign]


async def main(folder: Path, step: int) -> None:
    async with open_hooks(folder) as site:
        if step:
            fuse = Fuse(step)
            count_calls(fuse)
            fuse.arm()
        await tell(site)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
