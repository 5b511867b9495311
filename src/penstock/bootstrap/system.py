"""Builds the part for the operator: health and metrics, from the checks and figures of all nouns."""

from __future__ import annotations

from collections.abc import Sequence

from penstock import __version__
from penstock.api.system.health import HealthEndpoints
from penstock.api.system.metrics import Metrics
from penstock.bootstrap.part import Part
from penstock.settings import Settings


def system_part(settings: Settings, nouns: Sequence[Part]) -> Part:
    """Endpoints for health and metrics."""
    checks = {name: check for noun in nouns for name, check in noun.checks.items()}
    notices = {name: notice for noun in nouns for name, notice in noun.notices.items()}
    metrics = Metrics(figure for noun in nouns for figure in noun.figures)
    return Part(endpoints=(HealthEndpoints(__version__, settings.log.dangerous_durability, checks, notices, metrics),))
