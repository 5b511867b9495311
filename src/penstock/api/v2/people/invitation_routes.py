"""Invitations over the native API."""

from __future__ import annotations

from typing import Any

from penstock.api.shared.call import Call
from penstock.api.shared.decoding import path_id
from penstock.api.shared.routes import Routes
from penstock.api.v2.people import wire
from penstock.api.v2.people.examples import INVITATION, INVITATION_PATH
from penstock.api.v2.people.member_routes import READ, WRITE
from penstock.api.v2.people.translate import from_core_invitation
from penstock.api.v2.views import view_of
from penstock.api.v2.wire import ListOf
from penstock.core.people.invitations import InvitationService
from penstock.core.people.models import Invitation, Role
from penstock.kit.clock import Clock
from penstock.kit.ids import InvitationId, Prefix
from penstock.kit.operation import Example


class InvitationEndpoints:
    """Invitations by e-mail."""

    routes = Routes("/api/v2/invitations", surface="v2", tag="Invitations")

    def __init__(self, invitations: InvitationService, clock: Clock) -> None:
        self._invitations = invitations
        self._clock = clock

    @routes.get(
        scope=READ,
        example=Example(answer={"data": [INVITATION], "next_cursor": None}),
    )
    async def list_invitations(self, call: Call[wire.InvitationQuery, None]) -> ListOf[wire.Invitation]:
        """List invitations.

        Newest first by default, including accepted and withdrawn ones.
        """
        page = await self._invitations.list(call.actor, call.query.limit, call.query.cursor, view_of(call.query))
        return ListOf([self._to_wire(one) for one in page.items], page.next_cursor)

    @routes.post(
        scope=WRITE,
        status=201,
        example=Example(body={"email": "grace@example.org", "role": "member"}, answer=INVITATION),
    )
    async def create(self, call: Call[None, wire.Invite]) -> wire.Invitation:
        """Invite a person by e-mail.

        The mail contains a single-use token. The response does not reveal whether the person already has an account. A key with a
        restriction cannot invite, because members cannot carry it.
        """
        return self._to_wire(await self._invitations.create(call.actor, call.body.email, Role(call.body.role)))

    @routes.get(
        "/{invitation_id}",
        scope=READ,
        example=Example(path=INVITATION_PATH, answer=INVITATION),
    )
    async def get(self, call: Call[None, None]) -> wire.Invitation:
        """Get an invitation."""
        return self._to_wire(await self._invitations.get(call.actor, _invitation_id(call)))

    @routes.post(
        "/{invitation_id}/resend",
        scope=WRITE,
        example=Example(path=INVITATION_PATH, answer=INVITATION),
    )
    async def resend(self, call: Call[None, None]) -> wire.Invitation:
        """Resend an invitation.

        The mail contains a new token with the full lifetime; the old token becomes invalid.
        """
        return self._to_wire(await self._invitations.resend(call.actor, _invitation_id(call)))

    @routes.delete(
        "/{invitation_id}",
        scope=WRITE,
        status=204,
        example=Example(path=INVITATION_PATH),
    )
    async def withdraw(self, call: Call[None, None]) -> None:
        """Withdraw an invitation."""
        await self._invitations.withdraw(call.actor, _invitation_id(call))

    def _to_wire(self, invitation: Invitation) -> wire.Invitation:
        return from_core_invitation(invitation, self._clock.now_us())


def _invitation_id(call: Call[Any, Any]) -> InvitationId:
    return path_id(Prefix.INVITATION, call.path["invitation_id"])
