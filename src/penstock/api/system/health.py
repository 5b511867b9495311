"""Health and metrics, for the operator of the server."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec

from penstock.api.shared.call import Answer, Call
from penstock.api.shared.routes import Routes
from penstock.api.system.access import OperatorGate
from penstock.api.system.metrics import TEXT_FORMAT, Metrics
from penstock.kit.operation import Example

UNAVAILABLE = "unavailable"
Check = Callable[[], str | None]
"""A check of one part of the server: None if it is healthy, else the reason."""


class Health(msgspec.Struct, frozen=True):
    """The health of the server.

    `durability` is `full`, or `relaxed` if the operator accepted that a power cut can lose the last seconds. `checks` has one
    entry per part: `ok`, or the reason why it is not.
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

    def __init__(
        self, version: str, durability: str, checks: Mapping[str, Check], metrics: Metrics, operators: OperatorGate
    ) -> None:
        self._version = version
        self._durability = durability
        self._checks = checks
        self._metrics = metrics
        self._operators = operators

    @routes.get(
        "/health",
        scope=None,
        example=Example(answer={"status": "ok", "version": "0.1.0", "durability": "full", "checks": {}}),
    )
    async def health(self, call: Call[None, None]) -> Health:
        """Check that the server is alive.

        Succeeds whenever the process can respond.
        """
        return Health("ok", self._version, self._durability)

    @routes.get(
        "/ready",
        scope=None,
        example=Example(answer={"status": "ok", "version": "0.1.0", "durability": "full", "checks": {"reading_log": "ok"}}),
    )
    async def ready(self, call: Call[None, None]) -> Answer[Health]:
        """Check that the server is ready.

        Returns 503 with the part that is not, for example if the disk failed. The reason is shown only to callers who may read
        the metrics; others see `unavailable`.
        """
        found = {name: check() for name, check in self._checks.items()}
        well = not any(found.values())
        may_see = well or self._operators.admits(call.scope)
        checks = {name: "ok" if problem is None else problem if may_see else UNAVAILABLE for name, problem in found.items()}
        return Answer(
            body=Health("ok" if well else UNAVAILABLE, self._version, self._durability, checks),
            # Load balancers and orchestrators read the status and not the body.
            status=200 if well else 503,
        )

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

        Counters and gauges of the server as a whole, in Prometheus's text format. They do not name organisations. Only the
        operator can read them: on the listener for metrics, with the token of the settings as a bearer token, or, without both,
        from the server's own machine.
        """
        self._operators.check(call.scope)
        return Answer(body=self._metrics.text())
