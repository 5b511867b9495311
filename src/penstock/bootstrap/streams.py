"""Builds the part for live streams: tickets for browsers, and notices of events other than readings."""

from __future__ import annotations

import msgspec

from penstock.api.live.admission import StreamAdmission
from penstock.api.live.hub import LiveHub
from penstock.api.live.notices import alert_notice, command_notice, connectivity_notice, event_notice
from penstock.api.live.streams import Streams, TicketEndpoints
from penstock.api.live.tickets import Tickets
from penstock.bootstrap.part import Part
from penstock.bootstrap.services import Services
from penstock.core.alerts import events as alert_events
from penstock.core.alerts.events import AlertMoved
from penstock.core.commands import events as command_events
from penstock.core.commands.events import CommandMoved
from penstock.core.connections.intake import DeviceEventNoted
from penstock.core.devices import connectivity, history
from penstock.core.devices.connectivity import ConnectivityChanged
from penstock.core.outbox import OutboxEntry
from penstock.settings import Settings
from penstock.workers.outbox import Follower


def streams_part(services: Services, settings: Settings) -> Part:
    """Endpoints and followers for live streams."""
    tickets = Tickets(services.database, services.gate, services.clock, settings.streams)
    admission = StreamAdmission(services.gate, services.clients, services.limits, tickets, settings.http.cors.origins)
    return Part(
        endpoints=(TicketEndpoints(tickets),),
        raw=(Streams(services.hub, admission),),
        followers=_followers(services.hub),
    )


def _followers(hub: LiveHub) -> dict[str, Follower]:
    async def show_command(entry: OutboxEntry) -> None:
        moved = msgspec.json.decode(entry.body, type=CommandMoved)
        await hub.send_notice(entry.org_id, moved.device_id, "command", command_notice(moved))

    async def show_connectivity(entry: OutboxEntry) -> None:
        changed = msgspec.json.decode(entry.body, type=ConnectivityChanged)
        await hub.send_notice(entry.org_id, changed.device_id, "connectivity", connectivity_notice(changed))

    async def show_event(entry: OutboxEntry) -> None:
        noted = msgspec.json.decode(entry.body, type=DeviceEventNoted)
        await hub.send_notice(entry.org_id, noted.device_id, "event", event_notice(noted))

    async def show_alert(entry: OutboxEntry) -> None:
        moved = msgspec.json.decode(entry.body, type=AlertMoved)
        await hub.send_notice(entry.org_id, moved.device_id, "alert", alert_notice(moved, entry.topic))

    return {
        **dict.fromkeys(command_events.TOPICS.values(), show_command),
        **dict.fromkeys(connectivity.TOPICS.values(), show_connectivity),
        history.TOPIC: show_event,
        **dict.fromkeys(alert_events.TOPICS, show_alert),
    }
