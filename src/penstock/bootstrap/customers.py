"""Builds the services for customers, their residents and placements."""

from __future__ import annotations

import msgspec

from penstock.api.v2.customers.manager_routes import ManagerEndpoints
from penstock.api.v2.customers.placement_routes import PlacementEndpoints
from penstock.api.v2.customers.resident_routes import ResidentEndpoints
from penstock.api.v2.customers.routes import CustomerEndpoints
from penstock.bootstrap.part import Part
from penstock.bootstrap.services import Services
from penstock.core.customers.placement import PlacementService
from penstock.core.customers.residence import ResidenceService
from penstock.core.customers.routing import TenantRouting
from penstock.core.customers.service import CustomerService
from penstock.core.customers.store import CustomerTransaction
from penstock.core.uplinks.service import UplinkService
from penstock.kit.ids import DeviceId
from penstock.settings import Settings


class Customers(msgspec.Struct, kw_only=True):
    """The services for customers."""

    service: CustomerService
    residence: ResidenceService
    placements: PlacementService
    routing: TenantRouting

    def part(self, services: Services, uplinks: UplinkService) -> Part:
        """Endpoints of customers."""
        return Part(
            endpoints=(
                CustomerEndpoints(self.service, self.placements, uplinks),
                PlacementEndpoints(self.placements),
                ManagerEndpoints(self.service, services.people.invitations, services.clock),
                ResidentEndpoints(self.service, services.people.invitations, self.residence, services.clock),
            )
        )


def build_customers(services: Services, settings: Settings) -> Customers:
    """Build the services for customers."""
    database, trail, clock = services.database, services.trail, services.clock

    async def note_changed(tx: CustomerTransaction, device_id: DeviceId, from_us: int) -> None:
        await tx.consumption_changes.add(device_id, from_us, "placement", clock.now_us())

    placements = PlacementService(
        database=database,
        devices=services.devices,
        latest=services.latest,
        trail=trail,
        clock=clock,
        config=settings.customers,
        on_past_changed=note_changed,
    )
    routing = TenantRouting(database, placements.place_first)
    return Customers(
        service=CustomerService(
            database=database,
            trail=trail,
            ids=services.ids,
            clock=clock,
            on_leave=services.people.authenticator.drop_user,
            on_created=routing.created,
        ),
        residence=ResidenceService(database),
        placements=placements,
        routing=routing,
    )
