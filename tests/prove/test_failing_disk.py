"""D4: a disk that is full, and a disk that fails.

When it is full, readings are refused and everything else goes on, and when there is room again so do they. When a sync
fails, nothing is acknowledged any more until a restart, even if later syncs seem to succeed: the kernel forgets, after it
has reported it once, that pages could not be written.
"""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvloop

from tests.support.server import RunningServer

from .conftest import Note
from .servers import Refusal, end, serving, start
from .site import Site
from .stored import check_stored, stored_values
from .traced import attached, failing_at, need_strace
from .wire import Answer
from .writers import Writer, device_calls, fleet, run_load

DISK = "64m"
BALLAST_BYTES = 28 << 20
"""More than the 16 MB to which the log lets its write-ahead file grow before it moves them into the segment."""
PAD_BYTES = 4_000
INDEX_S = 1.5
"""The log indexes its tail when it was idle for half a second."""


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of one's own."""
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(disk)]
    tried = subprocess.run(command, capture_output=True, text=True, check=False)
    if tried.returncode != 0:
        pytest.skip(f"a tmpfs cannot be mounted here: {tried.stderr.strip()}")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def send_each(writers: list[Writer], server: RunningServer, requests: int) -> None:
    """Let one writer after the other send so many requests."""

    async def send() -> None:
        for writer in writers:
            await writer.run(server.base_url, limit=requests)

    uvloop.run(send())


def assert_read(site: Site, server: RunningServer) -> None:
    with server.client(site.org) as client:
        for device in site.devices["Acme"]:
            assert client.get(f"/api/v2/devices/{device.id}/telemetry/latest").status_code == 200
            assert client.get(f"/api/v2/devices/{device.id}/telemetry?limit=3").json()["data"]


def kinds(answers: list[Answer]) -> set[tuple[int, bool, str]]:
    """What refusals there were: status, whether they say when to come again, code. A vendor's call may have no codes."""
    found = {(answer.status, "retry-after" in answer.headers, answer.code) for answer in answers}
    return found - {(503, True, "")} if len(device_calls()) > 1 else found


def test_a_full_disk_refuses_until_there_is_room(site: Site, small_disk: Path, note: Note) -> None:
    site = site.copied(small_disk)
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(BALLAST_BYTES))
    writers = fleet(site, pad=PAD_BYTES)
    server = serving(site.data_dir)
    for _ in range(40):
        run_load(writers, server.base_url, 0.25)
        if all(len(writer.refusals) > 3 for writer in writers):
            break
    refusals = [answer for writer in writers for answer in writer.refusals]
    assert all(writer.refusals for writer in writers), "the disk is not full yet"
    assert kinds(refusals) == {(503, True, "telemetry.disk_full")}
    assert_read(site, server)

    ballast.unlink()
    time.sleep(1)  # the file system gives room back a moment later
    acked_before = [len(writer.acked) for writer in writers]
    send_each(writers, server, 3)
    assert [len(writer.acked) for writer in writers] == [
        before + 3 * writer.rows for before, writer in zip(acked_before, writers, strict=True)
    ]
    assert end(server) == 0
    check_stored(site.data_dir, writers)
    stored = stored_values(site.data_dir)
    assert [value for writer in writers for value in writer.refused if stored[value]] == []
    note("refusals, acknowledged, lost", f"{len(refusals)}, {sum(len(w.acked) for w in writers)}, 0", "0 lost")


@pytest.mark.parametrize("at", ["commit", "index"])
def test_a_failed_sync_ends_all_acknowledging(site: Site, at: str) -> None:
    need_strace()
    writers = fleet(site)
    server = serving(site.data_dir)
    send_each(writers, server, 5)
    acked = [len(writer.acked) for writer in writers]
    # Once per thread: what comes after it succeeds, and must not be believed.
    number = {"commit": 1, "index": 2}[at]
    with attached(server, "-e", "trace=fdatasync,fsync", "-e", f"inject=fdatasync,fsync:error=EIO:when={number}"):
        if at == "index":
            send_each(writers[:1], server, 1)
            acked[0] += 1
            time.sleep(INDEX_S)
        send_each(writers, server, 3)
    send_each(writers, server, 3)
    assert [len(writer.acked) for writer in writers] == acked, "acknowledged after a failed sync"
    refusals = [answer for writer in writers for answer in writer.refusals]
    assert kinds(refusals) == {(503, True, "telemetry.log_failed")}
    with server.client() as client:
        assert client.get("/health").status_code == 200
        assert client.get("/ready").status_code == 503
    assert_read(site, server)
    assert end(server) == 0
    server = serving(site.data_dir)
    send_each(writers, server, 3)
    check_stored(site.data_dir, writers)
    assert end(server) == 0
    assert [len(writer.acked) for writer in writers] == [
        before + 3 * writer.rows for before, writer in zip(acked, writers, strict=True)
    ]


@pytest.mark.parametrize(
    ("error", "numbers"),
    [
        ("ENOSPC", (31,)),
        pytest.param("ENOSPC", range(20, 60, 2), marks=pytest.mark.prove),
        pytest.param("EIO", range(20, 60, 3), marks=pytest.mark.prove),
    ],
    ids=str,
)
def test_a_first_segment_on_a_failing_disk(template: Site, tmp_path: Path, note: Note, error: str, numbers: range) -> None:
    """Making a segment is many writes. Whichever of them fails, the next start goes on."""
    need_strace()
    refused = 0
    for number in numbers:
        site = template.copied(tmp_path / f"{error}-{number}")
        shutil.rmtree(site.data_dir / "telemetry")
        writers = fleet(site)
        server = start(site.data_dir, under=failing_at("pwrite64", number, error))
        if isinstance(server, Refusal):
            refused += 1
            assert server.status == 1, server.said
            assert server.said.splitlines()[-1].startswith("penstock: "), server.said
        else:
            send_each(writers, server, 3)
            end(server, hard=True)
        server = serving(site.data_dir)
        send_each(writers, server, 3)
        assert all(len(writer.acked) >= 3 * writer.rows for writer in writers)
        check_stored(site.data_dir, writers)
        assert end(server) == 0
    note("failures, starts refused, lost", f"{len(numbers)}, {refused}, 0", "0 lost, the next start goes on")
