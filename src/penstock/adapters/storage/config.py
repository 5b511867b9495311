"""Settings of the embedded store."""

from __future__ import annotations

from typing import Literal

import msgspec

from penstock.kit.bounds import Bytes, Count


class LogConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Limits of the queue in front of the disk, and the durability of a commit.

    `durability` is `full` (a commit waits for the disk) or `relaxed`, with which a power cut loses the last seconds.
    """

    max_queued_readings: Count = 50_000
    max_queued_bytes: Bytes = 67_108_864
    dangerous_durability: Literal["full", "relaxed"] = "full"
