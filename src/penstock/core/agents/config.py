"""Settings of the pairing and connections of agents."""

from __future__ import annotations

from typing import Annotated

import msgspec

from penstock.kit.bounds import Count, Seconds


class AgentsConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whether agents can connect, how long a pair code and a connection's first frame may take, and the number of connections.

    Units: seconds.
    """

    enabled: bool = True
    pair_code_s: Annotated[int, msgspec.Meta(ge=1, le=604_800)] = 3_600
    connect_timeout_s: Seconds = 10
    max_connections: Count = 5_000
