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
from .writers import acknowledged, fleet, repeat_unsure, run_load_until

READY_S = 3.0


def kill_under_load(site: Site, chance: random.Random, note: Note, kills: int, readings: int) -> float:
    """Kill a server again and again, each time after at most so many readings; the longest time until one was ready."""
    writers = fleet(site)
    slowest = 0.0
    for _ in range(kills):
        server, seconds = ready(site.data_dir)
        slowest = max(slowest, seconds)
        repeat_unsure(writers, server.base_url)
        check_stored(site.data_dir, writers)
        run_load_until(writers, server.base_url, chance.randrange(readings // 10, readings), then=server.kill)
        end(server)
    server, seconds = ready(site.data_dir)
    repeat_unsure(writers, server.base_url)
    assert not any(writer.unsure for writer in writers if writer.keyed)
    stored = check_stored(site.data_dir, writers)
    assert end(server) == 0
    note("acknowledged, lost, twice", f"{acknowledged(writers):,}, 0, 0 of {stored:,} stored", "0 lost, 0 twice")
    return max(slowest, seconds)


def test_nothing_acknowledged_is_lost(site: Site, chance: random.Random, note: Note) -> None:
    kill_under_load(site, chance, note, kills=2, readings=2_000)


@pytest.mark.prove
@pytest.mark.parametrize("series", range(10))
def test_many_kills_lose_nothing_and_each_start_is_quick(site: Site, chance: random.Random, note: Note, series: int) -> None:
    slowest = kill_under_load(site, chance, note, kills=10, readings=20_000)
    note("slowest start until ready", f"{slowest:.2f} s", f"<= {READY_S} s")
    assert in_time(slowest, READY_S)


def test_planted_faults_are_found(site: Site) -> None:
    writers = [writer for writer in fleet(site) if writer.keyed]
    server, _ = ready(site.data_dir)
    run_load_until(writers, server.base_url, 100)
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
