"""Builds the services for uplinks, customers, placements, meters and billing."""

from __future__ import annotations

from functools import partial

import msgspec

from penstock.api.v2.billing.routes import BillingEndpoints
from penstock.api.v2.customers.placement_routes import PlacementEndpoints
from penstock.api.v2.customers.resident_routes import ResidentEndpoints
from penstock.api.v2.customers.routes import CustomerEndpoints
from penstock.api.v2.meters.routes import MeterEndpoints
from penstock.bootstrap.codecs import CodecParts
from penstock.bootstrap.part import Part
from penstock.bootstrap.services import Services
from penstock.core.billing.closing import MonthCloser
from penstock.core.billing.service import BillingService
from penstock.core.customers.placement import PlacementService
from penstock.core.customers.residence import ResidenceService
from penstock.core.customers.service import CustomerService
from penstock.core.devices import events
from penstock.core.meters.series import MeterReader
from penstock.core.meters.service import MeterService
from penstock.core.outbox import OutboxEntry
from penstock.core.uplinks.service import UplinkService
from penstock.ingress.http.pacing import pace
from penstock.kit.ids import DeviceId
from penstock.settings import Settings
from penstock.workers.statements import StatementsWorker


class Meters(msgspec.Struct, kw_only=True):
    """The services for organisations that measure for customers."""

    uplinks: UplinkService
    customers: CustomerService
    residence: ResidenceService
    placements: PlacementService
    billing: BillingService
    meters: MeterService
    closer: MonthCloser

    def part(self, services: Services, settings: Settings) -> Part:
        """Endpoints, loop and followers for customers and billing."""
        statements = StatementsWorker(
            closer=self.closer,
            database=services.database,
            log=services.log,
            clock=services.clock,
            interval_s=settings.billing.interval_s,
        )

        async def ingest_kept(entry: OutboxEntry) -> None:
            await self.uplinks.ingest_kept(entry.org_id, DeviceId(entry.subject_id))

        return Part(
            endpoints=(
                CustomerEndpoints(self.customers, self.placements, self.uplinks),
                PlacementEndpoints(self.placements),
                BillingEndpoints(self.billing),
                MeterEndpoints(self.meters, services.clock),
                ResidentEndpoints(self.customers, services.people.invitations, self.residence, services.clock),
            ),
            loops={"statements": statements.run},
            followers=dict.fromkeys((events.CREATED, events.UPDATED), ingest_kept),
        )


def build_meters(services: Services, settings: Settings, codecs: CodecParts) -> Meters:
    """Build the services for uplinks, customers and billing."""
    database, trail, clock = services.database, services.trail, services.clock
    return Meters(
        uplinks=UplinkService(
            database=database,
            directory=services.directory,
            telemetry=services.telemetry,
            decoder=codecs.codecs,
            pace=partial(pace, services.lane),
            trail=trail,
            clock=clock,
            config=settings.uplinks,
        ),
        customers=CustomerService(
            database=database,
            trail=trail,
            ids=services.ids,
            clock=clock,
            on_leave=services.people.authenticator.drop_user,
        ),
        residence=ResidenceService(database),
        placements=PlacementService(
            database=database,
            devices=services.devices,
            latest=services.latest,
            trail=trail,
            clock=clock,
            config=settings.customers,
        ),
        billing=BillingService(database=database, plans=services.plans, clock=clock),
        meters=MeterService(
            database=database,
            directory=services.directory,
            telemetry=services.telemetry,
            reader=MeterReader(services.store),
            trail=trail,
            clock=clock,
        ),
        closer=MonthCloser(
            database=database,
            plans=services.plans,
            trail=trail,
            ids=services.ids,
            clock=clock,
            delay_s=settings.billing.statement_delay_s,
        ),
    )
