"""A program that sends SMS to a provider that notes each in a file, until it is killed. Run by `tests/prove/test_sms_kill.py`.

Usage: `python -m tests.support.sms_kills FOLDER COUNT`. It queues the SMS if there are none, and ends when none waits.
"""

from __future__ import annotations

import asyncio
import os
import random
import sys
from pathlib import Path

from penstock.core.inboxes.models import AccountRef, Direction, OutgoingSms, Submitted
from penstock.core.inboxes.ports import SmsProvider
from penstock.kit.errors import Unavailable
from tests.support.inboxes import open_inboxes

NUMBERS = ("+447700900123", "+447700900124", "+447700900125")
GIVEN = "given.txt"


class Noting:
    """Implements `SmsProviders` and `SmsProvider`."""

    def __init__(self, folder: Path) -> None:
        self._file = os.open(folder / GIVEN, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    async def of(self, account: AccountRef | None) -> SmsProvider:
        return self

    async def submit(self, sms: OutgoingSms) -> Submitted:
        if random.random() < 0.05:
            raise Unavailable(reason="busy")
        os.write(self._file, f"{sms.id} {sms.text}\n".encode())
        await asyncio.sleep(random.random() / 100)
        return Submitted((f"p{sms.id}",))


async def main(folder: Path, count: int) -> None:
    async with open_inboxes(folder, PENSTOCK_INBOXES_SENDS_PER_SECOND="1000") as site:
        worker = site.inboxes.worker
        worker._providers = Noting(folder)
        if not await site.messages(direction=Direction.OUTBOUND):
            for number in NUMBERS:
                await site.add_number(number)
            for at in range(count):
                await site.send(str(at), NUMBERS[at % len(NUMBERS)])
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        running = asyncio.ensure_future(worker.run())
        while any(one.message.status in ("queued", "sending") for one in await site.messages(direction=Direction.OUTBOUND)):
            await asyncio.sleep(0.2)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
