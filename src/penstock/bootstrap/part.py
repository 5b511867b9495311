"""The part of a server that belongs to a noun: endpoints, background loops, followers of events, and figures."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import msgspec

from penstock.api.system.health import Check
from penstock.api.system.metrics import Figure
from penstock.kit.http import App
from penstock.workers.outbox import Follower, Gatherer

Loop = Callable[[], Awaitable[None]]
"""Runs until it is cancelled."""


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One noun's part of a server.

    `endpoints` execute operations; `raw` are those whose operations are ASGI applications (`asgi_operation`), `hot` those of
    them whose POSTs are routed in front of the router. `sockets` are WebSockets of devices, by path. `loops` run under the
    supervisor, by name. `followers` are called with the events of their topic, those in `background` without holding up other
    events, `watchers` with every event, `gatherers` with all events of a step together. Events of topics in `apart` need an
    organisation's key, and hold up no others. `figures` are read when Prometheus scrapes, `checks` when the readiness of the
    server is requested. `notices` are shown with its health, and a server with one is ready.
    """

    endpoints: tuple[object, ...] = ()
    raw: tuple[object, ...] = ()
    hot: tuple[object, ...] = ()
    sockets: dict[str, App] = {}
    loops: dict[str, Loop] = {}
    followers: dict[str, Follower] = {}
    background: dict[str, Follower] = {}
    watchers: tuple[Follower, ...] = ()
    gatherers: tuple[Gatherer, ...] = ()
    apart: frozenset[str] = frozenset()
    figures: tuple[Figure, ...] = ()
    checks: dict[str, Check] = {}
    notices: dict[str, Check] = {}
