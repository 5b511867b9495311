"""A program that rotates the keys of a vault and wraps everything again, until it is killed. Run by tests with `Forked`.

Usage: `python -m tests.support.vault_kills FOLDER rotate|continue`. It says `began` when it begins to wrap again.
"""

from __future__ import annotations

import asyncio
import secrets
import signal
import sys
import tempfile
import time
from pathlib import Path

from penstock.core.actor import Actor
from penstock.workers import vault_keys
from tests.support.forked import Forked
from tests.support.server import clean_environment
from tests.support.vaults import open_vault


async def main(folder: Path, *, rotate: bool) -> None:
    async with open_vault(folder) as opened:
        if rotate:
            await opened.keyring.master.rotate()
            await opened.parts.keys.rotate(Actor.system(opened.acme))
        sys.stdout.write("began\n")
        sys.stdout.flush()
        await opened.settle()
        await asyncio.sleep(600)


def rotated_and_killed(folder: Path, times: int, begins: int = 5) -> int:
    """Rotate the master key and an organisation's, and kill the process in the middle, again and again. Counts the kills."""
    killed = 0
    for number in range(times):
        # Most of them only go on with what the one before left.
        words = ["tests.support.vault_kills", str(folder), "continue" if number % begins else "rotate"]
        with tempfile.TemporaryFile("w+") as errors:
            process = Forked(words, clean_environment(), errors)
            with process.stdout:
                assert process.stdout.readline() == "began\n"
                time.sleep(secrets.randbelow(60) / 1000)
                process.send_signal(signal.SIGKILL)
                killed += process.wait() == -signal.SIGKILL
    return killed


if __name__ == "__main__":
    vault_keys.BATCH = 16
    asyncio.run(main(Path(sys.argv[1]), rotate=sys.argv[2] == "rotate"))
