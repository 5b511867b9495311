"""Settings of agents' pairing and connections."""

from __future__ import annotations

from typing import Annotated

import msgspec


class AgentsConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whether agents may connect, how long a pair code lives, and how many connections there may be. Units: seconds."""

    enabled: bool = True
    pair_code_s: Annotated[int, msgspec.Meta(ge=1, le=604_800)] = 3_600
    max_connections: Annotated[int, msgspec.Meta(ge=1)] = 5_000
