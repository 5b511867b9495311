"""What the operator of a server asks it: its health and its metrics, of which every noun brings some."""

from __future__ import annotations

from collections.abc import Sequence

from penstock import __version__
from penstock.api.system.health import HealthEndpoints
from penstock.api.system.metrics import Metrics
from penstock.bootstrap.part import Part
from penstock.settings import Settings


def system_part(settings: Settings, nouns: Sequence[Part]) -> Part:
    """The health and the metrics of all nouns."""
    checks = {name: check for noun in nouns for name, check in noun.checks.items()}
    metrics = Metrics(figure for noun in nouns for figure in noun.figures)
    return Part(endpoints=(HealthEndpoints(__version__, settings.log.dangerous_durability, checks, metrics),))
