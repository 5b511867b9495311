"""R9: the clock of the machine jumps while the server runs, forth and back, by an hour, by days, beyond 2038.

The jumps are libfaketime's, for the clock on the wall only: a real clock that is set leaves the monotonic one alone too.
"""

from __future__ import annotations

import asyncio
import glob
import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import uvloop

from tests.support.server import RunningServer
from tests.support.waiting import CEILING_S

from .conftest import Note
from .servers import end, serving
from .site import Site
from .stored import check_stored, segments
from .writers import Writer, fleet

LIBRARY = glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1") + glob.glob("/usr/local/lib/faketime/libfaketimeMT.so.1")
BEYOND_2038 = "@2038-01-19 03:14:05"
JUMPS = ["+1h", "+0", "-1h", "+3d", "+0", "-3d", BEYOND_2038, "+0"]
MAX_IDLE_CPU = 0.3


def set_clock(file: Path, jump: str) -> None:
    """Set the clock of the servers that follow a file. They may read it at any moment, so it is replaced whole."""
    draft = file.with_suffix(".new")
    draft.write_text(f"{jump}\n")
    draft.rename(file)


def cpu_s(server: RunningServer) -> float:
    fields = Path(f"/proc/{server.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def time_there(server: RunningServer, site: Site, value: str) -> datetime:
    """What the server takes for now: the time under which it keeps a reading that brings none."""
    with server.client(site.org) as client:
        answer = client.post(f"/api/v2/devices/{site.device.id}/telemetry", json={"data": {"v": value}})
    assert answer.status_code == 201
    return datetime.fromisoformat(answer.json()["time"])


async def load_through_jumps(server: RunningServer, writers: list[Writer], file: Path, jumps: list[str], each_s: float) -> None:
    """Jump again and again while readings come in; after each jump every writer goes on."""
    stop = asyncio.Event()
    running = asyncio.gather(*(writer.run(server.base_url, stop) for writer in writers))
    for jump in jumps:
        before = [len(writer.acked) for writer in writers]
        set_clock(file, jump)
        await asyncio.sleep(each_s)
        deadline = time.monotonic() + CEILING_S
        while not all(len(writer.acked) > had for writer, had in zip(writers, before, strict=True)):
            assert time.monotonic() < deadline, f"{jump} stopped a writer"
            await asyncio.sleep(0.01)
    stop.set()
    await asyncio.wait_for(running, CEILING_S)


@pytest.mark.parametrize(("rounds", "each_s"), [(1, 0.3), pytest.param(10, 1.0, marks=pytest.mark.prove)])
def test_the_clock_jumps(site: Site, tmp_path: Path, note: Note, rounds: int, each_s: float) -> None:
    if not LIBRARY:
        pytest.skip("libfaketime is missing (Debian: apt-get install faketime)")
    file = tmp_path / "clock"
    set_clock(file, "+0")
    environment = {
        "LD_PRELOAD": LIBRARY[0],
        "FAKETIME_TIMESTAMP_FILE": str(file),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "FAKETIME_FORCE_MONOTONIC_FIX": "0",  # with it, timed waits in threads last too long
        "TZ": "UTC",
    }
    server = serving(site.data_dir, environment=environment)
    began_at = datetime.now(UTC)
    writers = fleet(site)
    uvloop.run(load_through_jumps(server, writers, file, JUMPS * rounds, each_s))

    began, used = time.monotonic(), cpu_s(server)
    time.sleep(0.5)
    idle = (cpu_s(server) - used) / (time.monotonic() - began)
    set_clock(file, BEYOND_2038)
    assert time_there(server, site, "then").year == 2038, "the clock did not jump: the test is blind"
    set_clock(file, "+0")
    assert abs(time_there(server, site, "now") - datetime.now(UTC)) < timedelta(seconds=60)
    assert end(server) == 0
    days = [path.stem.partition(".")[0] for path in segments(site.data_dir)]
    # An hour ahead may be tomorrow already, midnight may pass meanwhile, and the site may be of the day before.
    moments = (began_at - timedelta(hours=1), began_at, datetime.now(UTC))
    possible = {
        str((moment + ahead).date())
        for moment in moments
        for ahead in (timedelta(), timedelta(hours=1), timedelta(days=3), -timedelta(days=3))
    }
    assert "2038-01-19" in days
    assert len(set(days)) >= 3
    assert set(days) - {"2038-01-19"} <= possible
    writers[0].acked += ["then", "now"]
    stored = check_stored(site.data_dir, writers)
    note("jumps, stored, lost", f"{len(JUMPS) * rounds}, {stored:,}, 0", "0 lost")
    note("share of a core when idle", f"{idle:.2f}", f"<= {MAX_IDLE_CPU}")
    assert idle <= MAX_IDLE_CPU
