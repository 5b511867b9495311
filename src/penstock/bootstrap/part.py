"""The part of a server that belongs to a noun: endpoints, background loops, followers of events, and figures."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import msgspec

from penstock.api.system.metrics import Figure
from penstock.workers.outbox import Follower

Loop = Callable[[], Awaitable[None]]
"""Runs until it is cancelled."""


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One noun's part of a server.

    `endpoints` execute operations. `loops` run under the supervisor, by name. `followers` are called with the events of their
    topic, `watchers` with every event. `figures` are read when Prometheus scrapes.
    """

    endpoints: tuple[object, ...] = ()
    loops: dict[str, Loop] = {}
    followers: dict[str, Follower] = {}
    watchers: tuple[Follower, ...] = ()
    figures: tuple[Figure, ...] = ()
