"""Builds the part for the operator: health and metrics, from the checks and figures of all nouns."""

from __future__ import annotations

from collections.abc import Sequence

from penstock import __version__
from penstock.api.system.access import OperatorGate
from penstock.api.system.health import Follower, HealthEndpoints
from penstock.api.system.index import IndexEndpoints
from penstock.api.system.metrics import FigureTable, Metrics
from penstock.bootstrap.part import Part
from penstock.settings import Settings
from penstock.workers.progress import Behind, Followers


def system_part(progress: Followers, settings: Settings, nouns: Sequence[Part], operators: OperatorGate) -> Part:
    """Endpoints for health and metrics."""
    behind_after_s = settings.workers.behind_after_s
    checks = {name: check for noun in nouns for name, check in noun.checks.items()}
    notices = {name: notice for noun in nouns for name, notice in noun.notices.items()}
    metrics = Metrics((figure for noun in nouns for figure in noun.figures), _tables(progress))

    def followers() -> dict[str, Follower]:
        return {name: _follower(one, behind_after_s) for name, one in progress.behind().items()}

    health = HealthEndpoints(__version__, settings.log.dangerous_durability, checks, notices, metrics, operators, followers)
    return Part(endpoints=(IndexEndpoints(__version__, console=settings.console.enabled), health))


def _follower(one: Behind, behind_after_s: float) -> Follower:
    status = "behind" if one.seconds > behind_after_s else "ok"
    return Follower(status=status, rows=one.rows, seconds=round(one.seconds, 1), error=one.error or None)


def _tables(followers: Followers) -> tuple[FigureTable, ...]:
    def rows() -> dict[str, float]:
        return {name: one.rows for name, one in followers.behind().items() if one.rows is not None}

    def seconds() -> dict[str, float]:
        return {name: one.seconds for name, one in followers.behind().items()}

    return (
        FigureTable("worker_behind_rows", "Readings or queued rows that a worker has not processed yet.", "worker", rows),
        FigureTable("worker_behind_seconds", "Seconds for which a worker has had unfinished work.", "worker", seconds),
    )
