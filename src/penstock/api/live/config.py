"""Settings of live streams."""

from __future__ import annotations

import msgspec

from penstock.kit.bounds import Count, Seconds


class StreamConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Limits for the readers of streams.

    Units: seconds and bytes, as the names say.
    """

    heartbeat_s: Seconds = 15
    max_queued_events: Count = 1_000
    catch_up_s: Seconds = 10
    max_readers_per_org: Count = 2_000
    ticket_s: Seconds = 60
    ticket_reconnect_s: Seconds = 86_400
