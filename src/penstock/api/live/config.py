"""Settings of live streams."""

from __future__ import annotations

import msgspec


class StreamConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Limits for the readers of streams.

    Units: seconds and bytes, as the names say.
    """

    heartbeat_s: float = 15
    max_queued_events: int = 1_000
    catch_up_s: float = 10
    max_readers_per_org: int = 2_000
    ticket_s: float = 60
