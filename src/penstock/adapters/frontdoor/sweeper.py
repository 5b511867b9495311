"""Enforces the deadlines: one task that checks every live connection about once a second.

A timer per request would cost each of them more than all other bookkeeping of the front door together (1.4 µs to start and
cancel one under uvloop); checking 5,000 connections costs a few milliseconds per second.

A client's time does not count while the server makes it wait: while reading is paused, and until it has received `100
Continue`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import structlog

from penstock.adapters.frontdoor import refusals
from penstock.adapters.frontdoor.config import FrontDoorConfig
from penstock.adapters.frontdoor.connection import BODY, HEAD, IDLE, LINGER, UpgradedConnection
from penstock.adapters.frontdoor.door import Door
from penstock.adapters.frontdoor.protocol import FrontDoorProtocol

LINGER_S = 2.0
"""How long a rejected client may take to read the response and close."""

_LONGEST_SWEEP_S = 1.0
_SHORTEST_SWEEP_S = 0.02

_log = structlog.get_logger(__name__)


def sweep_interval_s(limits: FrontDoorConfig) -> float:
    """Seconds between sweeps: a quarter of the shortest deadline, one second at most."""
    shortest = min(limits.header_timeout_s, limits.body_timeout_s, limits.keep_alive_timeout_s, limits.write_stall_timeout_s)
    return max(_SHORTEST_SWEEP_S, min(_LONGEST_SWEEP_S, shortest / 4))


async def sweep_forever(connections: Iterable[object], door: Door) -> None:
    """Enforce the deadlines of `connections`, the live set of uvicorn, until cancelled."""
    loop = asyncio.get_running_loop()
    interval_s = sweep_interval_s(door.config)
    last = loop.time()
    while True:
        await asyncio.sleep(interval_s)
        now = loop.time()
        elapsed_s, last = now - last, now
        # The loop was blocked, or the machine slept: data that clients sent in that time is unread, so they are not late yet.
        if elapsed_s < 2 * interval_s + _LONGEST_SWEEP_S:
            for connection in list(connections):
                _sweep_one(connection, now, elapsed_s)
        if door.refused:
            _log.info("front_door_refused", counts=dict(door.refused))
            door.refused.clear()


def _sweep_one(connection: object, now: float, elapsed_s: float) -> None:
    if not isinstance(connection, FrontDoorProtocol | UpgradedConnection) or _cut_if_stalled(connection, now):
        return
    if isinstance(connection, UpgradedConnection):
        if not connection.handshake_initiated:
            connection.give_up_handshake()
    elif not connection.transport.is_closing():
        enforce(connection, now, elapsed_s)


def _cut_if_stalled(connection: FrontDoorProtocol | UpgradedConnection, now: float) -> bool:
    limits = connection.door.config
    if not connection.watch.stalled(connection.transport, now, limits.write_stall_timeout_s, limits.body_min_rate_bytes_s):
        return False
    connection.door.refused["http.write_stalled"] += 1
    connection.transport.abort()
    return True


def enforce(connection: FrontDoorProtocol, now: float, elapsed_s: float) -> None:
    """Close or reject one HTTP connection that has exceeded the deadline of its phase."""
    limits = connection.door.config
    phase = connection.phase
    in_phase_s = now - connection.since
    if phase == IDLE:
        allowed_s = limits.header_timeout_s if connection.cycle is None else limits.keep_alive_timeout_s
        if connection.transport.get_write_buffer_size():
            connection.since = now
        elif in_phase_s > allowed_s:
            connection.transport.close()
    elif phase in {HEAD, BODY} and _held_up_by_us(connection):
        connection.since += elapsed_s
    elif (phase == HEAD and in_phase_s > limits.header_timeout_s) or (phase == BODY and _too_slow(connection, in_phase_s)):
        connection.refuse(refusals.TIMEOUT)
    elif phase == LINGER and in_phase_s > LINGER_S:
        connection.transport.abort()


def _held_up_by_us(connection: FrontDoorProtocol) -> bool:
    if connection.flow.read_paused:
        return True
    return connection.phase == BODY and connection.cycle.waiting_for_100_continue


def _too_slow(connection: FrontDoorProtocol, in_phase_s: float) -> bool:
    limits = connection.door.config
    if in_phase_s <= limits.body_timeout_s:
        return False
    # A body that was answered before its end is only being discarded: no rate earns it more time.
    return connection.cycle.response_complete or connection.body_bytes < in_phase_s * limits.body_min_rate_bytes_s
