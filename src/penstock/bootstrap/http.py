"""Builds the HTTP application: the operations of all nouns, and the hot paths in front of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from penstock import __version__
from penstock.api.mcp.endpoint import PATH as MCP_PATH
from penstock.api.shared.admission import Admission
from penstock.api.shared.application import Application
from penstock.api.shared.conditions import readers_of, with_conditions
from penstock.api.shared.cors import Cors
from penstock.api.shared.executor import Executor
from penstock.api.shared.handling import Handling
from penstock.api.system.docs import DocsEndpoints
from penstock.bootstrap.console import with_console
from penstock.bootstrap.dialects import CHOICES, SURFACES
from penstock.bootstrap.mcp import has_mcp, with_mcp
from penstock.bootstrap.part import Part
from penstock.bootstrap.services import Services
from penstock.ingress.http.routes import HotRoutes
from penstock.kit.http import App
from penstock.kit.operation import Bound, operations_of
from penstock.settings import Settings

API_PREFIXES = tuple(rule.path_prefix for rule in SURFACES if rule.surface != "system")


def build_http(services: Services, nouns: Sequence[Part], settings: Settings) -> tuple[App, list[Bound]]:
    """Build the application. Returns it with the table of its operations."""
    described: list[Bound] = []  # filled below, because the document also describes the endpoint that returns it
    bound = _operations([*(one for noun in nouns for one in noun.endpoints), DocsEndpoints(lambda: _openapi(described))])
    readers = readers_of(bound)
    bound = with_conditions(bound, readers)
    raw = _operations(one for noun in nouns for one in noun.raw)
    hot = _operations(one for noun in nouns for one in noun.hot)
    sockets = {path: app for noun in nouns for path, app in noun.sockets.items()}
    described += [*bound, *raw]
    admission = Admission(services.gate, services.clients, services.limits, services.directory)
    handling = Handling(services.database, services.clock, SURFACES, readers)
    executor = Executor(admission, SURFACES, services.bodies, services.calls, handling)
    app: App = HotRoutes(Application(executor, bound, raw), hot, sockets)
    cors = settings.http.cors
    prefixes = API_PREFIXES
    if settings.mcp.enabled and has_mcp():
        app = with_mcp(app, services, settings, [one.operation for one in described])
        prefixes += (MCP_PATH,)
    if settings.console.enabled:
        app = with_console(app, services, settings, [one.operation for one in described])
    return (Cors(app, cors, prefixes) if cors.origins else app), described


def _operations(endpoints: Iterable[object]) -> list[Bound]:
    return [one for each in endpoints for one in operations_of(each)]


def _openapi(described: list[Bound]) -> dict[str, Any]:
    from penstock.api.shared.openapi import openapi_document  # here, because it is imported when the document is first requested

    operations = [bound.operation for bound in described]
    return openapi_document(operations, version=__version__, server="/", rules=SURFACES, choices=CHOICES)
