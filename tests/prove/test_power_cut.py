"""D2: power cuts. The data directory lies on a file system that forgets what was not fsynced.

`kill -9` cannot show durability, because the kernel keeps what a dead process wrote. Here a cut leaves nothing but what
was fsynced, or that and a random part of the rest. The server runs with the settings it ships with; with relaxed
durability the same harness must find losses, or it proves nothing.
"""

from __future__ import annotations

import random

import pytest

from .conftest import Note
from .power import lossy_disk
from .servers import end, serving
from .site import Site
from .stored import check_stored, faults, stored_values
from .writers import Writer, fleet, repeat_unsure, run_load

RELAXED = {"PENSTOCK_LOG_DANGEROUS_DURABILITY": "relaxed"}
PLANTED_CUTS = 5


def load_and_cut(
    site: Site, writers: list[Writer], chance: random.Random, keep: float, environment: dict[str, str] | None = None
) -> int:
    """Load a server on the forgetful disk and cut its power; how many bytes were forgotten."""
    with lossy_disk(site.data_dir) as disk:
        server = serving(disk.path, environment=environment)
        repeat_unsure(writers, server.base_url)
        forgotten: list[int] = []

        def cut() -> None:
            forgotten.append(disk.cut(chance.getrandbits(32), keep)["forgotten_bytes"])
            server.kill()

        run_load(writers, server.base_url, chance.uniform(0.2, 1.0), then=cut, each=10)
        end(server)
    return forgotten[0]


@pytest.mark.parametrize("cuts", [2, *(pytest.param(10, marks=pytest.mark.prove, id=f"10-series{n}") for n in range(5))])
def test_nothing_acknowledged_is_lost(site: Site, chance: random.Random, note: Note, cuts: int) -> None:
    writers = fleet(site)
    forgotten = 0
    for number in range(cuts):
        forgotten += load_and_cut(site, writers, chance, keep=(0.0, 0.5)[number % 2])
        server = serving(site.data_dir)
        repeat_unsure(writers, server.base_url)
        stored = check_stored(site.data_dir, writers)
        assert end(server, hard=bool(number % 3)) in (0, -9)
    acked = sum(len(writer.acked) for writer in writers)
    assert forgotten > 0, "the cuts forgot nothing"
    note("acknowledged, lost, twice", f"{acked:,}, 0, 0 of {stored:,} stored", "0 lost, 0 twice")
    note("bytes that the cuts forgot", f"{forgotten:,}", "> 0")


def test_planted_relaxed_durability_is_found_out(site: Site, chance: random.Random) -> None:
    writers = fleet(site)
    for _ in range(PLANTED_CUTS):
        load_and_cut(site, writers, chance, keep=0.0, environment=RELAXED)
        with_losses = serving(site.data_dir)
        lost = faults(writers, stored_values(site.data_dir)).get("acknowledged, but lost", [])
        end(with_losses)
        if lost:
            return
    pytest.fail(f"relaxed durability lost nothing in {PLANTED_CUTS} cuts: the harness is blind")
