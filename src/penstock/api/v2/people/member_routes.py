"""The people of an organisation over the native API: members, groups, invitations, and what the organisation sets."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET

from penstock.api.shared.call import Call
from penstock.api.shared.decoding import path_id
from penstock.api.shared.routes import Routes
from penstock.api.v2.people import wire
from penstock.api.v2.people.profile_routes import SESSION, shown_session
from penstock.api.v2.wire import ListOf, Page
from penstock.core.people.groups import GroupService
from penstock.core.people.invitations import InvitationService
from penstock.core.people.members import MemberService
from penstock.core.people.models import Group, Invitation, Member, OrganizationSettings, Role
from penstock.core.people.sessions import SessionService
from penstock.core.tenancy.plans import PlanCatalogue
from penstock.kit.clock import Clock, format_time
from penstock.kit.ids import Prefix, encode
from penstock.kit.operation import Example

READ, WRITE, ADMIN = "organization:read", "organization:write", "org:admin"
MEMBERS, GROUPS, INVITATIONS = "/api/v2/members", "/api/v2/groups", "/api/v2/invitations"
ORGANIZATION = "/api/v2/organization"
USER_PATH = {"user_id": "usr_0c2k9fq7w3u4d"}
GROUP_PATH = {"group_id": "grp_0c2k9fq7w3g6d"}
INVITATION_PATH = {"invitation_id": "inv_0c2k9fq7w3n8d"}
MEMBER = {
    "user_id": "usr_0c2k9fq7w3u4d",
    "email": "ada@example.org",
    "name": "Ada",
    "role": "member",
    "mfa": True,
    "joined_at": "2026-04-14T06:00:00Z",
}
GROUP = {"id": "grp_0c2k9fq7w3g6d", "name": "Night shift", "members": 2, "created_at": "2026-04-14T06:00:00Z"}
INVITATION = {
    "id": "inv_0c2k9fq7w3n8d",
    "email": "grace@example.org",
    "role": "member",
    "status": "pending",
    "invited_by": "ada@example.org",
    "created_at": "2026-05-02T09:15:04Z",
    "sent_at": "2026-05-02T09:15:04Z",
    "expires_at": "2026-05-09T09:15:04Z",
    "accepted_at": None,
}
SETTINGS = {"id": "org_0c2k9fq7w3a0d", "name": "North Pumps", "plan": "enterprise", "require_mfa": False}


class MemberEndpoints:
    """Members, and what the organisation sets for them."""

    routes = Routes("/api/v2/members", surface="v2", tag="Members")
    routes_organisation = Routes("/api/v2/organization", surface="v2", tag="Organisation")

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
        """Rename the organisation, or demand a second factor.

        A demand holds at once: whoever signed in without a second factor can from then on only enrol one.
        """
        name = None if call.body.name is UNSET else call.body.name
        require_mfa = None if call.body.require_mfa is UNSET else call.body.require_mfa
        found = await self._members.set_settings(call.actor, name=name, require_mfa=require_mfa)
        return await self._organization(call.actor.org_id, found)

    @routes.get(
        scope=READ,
        example=Example(answer={"data": [MEMBER], "next_cursor": None}),
    )
    async def list_members(self, call: Call[Page, None]) -> ListOf[wire.Member]:
        """List members."""
        page = await self._members.list(call.actor, call.query.limit, call.query.cursor)
        return ListOf([_member(one) for one in page.items], page.next_cursor)

    @routes.get(
        "/{user_id}",
        scope=READ,
        example=Example(path=USER_PATH, answer=MEMBER),
    )
    async def get(self, call: Call[None, None]) -> wire.Member:
        """Get a member."""
        return _member(await self._members.get(call.actor, _user_id(call)))

    @routes.patch(
        "/{user_id}",
        scope=WRITE,
        example=Example(path=USER_PATH, body={"role": "member"}, answer=MEMBER),
    )
    async def set_role(self, call: Call[None, wire.RoleChange]) -> wire.Member:
        """Give a member another role.

        It counts from their next call on. Nobody can give a role, or change somebody who has it, that may do more than they may.
        The last owner stays one.
        """
        return _member(await self._members.set_role(call.actor, _user_id(call), Role(call.body.role)))

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

        Membership, groups, sessions here and the API keys that they made end together; the audit log says what they could see.
        The person stays known, so that older entries can be read.
        """
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
    async def sessions(self, call: Call[None, None]) -> ListOf[wire.Session]:
        """List a member's sessions."""
        found = await self._sessions.list_of(call.actor, _user_id(call))
        return ListOf([shown_session(one, call.actor.session_id) for one in found])

    @routes.delete(
        "/{user_id}/sessions",
        scope=ADMIN,
        status=204,
        example=Example(path=USER_PATH),
    )
    async def end_sessions(self, call: Call[None, None]) -> None:
        """End all sessions of a member."""
        await self._sessions.revoke_of(call.actor, _user_id(call))

    async def _organization(self, org_id: int, settings: OrganizationSettings) -> wire.Organization:
        return wire.Organization(
            id=encode(Prefix.ORGANIZATION, org_id),
            name=settings.name,
            plan=(await self._plans.organization(org_id)).plan,
            require_mfa=settings.require_mfa,
        )


class GroupEndpoints:
    """Groups, and who is in them."""

    routes = Routes("/api/v2/groups", surface="v2", tag="Groups")

    routes = Routes("/api/v2/groups", surface="v2", tag="Groups")

    def __init__(self, groups: GroupService) -> None:
        self._groups = groups

    @routes.get(
        scope=READ,
        example=Example(answer={"data": [GROUP], "next_cursor": None}),
    )
    async def list_groups(self, call: Call[Page, None]) -> ListOf[wire.Group]:
        """List groups."""
        page = await self._groups.list(call.actor, call.query.limit, call.query.cursor)
        return ListOf([_group(one) for one in page.items], page.next_cursor)

    @routes.post(
        scope=WRITE,
        status=201,
        example=Example(body={"name": "Night shift"}, answer=GROUP | {"members": 0}),
    )
    async def create(self, call: Call[None, wire.GroupWrite]) -> wire.Group:
        """Create a group."""
        return _group(await self._groups.create(call.actor, call.body.name))

    @routes.get(
        "/{group_id}",
        scope=READ,
        example=Example(path=GROUP_PATH, answer=GROUP),
    )
    async def get(self, call: Call[None, None]) -> wire.Group:
        """Get a group."""
        return _group(await self._groups.get(call.actor, _group_id(call)))

    @routes.patch(
        "/{group_id}",
        scope=WRITE,
        example=Example(path=GROUP_PATH, body={"name": "Late shift"}, answer=GROUP | {"name": "Late shift"}),
    )
    async def rename(self, call: Call[None, wire.GroupWrite]) -> wire.Group:
        """Rename a group."""
        return _group(await self._groups.rename(call.actor, _group_id(call), call.body.name))

    @routes.delete(
        "/{group_id}",
        scope=WRITE,
        status=204,
        example=Example(path=GROUP_PATH),
    )
    async def delete(self, call: Call[None, None]) -> None:
        """Delete a group.

        Its members stay members of the organisation.
        """
        await self._groups.delete(call.actor, _group_id(call))

    @routes.get(
        "/{group_id}/members",
        scope=READ,
        example=Example(path=GROUP_PATH, answer={"data": [MEMBER], "next_cursor": None}),
    )
    async def members(self, call: Call[Page, None]) -> ListOf[wire.Member]:
        """List the members of a group."""
        page = await self._groups.members(call.actor, _group_id(call), call.query.limit, call.query.cursor)
        return ListOf([_member(one) for one in page.items], page.next_cursor)

    @routes.put(
        "/{group_id}/members/{user_id}",
        scope=WRITE,
        status=204,
        example=Example(path=GROUP_PATH | USER_PATH),
    )
    async def add(self, call: Call[None, None]) -> None:
        """Add a member to a group.

        Again is the same as once.
        """
        await self._groups.add(call.actor, _group_id(call), _user_id(call))

    @routes.delete(
        "/{group_id}/members/{user_id}",
        scope=WRITE,
        status=204,
        example=Example(path=GROUP_PATH | USER_PATH),
    )
    async def remove(self, call: Call[None, None]) -> None:
        """Take a member out of a group."""
        await self._groups.remove(call.actor, _group_id(call), _user_id(call))


class InvitationEndpoints:
    """Invitations by e-mail."""

    routes = Routes("/api/v2/invitations", surface="v2", tag="Invitations")

    routes = Routes("/api/v2/invitations", surface="v2", tag="Invitations")

    def __init__(self, invitations: InvitationService, clock: Clock) -> None:
        self._invitations = invitations
        self._clock = clock

    @routes.get(
        scope=READ,
        example=Example(answer={"data": [INVITATION], "next_cursor": None}),
    )
    async def list_invitations(self, call: Call[Page, None]) -> ListOf[wire.Invitation]:
        """List invitations.

        Newest first; accepted and withdrawn ones stay.
        """
        page = await self._invitations.list(call.actor, call.query.limit, call.query.cursor)
        return ListOf([self._shown(one) for one in page.items], page.next_cursor)

    @routes.post(
        scope=WRITE,
        status=201,
        example=Example(body={"email": "grace@example.org", "role": "member"}, answer=INVITATION),
    )
    async def create(self, call: Call[None, wire.Invite]) -> wire.Invitation:
        """Invite somebody by e-mail.

        The mail holds a token that works once. Whether they have an account here is not told.
        """
        return self._shown(await self._invitations.create(call.actor, call.body.email, Role(call.body.role)))

    @routes.get(
        "/{invitation_id}",
        scope=READ,
        example=Example(path=INVITATION_PATH, answer=INVITATION),
    )
    async def get(self, call: Call[None, None]) -> wire.Invitation:
        """Get an invitation."""
        return self._shown(await self._invitations.get(call.actor, _invitation_id(call)))

    @routes.post(
        "/{invitation_id}/resend",
        scope=WRITE,
        example=Example(path=INVITATION_PATH, answer=INVITATION),
    )
    async def resend(self, call: Call[None, None]) -> wire.Invitation:
        """Mail an invitation again.

        With another token and the full time; the old token is dead.
        """
        return self._shown(await self._invitations.resend(call.actor, _invitation_id(call)))

    @routes.delete(
        "/{invitation_id}",
        scope=WRITE,
        status=204,
        example=Example(path=INVITATION_PATH),
    )
    async def withdraw(self, call: Call[None, None]) -> None:
        """Withdraw an invitation."""
        await self._invitations.withdraw(call.actor, _invitation_id(call))

    def _shown(self, invitation: Invitation) -> wire.Invitation:
        return shown_invitation(invitation, self._clock.now_us())


def shown_invitation(invitation: Invitation, now_us: int) -> wire.Invitation:
    """An invitation as it stands now."""
    return wire.Invitation(
        id=encode(Prefix.INVITATION, invitation.id),
        email=invitation.email,
        role=invitation.role.value,
        status=invitation.status(now_us).value,
        invited_by=invitation.invited_by,
        created_at=format_time(invitation.created_us),
        sent_at=format_time(invitation.sent_us),
        expires_at=format_time(invitation.expires_us),
        accepted_at=None if invitation.accepted_us is None else format_time(invitation.accepted_us),
    )


def _member(member: Member) -> wire.Member:
    return wire.Member(
        user_id=encode(Prefix.USER, member.user_id),
        email=member.email,
        name=member.name,
        role=member.role.value,
        mfa=member.mfa,
        joined_at=format_time(member.created_us),
    )


def _group(group: Group) -> wire.Group:
    return wire.Group(encode(Prefix.GROUP, group.id), group.name, group.members, format_time(group.created_us))


def _user_id(call: Call[Any, Any]) -> int:
    return path_id(Prefix.USER, call.path["user_id"])


def _group_id(call: Call[Any, Any]) -> int:
    return path_id(Prefix.GROUP, call.path["group_id"])


def _invitation_id(call: Call[Any, Any]) -> int:
    return path_id(Prefix.INVITATION, call.path["invitation_id"])
