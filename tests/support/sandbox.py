"""Pools of processes for codecs, and calls of scripts on them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from penstock.adapters.sandbox.pool import SandboxPool
from penstock.core.codecs.config import CodecsConfig
from penstock.core.codecs.models import CodecInput, Result
from penstock.core.codecs.ports import Call, RunOutcome, Script
from penstock.core.codecs.results import read_result
from tests.support.days import HeldClock

ORG, OTHER = 1, 2
DEFAULTS = {
    "workers": 1,
    "time_limit_s": 0.1,
    "memory_limit_bytes": 32 * 1_048_576,
    "max_output_bytes": 32_768,
    "max_queued": 10_000,
    "max_queued_per_org": 2_000,
    "max_wait_s": 60.0,
}
HONEST = "function decodeUplink(input) { return {data: {sum: input.bytes.reduce(function (a, b) { return a + b; }, 0)}}; }"


@asynccontextmanager
async def running_pool(
    clock: HeldClock | None = None, answer_within_s: float | None = None, **config: Any
) -> AsyncIterator[SandboxPool]:
    """A pool with the usual settings but for some, ended at the end."""
    pool = SandboxPool(CodecsConfig(**(DEFAULTS | config)), clock or HeldClock(), answer_within_s)
    try:
        yield pool
    finally:
        await pool.close()


async def run(pool: SandboxPool, script: str, given: CodecInput | None = None, org: int = ORG) -> RunOutcome:
    """How a script's `decodeUplink` ends."""
    call = Call.DECODE_UPLINK
    return await pool.run(
        org, Script.from_text(script), call, (given or CodecInput(payload=b"\x01\x02\x03", f_port=10)).as_json(call)
    )


async def result(
    pool: SandboxPool, script: str, given: CodecInput | None = None, call: Call = Call.DECODE_UPLINK, org: int = ORG
) -> Result:
    """What a call of a script comes to."""
    given = given or CodecInput(payload=b"\x01\x02\x03", f_port=10)
    return read_result(call, await pool.run(org, Script.from_text(script), call, given.as_json(call)))
