"""D1: `kill -9` while readings come in by every door. What was acknowledged is there, and there once."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing

import pytest

from tests.support.pace import in_time

from .conftest import Note
from .servers import end, ready
from .site import Site
from .stored import check_stored, damage, faults, segments, stored_values
from .writers import fleet, repeat_unsure, run_load

pytestmark = pytest.mark.alone

READY_S = 3.0


@pytest.mark.parametrize("kills", [2, *(pytest.param(10, marks=pytest.mark.prove, id=f"10-series{n}") for n in range(10))])
def test_nothing_acknowledged_is_lost(site: Site, chance: random.Random, note: Note, kills: int) -> None:
    writers = fleet(site)
    slowest = 0.0
    for _ in range(kills):
        server, seconds = ready(site.data_dir)
        slowest = max(slowest, seconds)
        repeat_unsure(writers, server.base_url)
        check_stored(site.data_dir, writers)
        run_load(writers, server.base_url, chance.uniform(0.3, 1.0), then=server.kill)
        end(server)
    server, seconds = ready(site.data_dir)
    repeat_unsure(writers, server.base_url)
    assert not any(writer.unsure for writer in writers if writer.keyed)
    stored = check_stored(site.data_dir, writers)
    assert end(server) == 0
    acked = sum(len(writer.acked) for writer in writers)
    assert acked > 100 * kills, "hardly any load"
    note("acknowledged, lost, twice", f"{acked:,}, 0, 0 of {stored:,} stored", "0 lost, 0 twice")
    note("slowest start until ready", f"{max(slowest, seconds):.2f} s", f"<= {READY_S} s")
    assert in_time(max(slowest, seconds), READY_S)


def test_planted_faults_are_found(site: Site) -> None:
    writers = [writer for writer in fleet(site) if writer.keyed]
    server, _ = ready(site.data_dir)
    run_load(writers, server.base_url, 0.1)
    end(server)
    check_stored(site.data_dir, writers)
    lost, twice = sorted(stored_values(site.data_dir))[:2]
    with closing(sqlite3.connect(segments(site.data_dir)[-1])) as connection, connection:
        find = "SELECT seq FROM readings WHERE payload = CAST(? AS BLOB)"
        (seq,) = connection.execute(find, [f'{{"v": "{lost}"}}']).fetchone()
        connection.execute(f"UPDATE readings SET payload = CAST(? AS BLOB) WHERE seq = {seq}", [f'{{"v": "{twice}"}}'])
        connection.execute("DELETE FROM readings_by_device WHERE seq = (SELECT max(seq) FROM readings_by_device)")
    found = faults(writers, stored_values(site.data_dir))
    assert found == {"acknowledged, but lost": [lost], "stored twice": [twice]}
    assert damage(site.data_dir) == [f"{segments(site.data_dir)[-1].name}: readings that the index by device misses"]
