"""Settings of codecs."""

from __future__ import annotations

import msgspec


class CodecsConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What codecs may cost. Time is processor time of one call; `max_wait_s` is until a call's turn has come and it is done."""

    workers: int
    time_limit_s: float
    memory_limit_bytes: int
    max_output_bytes: int
    max_queued: int
    max_queued_per_org: int
    max_wait_s: float
