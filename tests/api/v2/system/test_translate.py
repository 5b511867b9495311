"""The state of the server on the wire."""

from __future__ import annotations

from penstock.api.v2.system.translate import from_core_backup, from_core_checks, from_core_disk
from penstock.core.system.models import Backup, BackupState, Check, Day, Disk, Machine, Status, SystemState


def test_a_forecast_is_rounded_or_null() -> None:
    machine = Machine(disk=Disk(total=10, free=5, control=1, days=[Day("2026-04-01", 4)]), checks=[])
    known = from_core_disk(SystemState(machine=machine, per_day=1.6, days_left=3.14))
    assert (known.readings_bytes, known.bytes_per_day, known.days_left) == (4, 2, 3.1)
    unknown = from_core_disk(SystemState(machine=machine, per_day=None, days_left=None))
    assert (unknown.bytes_per_day, unknown.days_left) == (None, None)


def test_a_backup_has_a_size_when_it_is_complete() -> None:
    running = from_core_backup(Backup(name="b", state=BackupState.RUNNING, created_us=0, done=0.12345))
    assert (running.state, running.bytes, running.done, running.error) == ("running", None, 0.123, None)
    complete = from_core_backup(Backup(name="b", state=BackupState.COMPLETE, created_us=0, size=7))
    assert (complete.bytes, complete.created_at) == (7, "1970-01-01T00:00:00Z")


def test_checks() -> None:
    (shown,) = from_core_checks([Check("disk", Status.WARN, "low")])
    assert (shown.name, shown.status, shown.detail) == ("disk", "warn", "low")
