"""Managers of customers over the native API: their invitation."""

from __future__ import annotations

from penstock.api.shared.call import Call
from penstock.api.shared.decoding import path_id
from penstock.api.shared.routes import Routes
from penstock.api.v2.customers.wire import ManagerInvite
from penstock.api.v2.people import wire as people_wire
from penstock.api.v2.people.examples import INVITATION
from penstock.api.v2.people.translate import from_core_invitation
from penstock.core.customers.service import CustomerService
from penstock.core.people.invitations import InvitationService
from penstock.core.people.models import Role
from penstock.kit.clock import Clock
from penstock.kit.ids import Prefix
from penstock.kit.operation import Example


class ManagerEndpoints:
    """Invite managers of customers."""

    routes = Routes("/api/v2/customers", surface="v2", tag="Customers")

    def __init__(self, customers: CustomerService, invitations: InvitationService, clock: Clock) -> None:
        self._customers = customers
        self._invitations = invitations
        self._clock = clock

    @routes.post(
        "/{customer_id}/managers/invitation",
        scope="customers:write",
        status=201,
        example=Example(
            path={"customer_id": "cus_0c2k9fq7w3c5d"},
            body={"email": "board@example.org"},
            answer=INVITATION | {"role": "customer_manager"},
        ),
        refuses=(409,),
    )
    async def invite_manager(self, call: Call[None, ManagerInvite]) -> people_wire.Invitation:
        """Invite someone to manage a customer.

        Sends a mail. A manager who accepts sees this customer, its residents, devices, consumption, alarms and invoices, and
        nothing else. Inviting therefore also requires `customers:read`, `devices:read`, `telemetry:read` and `billing:read`.
        """
        customer = await self._customers.get(call.actor, path_id(Prefix.CUSTOMER, call.path["customer_id"]))
        invitation = await self._invitations.create(call.actor, call.body.email, Role.CUSTOMER_MANAGER, customer_id=customer.id)
        return from_core_invitation(invitation, self._clock.now_us())
