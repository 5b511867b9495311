"""R2: readers of streams that never read cost next to nothing, are cut, and take nothing from those who do read."""

from __future__ import annotations

import socket
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.api.live.reader import SseReader
from tests.api.live.streams.test_sse import make_device, wait_for_readers
from tests.support.server import RunningServer, running_server

from .conftest import Note

STALLED = 50
LOAD_S = 90
ROWS = 200
PER_SECOND = 10
WARM_UP = 100
MAX_GROWTH_BYTES = 20_000_000


def stalled_reader(server: RunningServer, device: str) -> socket.socket:
    """A connection that asks for a stream and then reads nothing of it."""
    host, port = server.base_url.removeprefix("http://").split(":")
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    made.connect((host, int(port)))
    head = "".join(f"{name}: {value}\r\n" for name, value in server.orgs["Acme"].headers().items())
    made.sendall(f"GET /api/v2/streams/sse?devices={device} HTTP/1.1\r\nHost: {host}\r\n{head}\r\n".encode())
    return made


@pytest.mark.prove
def test_stalled_readers_harm_nobody(tmp_path: Path, note: Note) -> None:
    settings = {"PENSTOCK_HTTP_WRITE_STALL_TIMEOUT_S": "30", "PENSTOCK_HTTP_MAX_IDLE_PER_ADDRESS": "500"}
    with ExitStack() as stack:
        server = stack.enter_context(running_server(tmp_path / "data", environment=settings))
        api = stack.enter_context(server.client(server.orgs["Acme"]))
        device = make_device(api)
        rows = [{"data": {"n": n, "text": "x" * 100}} for n in range(ROWS)]
        api.post(f"/api/v2/devices/{device}/telemetry", json=rows)
        reader = SseReader(stack.enter_context(server.client(server.orgs["Acme"])), f"?devices={device}")
        reader.next("ready")
        for _ in range(WARM_UP):  # what the load costs without them is not theirs
            assert api.post(f"/api/v2/devices/{device}/telemetry", json=rows).status_code == 201
        reader.take(WARM_UP * ROWS)
        stalled = [stack.enter_context(stalled_reader(server, device)) for _ in range(STALLED)]
        wait_for_readers(server, STALLED + 1)
        before = server.rss_bytes()
        most, sent, begun = 0, 0, time.monotonic()
        while time.monotonic() - begun < LOAD_S:
            assert api.post(f"/api/v2/devices/{device}/telemetry", json=rows).status_code == 201
            sent += ROWS
            most = max(most, server.rss_bytes() - before)
            time.sleep(max(0, begun + sent / ROWS / PER_SECOND - time.monotonic()))
        seen = reader.take(sent)
        assert len({event.id for event in seen}) == sent
        wait_for_readers(server, 1)
        reader.close()
        assert len(stalled) == STALLED
    note("stalled readers, sent, lost by a healthy one", f"{STALLED}, {sent:,}, 0", "0 lost")
    note("memory above that before", f"{most / 1e6:.0f} MB", f"<= {MAX_GROWTH_BYTES / 1e6:.0f} MB")
    assert most <= MAX_GROWTH_BYTES
