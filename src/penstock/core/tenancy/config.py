"""Settings of tenancy."""

from __future__ import annotations

import msgspec


class InstallerConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What installers of agents are told. `{platform}` in file and address stands for the project's, without spaces."""

    file: str
    url: str
    host: str
