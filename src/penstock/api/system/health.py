"""Health and metrics, for the operator of the server."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec

from penstock.api.shared.call import Answer, Call
from penstock.api.shared.routes import Routes
from penstock.api.system.metrics import TEXT_FORMAT, Metrics
from penstock.kit.operation import Example

Check = Callable[[], str | None]
"""A check of one part of the server: None if it is healthy, else the reason."""
Notices = Mapping[str, Check]
"""What the server does without, which its operator did not request and should know: it is ready all the same."""


class Health(msgspec.Struct, frozen=True):
    """The health of the server.

    `durability` is `full`, or `relaxed` if the operator accepted that a power cut can lose the last seconds. `checks` has one
    entry per part: `ok`, or the reason why it is not. A part that the server does without, such as MQTT if its default port was
    in use, has an entry too.
    """

    status: str
    version: str
    durability: str
    checks: dict[str, str] = {}


class Pong(msgspec.Struct, frozen=True):
    """A minimal response."""

    status: str


class HealthEndpoints:
    """Liveness, readiness and metrics."""

    routes = Routes("", surface="system", tag="System")

    def __init__(self, version: str, durability: str, checks: Mapping[str, Check], notices: Notices, metrics: Metrics) -> None:
        self._version = version
        self._durability = durability
        self._checks = checks
        self._notices = notices
        self._metrics = metrics

    @routes.get(
        "/health",
        scope=None,
        example=Example(answer={"status": "ok", "version": "0.1.0", "durability": "full", "checks": {}}),
    )
    async def health(self, call: Call[None, None]) -> Health:
        """Check that the server is alive.

        Succeeds whenever the process can respond. `checks` names a part that the server does without.
        """
        return Health("ok", self._version, self._durability, self._noticed())

    @routes.get(
        "/ready",
        scope=None,
        example=Example(answer={"status": "ok", "version": "0.1.0", "durability": "full", "checks": {"reading_log": "ok"}}),
    )
    async def ready(self, call: Call[None, None]) -> Answer[Health]:
        """Check that the server is ready.

        Returns 503 with the part that is not, for example if the disk failed.
        """
        found = {name: check() for name, check in self._checks.items()}
        well = not any(found.values())
        checks = {name: problem or "ok" for name, problem in found.items()} | self._noticed()
        return Answer(
            body=Health("ok" if well else "unavailable", self._version, self._durability, checks),
            # Load balancers and orchestrators read the status and not the body.
            status=200 if well else 503,
        )

    def _noticed(self) -> dict[str, str]:
        return {name: notice for name, check in self._notices.items() if (notice := check()) is not None}

    @routes.get(
        "/ping",
        scope=None,
        example=Example(answer={"status": "pong"}),
    )
    async def ping(self, call: Call[None, None]) -> Pong:
        """Ping the server.

        For clients that only check whether the server responds.
        """
        return Pong("pong")

    @routes.get(
        "/metrics",
        scope=None,
        media_type=TEXT_FORMAT,
        example=Example(answer="penstock_log_commits_total 51.0\n"),
    )
    async def metrics(self, call: Call[None, None]) -> Answer[str]:
        """Get metrics for Prometheus.

        Counters and gauges of the server as a whole, in Prometheus's text format. They do not name organisations.
        """
        return Answer(body=self._metrics.text())
