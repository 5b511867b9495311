"""Overload protection of the ingest calls: a short wait, then a rejection, both before the request's body is read.

Rejecting a request that was read and decoded costs almost as much as storing it. Senders that ignore `Retry-After` return
immediately; the wait slows them down, so that processor time is spent on readings that can be stored.
"""

from __future__ import annotations

import asyncio

from penstock.core.telemetry.errors import LogFull
from penstock.core.telemetry.service import TelemetryService

PATIENCE_S = 0.25
"""How long a request waits for room in the log's queue before it is rejected."""


async def wait_for_room(telemetry: TelemetryService) -> None:
    """Return immediately while the log keeps up.

    Raises:
        LogFull: the queue was full and remained full during the wait.
    """
    if telemetry.is_overloaded:
        await asyncio.sleep(PATIENCE_S)
        if telemetry.is_overloaded:
            raise LogFull()
