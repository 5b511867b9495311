"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from penstock.settings import FILE_NAME, Settings, load_settings

DataDirOption = Annotated[Path, Parameter("--data-dir", help="Folder that holds everything.")]
ConfigOption = Annotated[
    Path | None, Parameter("--config", help="Settings file (TOML). Default: penstock.toml in the data directory.")
]


def settings_for(data_dir: Path, config: Path | None, flags: dict[str, Any] | None = None) -> Settings:
    """The settings of a command: defaults, file, environment, flags.

    Raises:
        SettingsInvalid: a layer holds what it must not.
    """
    file = config
    if file is None and (data_dir / FILE_NAME).is_file():
        file = data_dir / FILE_NAME
    return load_settings(file, None, flags)
