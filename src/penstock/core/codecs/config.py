"""Settings of codecs."""

from __future__ import annotations

from typing import Annotated

import msgspec

from penstock.kit.bounds import Count, Positive


class CodecsConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What codecs may cost. Time is processor time of one call; `max_wait_s` is until a call's turn has come and it is done."""

    workers: Annotated[int, msgspec.Meta(ge=1, le=64)]
    time_limit_s: Annotated[float, msgspec.Meta(ge=0.01, le=10)]
    memory_limit_bytes: Annotated[int, msgspec.Meta(ge=4_194_304)]
    max_output_bytes: Count
    max_queued: Count
    max_queued_per_org: Count
    max_wait_s: Positive
