"""The members of an organisation over the native API, and the organisation's settings."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET

from penstock.api.shared.call import Call
from penstock.api.shared.decoding import path_id
from penstock.api.shared.routes import Routes
from penstock.api.v2.people import wire
from penstock.api.v2.people.examples import MEMBER, SESSION, SETTINGS, USER_PATH
from penstock.api.v2.people.translate import from_core_member, from_core_session
from penstock.api.v2.views import view_of
from penstock.api.v2.wire import ListOf, Page
from penstock.core.people.members import MemberService
from penstock.core.people.models import OrganizationSettings, Role
from penstock.core.people.sessions import SessionService
from penstock.core.tenancy.plans import PlanCatalogue
from penstock.kit.ids import OrgId, Prefix, UserId, encode
from penstock.kit.operation import Example

READ, WRITE, ADMIN = "organization:read", "organization:write", "org:admin"


class MemberEndpoints:
    """Members, and the settings of the organisation."""

    routes = Routes("/api/v2/members", surface="v2", tag="Members")
    routes_organisation = Routes("/api/v2/organization", surface="v2", tag="Organisation")

    def __init__(self, members: MemberService, sessions: SessionService, plans: PlanCatalogue) -> None:
        self._members = members
        self._sessions = sessions
        self._plans = plans

    @routes_organisation.get(
        scope=READ,
        example=Example(answer=SETTINGS),
    )
    async def organization(self, call: Call[None, None]) -> wire.Organization:
        """Get the organisation."""
        return await self._organization(call.actor.org_id, await self._members.settings(call.actor))

    @routes_organisation.patch(
        scope=ADMIN,
        example=Example(body={"require_mfa": False}, answer=SETTINGS),
    )
    async def set_organization(self, call: Call[None, wire.OrganizationPatch]) -> wire.Organization:
        """Rename the organisation, or require a second factor.

        The requirement takes effect immediately: a user who signed in without a second factor can then only enrol one.
        """
        name = None if call.body.name is UNSET else call.body.name
        require_mfa = None if call.body.require_mfa is UNSET else call.body.require_mfa
        found = await self._members.set_settings(call.actor, name=name, require_mfa=require_mfa)
        return await self._organization(call.actor.org_id, found)

    @routes.get(
        scope=READ,
        example=Example(answer={"data": [MEMBER], "next_cursor": None}),
    )
    async def list_members(self, call: Call[wire.MemberQuery, None]) -> ListOf[wire.Member]:
        """List members."""
        page = await self._members.list(call.actor, call.query.limit, call.query.cursor, view_of(call.query))
        return ListOf([from_core_member(one) for one in page.items], page.next_cursor)

    @routes.get(
        "/{user_id}",
        scope=READ,
        example=Example(path=USER_PATH, answer=MEMBER),
    )
    async def get(self, call: Call[None, None]) -> wire.Member:
        """Get a member."""
        return from_core_member(await self._members.get(call.actor, _user_id(call)))

    @routes.patch(
        "/{user_id}",
        scope=WRITE,
        example=Example(path=USER_PATH, body={"role": "member"}, answer=MEMBER),
    )
    async def set_role(self, call: Call[None, wire.RoleChange]) -> wire.Member:
        """Change a member's role.

        The new role applies from the member's next call. You cannot grant a role with more permissions than yours, or change a
        member who has one; a key with a restriction cannot change roles. The last owner cannot lose the role.
        """
        return from_core_member(await self._members.set_role(call.actor, _user_id(call), Role(call.body.role)))

    @routes.delete(
        "/{user_id}",
        scope=WRITE,
        example=Example(
            path=USER_PATH,
            answer={
                "user_id": "usr_0c2k9fq7w3u4d",
                "email": "ada@example.org",
                "sessions_ended": 2,
                "keys_revoked": ["key_0c2k9fq7w3c2k"],
                "groups_left": ["Night shift"],
            },
        ),
    )
    async def remove(self, call: Call[None, None]) -> wire.OffBoarded:
        """Off-board a member.

        Ends the membership, the group memberships, the sessions in this organisation and all API keys whose root is the member,
        in one step; the audit log records what the member could access. The user remains in the database, so that older audit
        entries stay readable.
        """
        # A deletion with a body: the caller must learn which keys stopped working.
        gone = await self._members.remove(call.actor, _user_id(call))
        return wire.OffBoarded(
            user_id=encode(Prefix.USER, gone.member.user_id),
            email=gone.member.email,
            sessions_ended=len(gone.session_ids),
            keys_revoked=[encode(Prefix.KEY, key_id) for key_id in gone.key_ids],
            groups_left=gone.groups,
        )

    @routes.get(
        "/{user_id}/sessions",
        scope=ADMIN,
        example=Example(path=USER_PATH, answer={"data": [SESSION | {"current": False}], "next_cursor": None}),
    )
    async def sessions(self, call: Call[Page, None]) -> ListOf[wire.Session]:
        """List the sessions of a member.

        Newest first.
        """
        page = await self._sessions.list_of(call.actor, _user_id(call), call.query.limit, call.query.cursor)
        return ListOf([from_core_session(one, call.actor.session_id) for one in page.items], page.next_cursor)

    @routes.delete(
        "/{user_id}/sessions",
        scope=ADMIN,
        status=204,
        example=Example(path=USER_PATH),
    )
    async def end_sessions(self, call: Call[None, None]) -> None:
        """End all sessions of a member."""
        await self._sessions.revoke_of(call.actor, _user_id(call))

    async def _organization(self, org_id: OrgId, settings: OrganizationSettings) -> wire.Organization:
        return wire.Organization(
            id=encode(Prefix.ORGANIZATION, org_id),
            name=settings.name,
            plan=(await self._plans.organization(org_id)).plan,
            require_mfa=settings.require_mfa,
        )


def _user_id(call: Call[Any, Any]) -> UserId:
    return path_id(Prefix.USER, call.path["user_id"])
