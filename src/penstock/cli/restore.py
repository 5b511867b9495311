"""`penstock restore`: restore a backup into a directory."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from penstock.adapters.storage.data_dir import KEYS
from penstock.adapters.storage.sqlite.audit import append_for_all
from penstock.adapters.storage.sqlite.backup import MANIFEST
from penstock.adapters.storage.sqlite.migrations import CONTROL_FILE
from penstock.adapters.storage.sqlite.restore import Keys, restore_backup
from penstock.cli.options import DataDirOption
from penstock.cli.progress import bar
from penstock.kit.clock import SystemClock


def restore(
    file: Annotated[Path, Parameter(help="A file written by `penstock backup`.")],
    /,
    *,
    data_dir: DataDirOption,
    keys: Annotated[
        Path | None, Parameter(help="File with the vault's keys. Default: the one next to FILE.", show_default=False)
    ] = None,
    without_keys: Annotated[
        bool, Parameter(help="Restore without the vault's keys: no secret can be read.", negative="", show_default=False)
    ] = False,
) -> None:
    """Restore a backup into a directory that is empty or does not exist.

    Everything is verified before anything is put in place: each file against the backup's list of hashes, each database by
    SQLite itself. If the command fails, the directory is unchanged.
    """
    with bar(None) as progress:
        manifest = restore_backup(file, data_dir, progress, Keys(file=keys, left_out=without_keys))
    details = {"backup_created_at": manifest.created_at, "backup_program_version": manifest.program_version}
    append_for_all(data_dir / CONTROL_FILE, "server.restore", SystemClock().now_us(), details)
    print(f"{data_dir}: restored from {file}, created {manifest.created_at} by Penstock {manifest.program_version}")
    print(f"{manifest.readings:,} readings, the last has seq {manifest.last_seq}")
    if (data_dir / KEYS).is_dir():
        print("the vault's keys are restored")
    elif without_keys:
        print("restored without the vault's keys: secrets cannot be read, and have to be entered again")
    print("files: " + ", ".join(entry.name for entry in manifest.files if entry.name != MANIFEST))
