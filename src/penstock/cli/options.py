"""Options that several commands share."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from penstock.adapters.storage.data_dir import DataDirUnusable
from penstock.adapters.storage.sqlite.migrations import CONTROL_FILE
from penstock.settings import FILE_NAME, Loaded, Settings, load_layers

if TYPE_CHECKING:
    from rich.console import Console

DataDirOption = Annotated[Path, Parameter("--data-dir", help="Folder with all data of the server.")]
JsonOption = Annotated[bool, Parameter(help="Print JSON.", negative="", show_default=False)]
ConfigOption = Annotated[
    Path | None, Parameter("--config", help="Settings file (TOML). Default: penstock.toml in the data directory.")
]


def settings_for(data_dir: Path, config: Path | None, flags: dict[str, Any] | None = None) -> Settings:
    """The settings of a command: defaults, file, environment, flags.

    Raises:
        SettingsInvalid: a layer has an unknown key or an invalid value.
    """
    return layers_for(data_dir, config, flags).settings


def layers_for(data_dir: Path, config: Path | None, flags: dict[str, Any] | None = None) -> Loaded:
    """The settings of a command, with the names of those that its layers set.

    Raises:
        SettingsInvalid: a layer has an unknown key or an invalid value.
    """
    file = config
    if file is None and (data_dir / FILE_NAME).is_file():
        file = data_dir / FILE_NAME
    return load_layers(file, None, flags)


def check_data_dir(data_dir: Path) -> None:
    """Reject a folder without Penstock data, instead of creating one.

    Raises:
        DataDirUnusable: it does not exist, is not a directory, or has no database.
    """
    if not data_dir.is_dir():
        raise DataDirUnusable(path=data_dir, reason="is not a directory" if data_dir.exists() else "does not exist")
    if not (data_dir / CONTROL_FILE).is_file():
        raise DataDirUnusable(path=data_dir, reason=f"has no {CONTROL_FILE}, so no data was stored there")


def console() -> Console:
    """Standard output for tables: as wide as the terminal; without a terminal, wide enough not to truncate."""
    from rich.console import Console  # here, because the server's start needs this module, and no tables

    return Console(width=None if sys.stdout.isatty() else 250)
