"""R7: SIGTERM under load. What was under way is answered whole or not at all, and what was answered is stored."""

from __future__ import annotations

import random
import signal
import time
from functools import partial

import pytest

from tests.support.pace import in_time
from tests.support.waiting import CEILING_S

from .conftest import Note
from .servers import end, serving
from .site import Site
from .stored import check_stored
from .writers import Writer, batch_call, fleet, repeat_unsure, run_load_until

GRACE_S = 10.0
LARGE_ROWS = 2_000


def stop_under_load(site: Site, chance: random.Random, note: Note, stops: int) -> float:
    """Stop a server again and again; the longest time that one took after its last answer."""
    writers = [*fleet(site), Writer("large", batch_call(site), rows=LARGE_ROWS)]
    slowest = 0.0
    unanswered = 0
    for _ in range(stops):
        server = serving(site.data_dir)
        repeat_unsure(writers, server.base_url)
        stop = partial(server.process.send_signal, signal.SIGTERM)
        run_load_until(writers, server.base_url, chance.randrange(LARGE_ROWS, 4 * LARGE_ROWS), then=stop)
        began = time.monotonic()
        assert server.process.wait(CEILING_S) == 0
        slowest = max(slowest, time.monotonic() - began)
        end(server)
        unanswered += sum(writer.unsure is not None for writer in writers)
        assert [writer.name for writer in writers if writer.torn] == [], "an answer was broken off"
        assert [answer.status for writer in writers for answer in writer.refusals] == []
    server = serving(site.data_dir)
    repeat_unsure(writers, server.base_url)
    stored = check_stored(site.data_dir, writers)
    assert end(server) == 0
    note("stops, broken answers, lost", f"{stops}, 0, 0 of {stored:,} stored", "0 broken, 0 lost")
    note("requests closed without a byte of answer", unanswered, "some")
    return slowest


def test_a_stop_breaks_nothing_off(site: Site, chance: random.Random, note: Note) -> None:
    stop_under_load(site, chance, note, stops=1)


@pytest.mark.prove
def test_many_stops_break_nothing_off_and_are_quick(site: Site, chance: random.Random, note: Note) -> None:
    slowest = stop_under_load(site, chance, note, stops=50)
    note("slowest stop after the last answer", f"{slowest:.2f} s", f"<= {GRACE_S} s")
    assert in_time(slowest, GRACE_S)
