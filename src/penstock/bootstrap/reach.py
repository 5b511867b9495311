"""Builds the routing of commands to connections: one for network servers, one for brokers."""

from __future__ import annotations

import asyncio

from penstock.bootstrap.connections import Connections
from penstock.bootstrap.services import Services
from penstock.core.downlinks.reach import DownlinkRouting
from penstock.settings import Settings


def build_reach(services: Services, settings: Settings, connections: Connections) -> tuple[DownlinkRouting, asyncio.Event]:
    """Build a routing, with the event that it sets when a route must be looked up. It drops changed devices and connections."""
    asked = asyncio.Event()
    reach = DownlinkRouting(settings.downlinks, services.clock, asked.set)
    connections.directory.subscribe(reach.forget_connection)
    services.directory.subscribe(reach.forget_device)
    return reach, asked
