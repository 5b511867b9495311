"""Builds the endpoints of dialects: one module for each, imported only if the dialect's package exists."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from importlib.util import find_spec

from penstock.bootstrap.dialects import DIALECTS
from penstock.bootstrap.part import Part
from penstock.bootstrap.parts import Parts
from penstock.bootstrap.services import Services
from penstock.ingress.http.siliconwit import SiliconWitIngest
from penstock.settings import Settings

Build = Callable[[Services, Parts, Settings], Iterable[object]]


def dialects_part(services: Services, parts: Parts, settings: Settings) -> Part:
    """Endpoints of the installed dialects."""
    siliconwit = SiliconWitIngest(services.telemetry, services.ingest, services.lane, services.bodies)
    return Part(endpoints=tuple(_endpoints(services, parts, settings)), raw=(siliconwit,), hot=(siliconwit,))


def _endpoints(services: Services, parts: Parts, settings: Settings) -> Iterator[object]:
    for name in DIALECTS:
        module = f"{__name__}.{name}"
        if find_spec(module) is not None:
            build: Build = import_module(module).build
            yield from build(services, parts, settings)
