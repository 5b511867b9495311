"""Builds the endpoints of dialects: one module for each, imported only if the dialect's package exists."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from importlib.util import find_spec

from penstock.bootstrap.dialects import DIALECTS
from penstock.bootstrap.parts import Parts
from penstock.bootstrap.services import Services
from penstock.settings import Settings

Build = Callable[[Services, Parts, Settings], Iterable[object]]


def dialect_endpoints(services: Services, parts: Parts, settings: Settings) -> Iterator[object]:
    """Build the endpoints of every installed dialect."""
    for name in DIALECTS:
        module = f"{__name__}.{name}"
        if find_spec(module) is not None:
            build: Build = import_module(module).build
            yield from build(services, parts, settings)
