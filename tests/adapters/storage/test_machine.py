"""The disk and the data directory, as they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from penstock.adapters.storage import machine
from penstock.adapters.storage.machine import DataDirProbe, directory_checks, disk, space_check
from penstock.core.system.models import Day, Status


def test_files_are_counted_by_day(tmp_path: Path) -> None:
    (tmp_path / "telemetry").mkdir()
    for name, size in {"2026-04-01.db": 10, "2026-04-01.db-wal": 5, "2026-04-02.db": 7, "note": 100}.items():
        (tmp_path / "telemetry" / name).write_bytes(bytes(size))
    (tmp_path / "penstock.db").write_bytes(bytes(3))
    (tmp_path / "penstock.db-wal").write_bytes(bytes(4))
    found = disk(tmp_path)
    assert (found.days, found.control, found.readings) == ([Day("2026-04-01", 15), Day("2026-04-02", 7)], 7, 22)
    assert 0 < found.free < found.total


def test_other_users_are_warned_of(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    assert [check.status for check in directory_checks(tmp_path)] == [Status.OK, Status.WARN]
    tmp_path.chmod(0o700)
    assert {check.status for check in directory_checks(tmp_path)} == {Status.OK}


async def test_little_space_is_warned_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "LOW_SHARE", 1.0)
    assert space_check(tmp_path).status is Status.WARN
    assert (await DataDirProbe(tmp_path).examine()).checks[-1].status is Status.WARN
