"""Which connection a device is reached by, put together: once for network servers, once for brokers."""

from __future__ import annotations

import asyncio

from penstock.bootstrap.connections import Connections
from penstock.bootstrap.services import Services
from penstock.core.downlinks.reach import DownlinkRouting
from penstock.settings import Settings


def build_reach(services: Services, settings: Settings, connections: Connections) -> tuple[DownlinkRouting, asyncio.Event]:
    """What is known of the ways, forgotten where devices and connections change; and what is set when one has to be found."""
    asked = asyncio.Event()
    reach = DownlinkRouting(settings.downlinks, services.clock, asked.set)
    connections.directory.subscribe(reach.forget_connection)
    services.directory.subscribe(reach.forget_device)
    return reach, asked
