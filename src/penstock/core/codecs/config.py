"""Settings of codecs."""

from __future__ import annotations

from typing import Annotated

import msgspec

from penstock.kit.bounds import Bytes, Count, Seconds


class CodecsConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Limits of codecs. Times are processor time per call, except `max_wait_s`: the maximum time until a call has been run."""

    workers: Annotated[int, msgspec.Meta(ge=1, le=64)]
    time_limit_s: Annotated[float, msgspec.Meta(ge=0.01, le=10)]
    memory_limit_bytes: Annotated[int, msgspec.Meta(ge=4_194_304, le=68_719_476_736)]
    max_output_bytes: Bytes
    max_queued: Count
    max_queued_per_org: Count
    max_wait_s: Seconds
