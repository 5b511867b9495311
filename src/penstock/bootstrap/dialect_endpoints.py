"""Builds the endpoints and device calls of the installed dialects, by the modules that their packages have for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from penstock.api import dialects
from penstock.api.shared.dialect_services import DialectServices, InboxServices
from penstock.bootstrap.dialects import DIALECTS
from penstock.bootstrap.part import Part
from penstock.bootstrap.parts import Parts
from penstock.bootstrap.services import Services
from penstock.core.telemetry.search import ReadingSearch
from penstock.ingress.http.intake import HttpIntake
from penstock.ingress.lorawan.protocol import read_message
from penstock.settings import Settings


def dialects_part(services: Services, parts: Parts, settings: Settings) -> Part:
    """Endpoints and device calls of the installed dialects."""
    given = _given(services, parts, settings)
    intake = HttpIntake(services.telemetry, services.ingest, services.lane)
    calls = tuple(one for module in _modules("device_calls") for one in module.build(intake, services.bodies))
    return Part(endpoints=tuple(one for module in _modules("endpoints") for one in module.build(given)), raw=calls, hot=calls)


def _modules(name: str) -> Iterator[ModuleType]:
    """The modules with this name in the packages of dialects that have one."""
    for dialect in DIALECTS:
        module = f"{dialects.__name__}.{dialect}.{name}"
        if find_spec(module) is not None:
            yield import_module(module)


def _given(services: Services, parts: Parts, settings: Settings) -> DialectServices:
    return DialectServices(
        clock=services.clock,
        tenancy=parts.tenancy,
        keys=parts.keys,
        plans=services.plans,
        usage=parts.usage,
        audit=parts.audit,
        devices=services.devices,
        presence=services.presence,
        licenses=parts.licenses,
        pairing=parts.pairing,
        installer=settings.installer,
        build_agent_archive=_build_agent_archive,
        telemetry=services.telemetry,
        latest=services.latest,
        search=ReadingSearch(services.telemetry),
        command_definitions=parts.commands.definitions,
        command_executions=parts.commands.executions,
        alerts=parts.alerts.definitions,
        occurrences=parts.alerts.occurrences,
        webhooks=parts.webhooks.endpoints,
        tokens=parts.tokens.service,
        token_imports=parts.tokens.imports,
        codes=parts.tokens.codes,
        placements=parts.customers.placements,
        uplinks=parts.uplinks,
        read_message=read_message,
        customers=parts.customers.service,
        billing=parts.billing.service,
        grants=parts.grants.service,
        seed_requests=parts.grants.requests,
        inboxes=InboxServices(parts.inboxes.addresses, parts.inboxes.messages, parts.inboxes.waiting, parts.inboxes.sending),
    )


def _build_agent_archive(folder: str, installer: Mapping[str, bytes]) -> bytes:
    from penstock.adapters.agent_archive import build_archive  # here, because what reads packages takes 7 ms to import

    return build_archive(folder, installer)
