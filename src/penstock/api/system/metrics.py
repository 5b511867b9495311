"""Metrics: numbers that parts of the server keep anyway, read when Prometheus scrapes. None is counted only for this.

The library is imported at the first scrape, because that takes 10 ms, which would delay the server's start.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry
    from prometheus_client.core import Metric

TEXT_FORMAT = "text/plain; version=1.0.0; charset=utf-8"
"""The media type of `Metrics.text`. Source: the library's `CONTENT_TYPE_LATEST`."""


class Figure(msgspec.Struct, frozen=True):
    """One metric: its name without prefix, its description, how to read it, and whether it only increases."""

    name: str
    help: str
    read: Callable[[], float]
    counts: bool = False


class FigureTable(msgspec.Struct, frozen=True):
    """A metric with one number for each value of a label."""

    name: str
    help: str
    label: str
    read: Callable[[], Mapping[str, float]]


class Metrics:
    """The process's own metrics and these figures."""

    def __init__(self, figures: Iterable[Figure], tables: Iterable[FigureTable] = ()) -> None:
        self._figures = tuple(figures)
        self._tables = tuple(tables)

    def text(self) -> bytes:
        """All of them now, in Prometheus's text format."""
        from prometheus_client import generate_latest

        return generate_latest(self._registry)

    def collect(self) -> Iterator[Metric]:
        """The figures, as the library's registry asks for them."""
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

        for figure in self._figures:
            family = CounterMetricFamily if figure.counts else GaugeMetricFamily
            yield family(f"penstock_{figure.name}", figure.help, value=figure.read())
        for table in self._tables:
            rows = GaugeMetricFamily(f"penstock_{table.name}", table.help, labels=[table.label])
            for value, number in table.read().items():
                rows.add_metric([value], number)
            yield rows

    @cached_property
    def _registry(self) -> CollectorRegistry:
        from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector

        # Not the library's global registry, which would mix the figures of two servers in one process.
        registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        PlatformCollector(registry=registry)
        GCCollector(registry=registry)
        registry.register(self)
        return registry
