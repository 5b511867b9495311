"""Builds the endpoint for assistants, and what `penstock mcp` shares with it."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from penstock import __version__
from penstock.api import v2
from penstock.api.mcp.endpoint import Admit, WithMcp
from penstock.api.mcp.limits import MCP
from penstock.api.shared.admission import named_organizations
from penstock.api.shared.later import Later
from penstock.bootstrap.dialects import CHOICES
from penstock.bootstrap.services import Services
from penstock.core.actor import Actor
from penstock.core.tenancy.admission import check_organization
from penstock.kit.http import App, Scope, credential
from penstock.kit.operation import Operation, operations_in
from penstock.settings import Settings

if TYPE_CHECKING:
    from penstock.api.mcp.server import Assistants


def has_mcp() -> bool:
    """Whether the library of the protocol is installed. Looking for it does not import it."""
    return importlib.util.find_spec("mcp") is not None


def with_mcp(app: App, services: Services, settings: Settings, operations: Sequence[Operation]) -> App:
    """The application with the endpoint for assistants in front of it. `operations` are those of the application."""
    return WithMcp(
        app, _admission(services), Later(lambda: build_assistants(operations)), services.bodies, settings.http.cors.origins
    )


def build_assistants(operations: Iterable[Operation]) -> Assistants:
    """What answers assistants, with tools for these operations. Its imports take half a second."""
    from penstock.api.mcp.catalogue import build_catalogue
    from penstock.api.mcp.server import Assistants

    return Assistants(build_catalogue(operations, CHOICES), __version__)


def native_operations() -> list[Operation]:
    """The operations of the native API without a server: for a program that calls one at a distance."""
    names = [one.name for one in pkgutil.walk_packages(v2.__path__, f"{v2.__name__}.")]
    modules = [importlib.import_module(name) for name in names]
    kinds = [
        one for module in modules for one in vars(module).values() if isinstance(one, type) and one.__module__ == module.__name__
    ]
    return [operation for kind in kinds for operation in operations_in(kind)]


def _admission(services: Services) -> Admit:
    async def admit(scope: Scope) -> Actor:
        actor = await services.gate.admit(credential(scope), services.clients.of(scope))
        await services.limits.take_into([], actor, MCP, MCP)
        check_organization(actor, named_organizations(scope), required=False)
        return actor

    return admit
