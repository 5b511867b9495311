"""Health and metrics, for the operator of the server."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated

import msgspec

from penstock.api.shared.call import Answer, Call
from penstock.api.shared.routes import Routes
from penstock.api.system.access import OperatorGate
from penstock.api.system.metrics import TEXT_FORMAT, Metrics
from penstock.kit.operation import Example
from penstock.kit.wire_types import one_of

UNAVAILABLE = "unavailable"
Check = Callable[[], str | None]
"""A check of one part of the server: None if it is healthy, else the reason."""
Notices = Mapping[str, Check]
"""What the server does without, which its operator did not request and should know: it is ready all the same."""


class Follower(msgspec.Struct, frozen=True):
    """How far a worker is behind: `behind` after `workers.behind_after_s`, otherwise `ok`.

    `rows` are readings or queued rows that it has not processed, null if it follows nothing that can be counted. `seconds` is
    for how long it has had unfinished work, `error` the reason of its last failure since then.
    """

    status: Annotated[str, one_of("ok", "behind")]
    rows: int | None = None
    seconds: float | None = None
    error: str | None = None


class Health(msgspec.Struct, frozen=True):
    """The health of the server.

    `status` is `ok`, `degraded` if a worker is behind, or `unavailable`. `durability` is `full`, or `relaxed` if the operator
    accepted that a power cut can lose the last seconds. `checks` has one entry per part: `ok`, or the reason why it is not.
    `followers` has one entry per background worker. A part that the server does without, such as MQTT if its default port was in
    use, has an entry in `checks` too.
    """

    status: Annotated[str, one_of("ok", "degraded", "unavailable")]
    version: str
    durability: Annotated[str, one_of("full", "relaxed")]
    checks: dict[str, str] = {}
    followers: dict[str, Follower] = {}


class Pong(msgspec.Struct, frozen=True):
    """A minimal response."""

    status: str


class HealthEndpoints:
    """Liveness, readiness and metrics."""

    routes = Routes("", surface="system", tag="System")

    def __init__(
        self,
        version: str,
        durability: str,
        checks: Mapping[str, Check],
        notices: Notices,
        metrics: Metrics,
        operators: OperatorGate,
        followers: Callable[[], dict[str, Follower]] = dict,
    ) -> None:
        self._version = version
        self._durability = durability
        self._checks = checks
        self._notices = notices
        self._metrics = metrics
        self._operators = operators
        self._followers = followers

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
        example=Example(
            answer={
                "status": "degraded",
                "version": "0.1.0",
                "durability": "full",
                "checks": {"reading_log": "ok"},
                "followers": {
                    "mail": {"status": "behind", "rows": 120, "seconds": 340.5, "error": "the mail server is unavailable"},
                    "observer": {"status": "ok", "rows": 0, "seconds": 0.0, "error": None},
                },
            }
        ),
    )
    async def ready(self, call: Call[None, None]) -> Answer[Health]:
        """Check that the server is ready.

        Returns 503 with the part that is not, for example if the disk failed. A background worker that is behind makes the status
        `degraded`, with 200: the server still accepts readings, and a load balancer must not stop them because mail is slow.
        Reasons and figures are shown only to callers who may read the metrics; others see `unavailable` or `behind`.
        """
        found = {name: check() for name, check in self._checks.items()}
        well = not any(found.values())
        may_see = self._operators.admits(call.scope)
        checks = {name: "ok" if problem is None else problem if may_see else UNAVAILABLE for name, problem in found.items()}
        checks |= self._noticed()
        followers = self._followers()
        in_time = all(one.status == "ok" for one in followers.values())
        if not may_see:
            followers = {name: Follower(status=one.status) for name, one in followers.items()}
        status = UNAVAILABLE if not well else "ok" if in_time else "degraded"
        return Answer(
            body=Health(status, self._version, self._durability, checks, followers),
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
        refuses=(401, 403, 404),
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
