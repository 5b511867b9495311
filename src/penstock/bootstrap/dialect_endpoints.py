"""The endpoints and device calls of dialects, built by their own modules over what is put together here."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from penstock.api import dialects
from penstock.api.shared.dialect_services import DeviceIntake, DialectServices
from penstock.bootstrap.dialects import DIALECTS
from penstock.bootstrap.parts import Parts
from penstock.bootstrap.services import Services
from penstock.core.telemetry.search import ReadingSearch
from penstock.ingress.lorawan.protocol import read_message
from penstock.kit.http import BodyBudget
from penstock.settings import Settings


def dialect_endpoints(services: Services, parts: Parts, settings: Settings) -> Iterator[object]:
    """The endpoints of every installed dialect."""
    given = _given(services, parts, settings)
    for module in _modules("endpoints"):
        yield from module.build(given)


def dialect_device_calls(intake: DeviceIntake, budget: BodyBudget) -> Iterator[object]:
    """The device calls of every installed dialect."""
    for module in _modules("device_calls"):
        yield from module.build(intake, budget)


def _modules(name: str) -> Iterator[ModuleType]:
    """The modules with this name in the packages of dialects that have one."""
    for dialect in DIALECTS:
        module = f"{dialects.__name__}.{dialect}.{name}"
        if find_spec(module) is not None:
            yield import_module(module)


def _given(services: Services, parts: Parts, settings: Settings) -> DialectServices:
    return DialectServices(
        clock=services.clock,
        tenancy=services.tenancy,
        keys=services.keys,
        plans=services.plans,
        usage=services.usage,
        audit=services.audit,
        devices=services.devices,
        presence=services.presence,
        licenses=services.licenses,
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
        placements=parts.meters.placements,
        uplinks=parts.meters.uplinks,
        read_message=read_message,
        customers=parts.meters.customers,
        billing=parts.meters.billing,
    )


def _build_agent_archive(folder: str) -> bytes:
    from penstock.adapters.agent_archive import build_archive  # here, because what reads packages takes 7 ms to import

    return build_archive(folder)
