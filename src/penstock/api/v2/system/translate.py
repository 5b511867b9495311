"""Converts the state of the server to wire structs."""

from __future__ import annotations

from collections.abc import Sequence

from penstock.api.v2.system import wire
from penstock.core.system.models import Backup, BackupState, Check, SystemState
from penstock.kit.clock import format_time


def from_core_disk(state: SystemState) -> wire.Disk:
    """Format the disk, with the forecast in whole bytes and tenths of days."""
    disk = state.machine.disk
    return wire.Disk(
        total_bytes=disk.total,
        free_bytes=disk.free,
        readings_bytes=disk.readings,
        control_bytes=disk.control,
        bytes_per_day=None if state.per_day is None else round(state.per_day),
        days_left=None if state.days_left is None else round(state.days_left, 1),
    )


def from_core_checks(checks: Sequence[Check]) -> list[wire.Check]:
    """Format checks."""
    return [wire.Check(one.name, one.status.value, one.detail) for one in checks]


def from_core_backup(backup: Backup) -> wire.Backup:
    """Format a backup."""
    return wire.Backup(
        name=backup.name,
        state=backup.state.value,
        created_at=format_time(backup.created_us),
        bytes=backup.size if backup.state is BackupState.COMPLETE and backup.size else None,
        done=round(backup.done, 3),
        error=backup.error or None,
    )
