"""Metrics: numbers that parts of the server keep anyway, read when Prometheus scrapes. None is counted only for this."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import msgspec
from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector


class Figure(msgspec.Struct, frozen=True):
    """One metric: its name without prefix, its description, how to read it, and whether it only increases."""

    name: str
    help: str
    read: Callable[[], float]
    counts: bool = False


class _Figures(Collector):
    def __init__(self, figures: Iterable[Figure]) -> None:
        self._figures = tuple(figures)

    def collect(self) -> Iterator[Metric]:
        for figure in self._figures:
            family = CounterMetricFamily if figure.counts else GaugeMetricFamily
            yield family(f"penstock_{figure.name}", figure.help, value=figure.read())


def build_registry(figures: Iterable[Figure]) -> CollectorRegistry:
    """Build a registry with the process's own metrics and these figures."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    PlatformCollector(registry=registry)
    GCCollector(registry=registry)
    registry.register(_Figures(figures))
    return registry
