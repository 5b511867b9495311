"""Builds the part for live streams: tickets for browsers, and notices of events other than readings."""

from __future__ import annotations

from functools import partial

import msgspec

from penstock.api.live.admission import StreamAdmission
from penstock.api.live.hub import LiveHub
from penstock.api.live.notices import notice_of
from penstock.api.live.streams import Streams, TicketEndpoints
from penstock.api.live.tickets import Tickets
from penstock.bootstrap.inboxes import Inboxes
from penstock.bootstrap.part import Part
from penstock.bootstrap.services import Services
from penstock.core.alerts import events as alert_events
from penstock.core.commands import events as command_events
from penstock.core.devices import connectivity, history
from penstock.core.meter_alarms import events as meter_alarm_events
from penstock.core.outbox import OutboxEntry
from penstock.core.vault.errors import KeysMissing, SecretDamaged
from penstock.kit.errors import Unavailable
from penstock.kit.ids import DeviceId, InboxAddressId
from penstock.settings import Settings
from penstock.workers.outbox import Follower

TOPICS = {
    "command": tuple(command_events.TOPICS.values()),
    "connectivity": tuple(connectivity.TOPICS.values()),
    "event": (history.TOPIC,),
    "alert": (*alert_events.TOPICS, *meter_alarm_events.TOPICS),
}
"""The topics of the notices with each name."""


def streams_part(services: Services, settings: Settings, inboxes: Inboxes) -> Part:
    """Endpoints and followers for live streams."""
    tickets = Tickets(services.database, services.gate, services.clock, settings.streams)
    admission = StreamAdmission(services.gate, services.clients, services.limits, tickets, settings.http.cors.origins)
    return Part(
        endpoints=(TicketEndpoints(tickets),),
        raw=(Streams(services.hub, admission),),
        followers=_followers(services.hub) | _of_inboxes(services.hub, inboxes),
    )


def _followers(hub: LiveHub) -> dict[str, Follower]:
    async def show(name: str, entry: OutboxEntry) -> None:
        body = msgspec.json.decode(entry.body)
        device_id, project_id = DeviceId(body["device_id"]), body.get("project_id")
        await hub.send_notice(entry.org_id, device_id, name, notice_of(entry.topic, body), project_id)

    return {topic: partial(show, name) for name, topics in TOPICS.items() for topic in topics}


def _of_inboxes(hub: LiveHub, inboxes: Inboxes) -> dict[str, Follower]:
    async def show(entry: OutboxEntry) -> None:
        async def build() -> bytes | None:
            try:
                data = await inboxes.payloads.data(entry)
            except (SecretDamaged, KeysMissing, Unavailable):
                return None  # notices are never repeated, and this must not hold up other events
            return None if data is None else msgspec.json.encode({"event": entry.topic} | data)

        address_id = InboxAddressId(msgspec.json.decode(entry.body)["address_id"])
        await hub.send_message(entry.org_id, lambda actor: inboxes.addresses.reaches(actor, address_id), build)

    return dict.fromkeys(inboxes.payloads.topics, show)
