"""Builds the services for agents: pairing, and the WebSocket that agents keep open."""

from __future__ import annotations

from penstock.adapters.signatures_on_demand import SignaturesOnDemand
from penstock.adapters.storage.data_dir import DataDir
from penstock.api.system.metrics import Figure
from penstock.api.v2.agents.routes import AgentEndpoints
from penstock.bootstrap.commands import Commands
from penstock.bootstrap.part import Part
from penstock.bootstrap.services import Services
from penstock.core.agents.service import AgentService
from penstock.core.agents.tokens import AgentTokens
from penstock.core.commands.models import Transport
from penstock.core.people.ports import Signatures
from penstock.ingress.agents.intake import Intake
from penstock.ingress.agents.server import PATH, AgentServer
from penstock.settings import Settings


def build_pairing(services: Services, data_dir: DataDir, settings: Settings) -> AgentService:
    """Build the service for pair codes, pairings and their tokens."""
    database, clock = services.database, services.clock
    tokens = AgentTokens(
        database=database,
        signatures=SignaturesOnDemand(_signatures),
        box=services.people.box,
        clock=clock,
        issuer=settings.people.issuer,
    )
    return AgentService(
        database=database,
        devices=services.devices,
        directory=services.directory,
        tokens=tokens,
        failed_credentials=services.limits,
        trail=services.trail,
        pepper=data_dir.pepper(),
        clock=clock,
        config=settings.agents,
    )


def _signatures() -> Signatures:
    from penstock.adapters.signatures import RsaSignatures  # here, because the library takes 40 ms to import

    return RsaSignatures()


def build_agents(services: Services, settings: Settings, pairing: AgentService, commands: Commands) -> AgentServer:
    """Build the WebSocket endpoint, and register it as a transport for commands."""
    server = AgentServer(
        config=settings.agents,
        agents=pairing,
        intake=Intake(services.telemetry, services.lane, services.faults, commands.dispatcher),
        directory=services.directory,
        gate=services.gate,
        limits=services.limits,
        clients=services.clients,
        connectivity=services.connectivity,
        dispatch=commands.dispatcher,
        clock=services.clock,
    )
    commands.dispatcher.register(Transport.AGENT, server)
    commands.finders.append(server)
    services.on_foreign_change.append(server.organizations_changed)
    return server


def agents_part(settings: Settings, pairing: AgentService, server: AgentServer) -> Part:
    """Endpoints, WebSocket and figures for agents."""
    return Part(
        endpoints=(AgentEndpoints(pairing),),
        sockets={PATH: server} if settings.agents.enabled else {},
        figures=(Figure("agent_connections", "Agents that are connected.", lambda: server.connections),),
    )
