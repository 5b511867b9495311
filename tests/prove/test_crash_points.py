"""D3: `kill -9` at the n-th system call that changes a file, from the first start with no segment to the ordered end.

One script of 52 requests by four doors, one after the other. strace counts the calls of each thread, so a number stands for
the first thread that comes so far: the one that starts the server for small ones, the log's writer for larger ones.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import uvloop

from .conftest import Note
from .servers import Refusal, end, end_what_is_left, serving, start
from .site import Site
from .stored import check_stored
from .traced import killed_at, need_strace
from .writers import Writer, fleet, repeat_unsure, run_load

ROUNDS = 13
FIRST_START = [
    ("fdatasync", range(5, 13)),  # the thread that starts
    ("fdatasync", range(13, 57, 3)),  # the log's writer
    ("pwrite64", range(9, 60, 3)),
    ("pwrite64", range(60, 151, 7)),
    ("unlink", range(1, 6)),
    ("ftruncate", range(1, 7)),
]
AFTER_A_CRASH = [("fdatasync", range(1, 9)), ("pwrite64", range(1, 50, 6))]
SHORT = [("fdatasync", (30,)), ("pwrite64", (40,))]


def few(site: Site) -> list[Writer]:
    return fleet(site, singles=1, natives=1, batches=1, plain=1)


def run_script(base_url: str, writers: list[Writer]) -> None:
    async def script() -> None:
        for _ in range(ROUNDS):
            for writer in writers:
                await writer.run(base_url, limit=1)

    uvloop.run(script())


def crash_at(data_dir: Path, writers: list[Writer], call: str, number: int) -> bool:
    """Run the script on a server that dies at this call; whether it did."""
    server = start(data_dir, under=killed_at(call, number))
    if isinstance(server, Refusal):
        assert server.status == -9, server.said
        return True
    run_script(server.base_url, writers)
    return end(server) == -9


def check_afterwards(site: Site, writers: list[Writer]) -> None:
    server = serving(site.data_dir)
    repeat_unsure(writers, server.base_url)
    run_script(server.base_url, writers)
    check_stored(site.data_dir, writers)
    assert end(server) == 0
    assert all(len(writer.acked) >= ROUNDS * writer.rows for writer in writers), "it takes nothing any more"


@pytest.mark.parametrize(
    ("call", "numbers"), [*SHORT, *(pytest.param(*points, marks=pytest.mark.prove) for points in FIRST_START)], ids=str
)
def test_a_first_start_and_its_readings_survive(template: Site, tmp_path: Path, note: Note, call: str, numbers: range) -> None:
    need_strace()
    died = 0
    for number in numbers:
        site = template.copied(tmp_path / f"{call}-{number}")
        shutil.rmtree(site.data_dir / "telemetry")
        writers = few(site)
        died += crash_at(site.data_dir, writers, call, number)
        check_afterwards(site, writers)
    note("kills, and violations after them", f"{died} at {len(numbers)} points, 0", "at each point, 0")
    assert died == len(numbers), "the server makes fewer such calls than it did: choose lower numbers"


@pytest.mark.prove
@pytest.mark.parametrize(("call", "numbers"), AFTER_A_CRASH, ids=str)
def test_a_start_after_a_crash_survives(template: Site, tmp_path: Path, note: Note, call: str, numbers: range) -> None:
    need_strace()
    died = 0
    for number in numbers:
        site = template.copied(tmp_path / f"{call}-{number}")
        writers = few(site)
        server = serving(site.data_dir)
        run_load(writers, server.base_url, 0.3, then=server.kill)
        end(server)
        died += crash_at(site.data_dir, writers, call, number)
        check_afterwards(site, writers)
    note("kills, and violations after them", f"{died} at {len(numbers)} points, 0", "at each point, 0")
    assert died == len(numbers), "the server makes fewer such calls than it did: choose lower numbers"


@pytest.fixture(autouse=True)
def nothing_left() -> object:
    yield
    end_what_is_left()
