"""`penstock backup`: all data in one file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from penstock import __version__
from penstock.adapters.storage.sqlite.backup import Backup, expected_bytes, write_backup
from penstock.cli.options import ConfigOption, DataDirOption, check_data_dir
from penstock.cli.progress import bar
from penstock.cli.recording import record_done
from penstock.kit.clock import SystemClock, format_seconds
from penstock.settings import FILE_NAME


def backup(
    file: Annotated[Path, Parameter(help="File to write: a tar archive, compressed if its name ends in .gz or .tgz.")],
    /,
    *,
    data_dir: DataDirOption,
    force: Annotated[bool, Parameter(help="Replace FILE if it exists.", negative="", show_default=False)] = False,
    config: ConfigOption = None,
) -> None:
    """Write all data to one file: organisations, devices, readings, the server's secret and its settings.

    The keys of the vault are written to a file next to it, vault-….keys, which replaces the one there and opens all older
    backups: keep it apart from them. Without it, the secrets in a backup cannot be read.

    Can be run while a server uses the directory; every reading acknowledged before the start is in the backup. Keep the file as
    safe as the data directory: it contains the secret under which keys are stored. Every organisation's audit log records it.
    """
    check_data_dir(data_dir)
    now_us = SystemClock().now_us()
    settings_file = config or data_dir / FILE_NAME
    requested = Backup(
        data_dir=data_dir,
        file=file,
        settings_file=settings_file if config or settings_file.is_file() else None,
        program_version=__version__,
        created_us=now_us,
        created_at=format_seconds(now_us),
        replace=force,
    )
    keys: list[Path] = []
    with bar(expected_bytes(data_dir)) as progress:
        manifest = write_backup(requested, progress, keys.append)
    record_done(data_dir, "this backup", "server.backup", now_us, {"file": file.name, "program_version": __version__})
    size = shown_bytes(file.stat().st_size)
    print(f"{file}: {size}, {manifest.readings:,} readings, the last has seq {manifest.last_seq}")
    for path in keys:
        print(f"{path}: the vault's keys, for this and all older backups; keep it apart from them")


def shown_bytes(size: int) -> str:
    """A size in units for display."""
    if size < 1_000_000:
        return f"{size / 1_000:.1f} kB"
    return f"{size / 1_000_000:,.1f} MB"
