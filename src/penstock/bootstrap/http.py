"""Builds the HTTP application: the operations of all nouns, and the hot paths in front of them."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

import msgspec

from penstock import __version__
from penstock.api.grpc.mount import PREFIX as CONNECT_PREFIX
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
from penstock.bootstrap.grpc import build_calls, has_connect, with_connect
from penstock.bootstrap.mcp import has_mcp, with_mcp
from penstock.bootstrap.part import Part
from penstock.bootstrap.services import Services
from penstock.ingress.http.routes import HotRoutes
from penstock.kit.http import App
from penstock.kit.operation import Bound, operations_of
from penstock.settings import Settings

API_PREFIXES = tuple(rule.path_prefix for rule in SURFACES if rule.surface != "system")


class Http(msgspec.Struct, kw_only=True):
    """The application, the table of its operations, and the services of gRPC, built when they are first needed."""

    app: App
    operations: list[Bound]
    calls: Callable[[], Any]


def build_http(services: Services, nouns: Sequence[Part], settings: Settings) -> Http:
    """Build the application."""
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
    calls = functools.cache(
        partial(build_calls, services, executor, handling, bound, raw, [one for noun in nouns for one in noun.raw])
    )
    cors = settings.http.cors
    prefixes = API_PREFIXES
    if settings.grpc.connect and has_connect():
        app = with_connect(app, calls, settings.grpc)
        prefixes += (CONNECT_PREFIX,)
    if settings.mcp.enabled and has_mcp():
        app = with_mcp(app, services, settings, [one.operation for one in described])
        prefixes += (MCP_PATH,)
    if settings.console.enabled:
        app = with_console(app, services, settings, [one.operation for one in described])
    return Http(app=Cors(app, cors, prefixes) if cors.origins else app, operations=described, calls=calls)


def _operations(endpoints: Iterable[object]) -> list[Bound]:
    return [one for each in endpoints for one in operations_of(each)]


def _openapi(described: list[Bound]) -> dict[str, Any]:
    from penstock.api.shared.openapi import openapi_document  # here, because it is imported when the document is first requested

    operations = [bound.operation for bound in described]
    return openapi_document(operations, version=__version__, server="/", rules=SURFACES, choices=CHOICES)
