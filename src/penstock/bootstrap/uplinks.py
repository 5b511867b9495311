"""Builds the service for LoRaWAN uplinks. Those of unregistered devices are kept until the device is registered."""

from __future__ import annotations

from functools import partial

from penstock.bootstrap.codecs import CodecParts
from penstock.bootstrap.customers import Customers
from penstock.bootstrap.part import Part
from penstock.bootstrap.services import Services
from penstock.core.devices import events
from penstock.core.outbox import OutboxEntry
from penstock.core.uplinks.service import UplinkService
from penstock.ingress.http.pacing import pace
from penstock.kit.ids import DeviceId
from penstock.settings import Settings


def build_uplinks(services: Services, settings: Settings, codecs: CodecParts, customers: Customers) -> UplinkService:
    """Build the service for uplinks."""
    return UplinkService(
        database=services.database,
        directory=services.directory,
        telemetry=services.telemetry,
        decoder=codecs.codecs,
        pace=partial(pace, services.lane),
        faults=services.faults,
        seen=services.seen,
        trail=services.trail,
        clock=services.clock,
        config=settings.uplinks,
        route=customers.routing.route,
    )


def uplinks_part(uplinks: UplinkService) -> Part:
    """Followers for uplinks."""

    async def ingest_kept(entry: OutboxEntry) -> None:
        await uplinks.ingest_kept(entry.org_id, DeviceId(entry.subject_id))

    return Part(followers=dict.fromkeys((events.CREATED, events.UPDATED), ingest_kept))
