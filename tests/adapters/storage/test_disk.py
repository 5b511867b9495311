"""When a disk counts as full, and the reserve on it."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace

import pytest
import structlog

from penstock.adapters.storage.disk import LEAST_BYTES, RESERVE_BYTES, RESERVE_FILE, Disk
from tests.support.patching import replace_where


class Room:
    """How much is free, instead of what the file system says."""

    def __init__(self, path: Path) -> None:
        self.path, self.bytes = path, 100 * RESERVE_BYTES

    def statvfs(self, _: Path) -> SimpleNamespace:
        return SimpleNamespace(f_bavail=self.bytes, f_frsize=1)

    @property
    def reserved_bytes(self) -> int:
        return (self.path / RESERVE_FILE).stat().st_size


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Room:
    room = Room(tmp_path)
    replace_where(monkeypatch, os, "statvfs", room.statvfs, lambda path: path == room.path)
    return room


def test_it_is_full_and_free_again_with_some_distance(room: Room) -> None:
    disk = Disk(room.path)
    found = []
    with structlog.testing.capture_logs() as lines:
        for room.bytes in (LEAST_BYTES, LEAST_BYTES - 1, LEAST_BYTES, 2 * LEAST_BYTES - 1, 2 * LEAST_BYTES, LEAST_BYTES):
            (room.path / RESERVE_FILE).write_bytes(bytes(RESERVE_BYTES))
            found.append(disk.check())
    assert found == [False, True, True, True, False, False]
    assert [line["event"] for line in lines] == ["disk_full", "disk_full_no_longer"]


def test_room_is_made_only_on_a_full_disk_and_occupied_again(room: Room) -> None:
    disk = Disk(room.path)
    disk.make_room()
    assert room.reserved_bytes == RESERVE_BYTES
    room.bytes = 0
    disk.make_room()
    assert (room.reserved_bytes, disk.full) == (0, True)
    room.bytes = RESERVE_BYTES  # what was made free, and no more
    assert disk.check()
    room.bytes = RESERVE_BYTES + 2 * LEAST_BYTES
    assert not disk.check()
    assert room.reserved_bytes == RESERVE_BYTES


@pytest.mark.parametrize("left", [0, 300_000, RESERVE_BYTES, 5 * RESERVE_BYTES])
def test_what_is_left_of_the_room_is_occupied_again(room: Room, left: int) -> None:
    room.bytes = 0
    disk = Disk(room.path)
    disk.make_room()
    room.bytes = left
    disk.keep_room()
    assert room.reserved_bytes == min(left, RESERVE_BYTES)
