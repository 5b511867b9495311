"""A server is back at once after a kill, however much is stored."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from .conftest import Note
from .servers import end, ready
from .site import Site
from .stored import count
from .writers import Writer, batch_call, run_load

pytestmark = pytest.mark.prove

TIMES = 2
"""How many times as long as an empty server it may take to be ready."""
ROWS = 5_000
CONNECTIONS = 2
FILL_S = 180.0


@pytest.mark.parametrize("readings", [100_000, 1_000_000])
def test_a_start_after_a_kill_takes_no_time(site: Site, template: Site, tmp_path: Path, note: Note, readings: int) -> None:
    writers = [Writer(f"w{n}", batch_call(site), rows=ROWS) for n in range(CONNECTIONS)]
    server, _ = ready(site.data_dir)
    began = time.monotonic()
    while sum(len(writer.acked) for writer in writers) < readings:
        assert time.monotonic() - began < FILL_S, "too slow to fill"
        run_load(writers, server.base_url, 0.5)
    run_load(writers, server.base_url, 0.2, then=server.kill)
    end(server)
    server, seconds = ready(site.data_dir)
    assert end(server) == 0
    empty, usual = ready(template.copied(tmp_path / "empty").data_dir)
    assert end(empty) == 0
    stored = count(site.data_dir)
    note("readings, start until ready", f"{stored:,}, {seconds:.2f} s", f"<= {TIMES} × {usual:.2f} s, as an empty one")
    assert stored >= readings
    assert seconds <= TIMES * usual
