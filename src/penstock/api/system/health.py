"""Health and metrics, for whoever runs the server."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from penstock.api.shared.call import Answer, Call
from penstock.api.shared.routes import Routes
from penstock.kit.operation import Example

Check = Callable[[], str | None]
"""A look at one part of the server: None when it is well, else what is wrong."""


class Health(msgspec.Struct, frozen=True):
    """Whether the server is well.

    `durability` is `full`, or `relaxed` when the operator chose that a power cut may lose the last seconds. `checks` tells
    of each part, `ok` or what is wrong.
    """

    status: str
    version: str
    durability: str
    checks: dict[str, str] = {}


class Pong(msgspec.Struct, frozen=True):
    """The shortest answer."""

    status: str


class HealthEndpoints:
    """Alive, ready, and how it goes."""

    routes = Routes("", surface="system", tag="System")

    routes = Routes("", surface="system", tag="System")

    def __init__(self, version: str, durability: str, checks: Mapping[str, Check], registry: CollectorRegistry) -> None:
        self._version = version
        self._durability = durability
        self._checks = checks
        self._registry = registry

    @routes.get(
        "/health",
        scope=None,
        example=Example(answer={"status": "ok", "version": "0.1.0", "durability": "full", "checks": {}}),
    )
    async def health(self, call: Call[None, None]) -> Health:
        """Whether the server is alive.

        Answers as long as the process can answer at all.
        """
        return Health("ok", self._version, self._durability)

    @routes.get(
        "/ready",
        scope=None,
        example=Example(answer={"status": "ok", "version": "0.1.0", "durability": "full", "checks": {"reading_log": "ok"}}),
    )
    async def ready(self, call: Call[None, None]) -> Answer[Health]:
        """Whether the server can take work.

        503 with the part that cannot, for example when the disk failed.
        """
        found = {name: check() for name, check in self._checks.items()}
        well = not any(found.values())
        checks = {name: problem or "ok" for name, problem in found.items()}
        return Answer(
            body=Health("ok" if well else "unavailable", self._version, self._durability, checks),
            status=200 if well else 503,
        )

    @routes.get(
        "/ping",
        scope=None,
        example=Example(answer={"status": "pong"}),
    )
    async def ping(self, call: Call[None, None]) -> Pong:
        """Ping.

        For clients that only want to know whether somebody is there.
        """
        return Pong("pong")

    @routes.get(
        "/metrics",
        scope=None,
        media_type=CONTENT_TYPE_LATEST,
        example=Example(answer="penstock_log_commits_total 51.0\n"),
    )
    async def metrics(self, call: Call[None, None]) -> Answer[str]:
        """Metrics for Prometheus.

        Counts and gauges of the server as a whole, in the text format. They name no organisation.
        """
        return Answer(body=generate_latest(self._registry))
