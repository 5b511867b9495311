"""Overload at the ingest door: a short wait, then a refusal, both before the request's body is read.

What is refused after it was read and decoded has cost most of what it would have cost to store. And senders that do not keep
to `Retry-After` come back at once: the wait slows them down, so that the processor's time goes into what can be stored.
"""

from __future__ import annotations

import asyncio

from penstock.core.telemetry.errors import LogFull
from penstock.core.telemetry.service import TelemetryService

PATIENCE_S = 0.25
"""How long a request waits for room in the log's queue before it is refused."""


async def wait_for_room(telemetry: TelemetryService) -> None:
    """Return at once while the log keeps up.

    Raises:
        LogFull: there was no room, and none after a moment either.
    """
    if telemetry.is_overloaded:
        await asyncio.sleep(PATIENCE_S)
        if telemetry.is_overloaded:
            raise LogFull()
