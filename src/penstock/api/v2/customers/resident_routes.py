"""Residents who sign in, over the native API: their invitation, and the devices they can see."""

from __future__ import annotations

from penstock.api.shared.call import Call
from penstock.api.shared.decoding import path_id
from penstock.api.shared.routes import Routes
from penstock.api.v2.customers.translate import from_core_own_device
from penstock.api.v2.customers.wire import OwnDevice
from penstock.api.v2.people import wire as people_wire
from penstock.api.v2.people.examples import INVITATION
from penstock.api.v2.people.translate import from_core_invitation
from penstock.api.v2.wire import ListOf, Page
from penstock.core.customers.residence import ResidenceService
from penstock.core.customers.service import CustomerService
from penstock.core.people.invitations import InvitationService
from penstock.core.people.models import Role
from penstock.kit.clock import Clock
from penstock.kit.ids import Prefix
from penstock.kit.operation import Example


class ResidentEndpoints:
    """Invite residents, and list the caller's devices."""

    routes = Routes("/api/v2/customers", surface="v2", tag="Customers")
    routes_oneself = Routes("/api/v2/profile/devices", surface="v2", tag="Oneself")

    def __init__(
        self, customers: CustomerService, invitations: InvitationService, residence: ResidenceService, clock: Clock
    ) -> None:
        self._customers = customers
        self._invitations = invitations
        self._residence = residence
        self._clock = clock

    @routes.post(
        "/{customer_id}/residents/{resident_id}/invitation",
        scope="customers:write",
        status=201,
        example=Example(
            path={"customer_id": "cus_0c2k9fq7w3c5d", "resident_id": "res_0c2k9fq7w3r8d"},
            answer=INVITATION | {"role": "resident"},
        ),
        refuses=(409,),
    )
    async def invite(self, call: Call[None, None]) -> people_wire.Invitation:
        """Invite a resident to sign in.

        Sends a mail to their address. A resident who accepts can see the latest readings, the history and the consumption of the
        devices assigned to them, and nothing else. Inviting therefore also requires `telemetry:read`.
        """
        customer_id = path_id(Prefix.CUSTOMER, call.path["customer_id"])
        resident_id = path_id(Prefix.RESIDENT, call.path["resident_id"])
        # The address is the stored one: with one from the body, the caller could give a stranger access to the devices.
        resident = await self._customers.get_resident(call.actor, customer_id, resident_id)
        invitation = await self._invitations.create(call.actor, resident.email, Role.RESIDENT, resident.id)
        return from_core_invitation(invitation, self._clock.now_us())

    @routes_oneself.get(
        scope="profile:read",
        session=True,
        of_resident=True,
        example=Example(
            answer={
                "data": [
                    {
                        "id": "dev_0c2k9fq7w3m1x",
                        "name": "Flat 12",
                        "type": "water_meter",
                        "eui": "70b3d57ed0061f2a",
                        "last_seen_at": "2026-05-02T09:15:04Z",
                    }
                ],
                "next_cursor": None,
            }
        ),
    )
    async def own_devices(self, call: Call[Page, None]) -> ListOf[OwnDevice]:
        """List the devices assigned to the caller.

        Only residents have any; for other callers the list is empty.
        """
        page = await self._residence.devices(call.actor, call.query.limit, call.query.cursor)
        return ListOf([from_core_own_device(one) for one in page.items], page.next_cursor)
