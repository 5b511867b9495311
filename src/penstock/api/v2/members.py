"""The people of an organisation over the native API: members, groups, invitations, and what the organisation sets."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET

from penstock.api.shared.call import Call
from penstock.api.shared.decoding import path_id
from penstock.api.v2 import people_wire as wire
from penstock.api.v2.profile import SESSION, shown_session
from penstock.api.v2.wire import ListOf, Page
from penstock.core.people.groups import GroupService
from penstock.core.people.invitations import InvitationService
from penstock.core.people.members import MemberService
from penstock.core.people.models import Group, Invitation, Member, OrganizationSettings, Role
from penstock.core.people.sessions import SessionService
from penstock.core.tenancy.plans import PlanCatalogue
from penstock.kit.clock import Clock, format_time
from penstock.kit.ids import GroupId, InvitationId, OrgId, Prefix, UserId, encode
from penstock.kit.operation import Example, operation

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

    def __init__(self, members: MemberService, sessions: SessionService, plans: PlanCatalogue) -> None:
        self._members = members
        self._sessions = sessions
        self._plans = plans

    @operation(
        "GET",
        ORGANIZATION,
        surface="v2",
        tag="Organisation",
        summary="Get the organisation",
        scope=READ,
        answer=wire.Organization,
        example=Example(answer=SETTINGS),
    )
    async def organization(self, call: Call[None, None]) -> wire.Organization:
        return await self._organization(call.actor.org_id, await self._members.settings(call.actor))

    @operation(
        "PATCH",
        ORGANIZATION,
        surface="v2",
        tag="Organisation",
        summary="Rename the organisation, or demand a second factor",
        description="A demand holds at once: whoever signed in without a second factor can from then on only enrol one.",
        scope=ADMIN,
        body=wire.OrganizationPatch,
        answer=wire.Organization,
        example=Example(body={"require_mfa": False}, answer=SETTINGS),
    )
    async def set_organization(self, call: Call[None, wire.OrganizationPatch]) -> wire.Organization:
        name = None if call.body.name is UNSET else call.body.name
        require_mfa = None if call.body.require_mfa is UNSET else call.body.require_mfa
        found = await self._members.set_settings(call.actor, name=name, require_mfa=require_mfa)
        return await self._organization(call.actor.org_id, found)

    @operation(
        "GET",
        MEMBERS,
        surface="v2",
        tag="Members",
        summary="List members",
        scope=READ,
        query=Page,
        answer=ListOf[wire.Member],
        example=Example(answer={"data": [MEMBER], "next_cursor": None}),
    )
    async def list_members(self, call: Call[Page, None]) -> ListOf[wire.Member]:
        page = await self._members.list(call.actor, call.query.limit, call.query.cursor)
        return ListOf([_member(one) for one in page.items], page.next_cursor)

    @operation(
        "GET",
        f"{MEMBERS}/{{user_id}}",
        surface="v2",
        tag="Members",
        summary="Get a member",
        scope=READ,
        answer=wire.Member,
        example=Example(path=USER_PATH, answer=MEMBER),
    )
    async def get(self, call: Call[None, None]) -> wire.Member:
        return _member(await self._members.get(call.actor, _user_id(call)))

    @operation(
        "PATCH",
        f"{MEMBERS}/{{user_id}}",
        surface="v2",
        tag="Members",
        summary="Give a member another role",
        description="It counts from their next call on. Nobody can give a role, or change somebody who has it, that may do more "
        "than they may. The last owner stays one.",
        scope=WRITE,
        body=wire.RoleChange,
        answer=wire.Member,
        example=Example(path=USER_PATH, body={"role": "member"}, answer=MEMBER),
    )
    async def set_role(self, call: Call[None, wire.RoleChange]) -> wire.Member:
        return _member(await self._members.set_role(call.actor, _user_id(call), Role(call.body.role)))

    @operation(
        "DELETE",
        f"{MEMBERS}/{{user_id}}",
        surface="v2",
        tag="Members",
        summary="Off-board a member",
        description="Membership, groups, sessions here and the API keys that they made end together; the audit log says what "
        "they could see. The person stays known, so that older entries can be read.",
        scope=WRITE,
        answer=wire.OffBoarded,
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
        gone = await self._members.remove(call.actor, _user_id(call))
        return wire.OffBoarded(
            user_id=encode(Prefix.USER, gone.member.user_id),
            email=gone.member.email,
            sessions_ended=len(gone.session_ids),
            keys_revoked=[encode(Prefix.KEY, key_id) for key_id in gone.key_ids],
            groups_left=gone.groups,
        )

    @operation(
        "GET",
        f"{MEMBERS}/{{user_id}}/sessions",
        surface="v2",
        tag="Members",
        summary="List a member's sessions",
        scope=ADMIN,
        answer=ListOf[wire.Session],
        example=Example(path=USER_PATH, answer={"data": [SESSION | {"current": False}], "next_cursor": None}),
    )
    async def sessions(self, call: Call[None, None]) -> ListOf[wire.Session]:
        found = await self._sessions.list_of(call.actor, _user_id(call))
        return ListOf([shown_session(one, call.actor.session_id) for one in found])

    @operation(
        "DELETE",
        f"{MEMBERS}/{{user_id}}/sessions",
        surface="v2",
        tag="Members",
        summary="End all sessions of a member",
        scope=ADMIN,
        status=204,
        example=Example(path=USER_PATH),
    )
    async def end_sessions(self, call: Call[None, None]) -> None:
        await self._sessions.revoke_of(call.actor, _user_id(call))

    async def _organization(self, org_id: OrgId, settings: OrganizationSettings) -> wire.Organization:
        return wire.Organization(
            id=encode(Prefix.ORGANIZATION, org_id),
            name=settings.name,
            plan=(await self._plans.organization(org_id)).plan,
            require_mfa=settings.require_mfa,
        )


class GroupEndpoints:
    """Groups, and who is in them."""

    def __init__(self, groups: GroupService) -> None:
        self._groups = groups

    @operation(
        "GET",
        GROUPS,
        surface="v2",
        tag="Groups",
        summary="List groups",
        scope=READ,
        query=Page,
        answer=ListOf[wire.Group],
        example=Example(answer={"data": [GROUP], "next_cursor": None}),
    )
    async def list_groups(self, call: Call[Page, None]) -> ListOf[wire.Group]:
        page = await self._groups.list(call.actor, call.query.limit, call.query.cursor)
        return ListOf([_group(one) for one in page.items], page.next_cursor)

    @operation(
        "POST",
        GROUPS,
        surface="v2",
        tag="Groups",
        summary="Create a group",
        scope=WRITE,
        status=201,
        body=wire.GroupWrite,
        answer=wire.Group,
        example=Example(body={"name": "Night shift"}, answer=GROUP | {"members": 0}),
    )
    async def create(self, call: Call[None, wire.GroupWrite]) -> wire.Group:
        return _group(await self._groups.create(call.actor, call.body.name))

    @operation(
        "GET",
        f"{GROUPS}/{{group_id}}",
        surface="v2",
        tag="Groups",
        summary="Get a group",
        scope=READ,
        answer=wire.Group,
        example=Example(path=GROUP_PATH, answer=GROUP),
    )
    async def get(self, call: Call[None, None]) -> wire.Group:
        return _group(await self._groups.get(call.actor, _group_id(call)))

    @operation(
        "PATCH",
        f"{GROUPS}/{{group_id}}",
        surface="v2",
        tag="Groups",
        summary="Rename a group",
        scope=WRITE,
        body=wire.GroupWrite,
        answer=wire.Group,
        example=Example(path=GROUP_PATH, body={"name": "Late shift"}, answer=GROUP | {"name": "Late shift"}),
    )
    async def rename(self, call: Call[None, wire.GroupWrite]) -> wire.Group:
        return _group(await self._groups.rename(call.actor, _group_id(call), call.body.name))

    @operation(
        "DELETE",
        f"{GROUPS}/{{group_id}}",
        surface="v2",
        tag="Groups",
        summary="Delete a group",
        description="Its members stay members of the organisation.",
        scope=WRITE,
        status=204,
        example=Example(path=GROUP_PATH),
    )
    async def delete(self, call: Call[None, None]) -> None:
        await self._groups.delete(call.actor, _group_id(call))

    @operation(
        "GET",
        f"{GROUPS}/{{group_id}}/members",
        surface="v2",
        tag="Groups",
        summary="List the members of a group",
        scope=READ,
        query=Page,
        answer=ListOf[wire.Member],
        example=Example(path=GROUP_PATH, answer={"data": [MEMBER], "next_cursor": None}),
    )
    async def members(self, call: Call[Page, None]) -> ListOf[wire.Member]:
        page = await self._groups.members(call.actor, _group_id(call), call.query.limit, call.query.cursor)
        return ListOf([_member(one) for one in page.items], page.next_cursor)

    @operation(
        "PUT",
        f"{GROUPS}/{{group_id}}/members/{{user_id}}",
        surface="v2",
        tag="Groups",
        summary="Add a member to a group",
        description="Again is the same as once.",
        scope=WRITE,
        status=204,
        example=Example(path=GROUP_PATH | USER_PATH),
    )
    async def add(self, call: Call[None, None]) -> None:
        await self._groups.add(call.actor, _group_id(call), _user_id(call))

    @operation(
        "DELETE",
        f"{GROUPS}/{{group_id}}/members/{{user_id}}",
        surface="v2",
        tag="Groups",
        summary="Take a member out of a group",
        scope=WRITE,
        status=204,
        example=Example(path=GROUP_PATH | USER_PATH),
    )
    async def remove(self, call: Call[None, None]) -> None:
        await self._groups.remove(call.actor, _group_id(call), _user_id(call))


class InvitationEndpoints:
    """Invitations by e-mail."""

    def __init__(self, invitations: InvitationService, clock: Clock) -> None:
        self._invitations = invitations
        self._clock = clock

    @operation(
        "GET",
        INVITATIONS,
        surface="v2",
        tag="Invitations",
        summary="List invitations",
        description="Newest first; accepted and withdrawn ones stay.",
        scope=READ,
        query=Page,
        answer=ListOf[wire.Invitation],
        example=Example(answer={"data": [INVITATION], "next_cursor": None}),
    )
    async def list_invitations(self, call: Call[Page, None]) -> ListOf[wire.Invitation]:
        page = await self._invitations.list(call.actor, call.query.limit, call.query.cursor)
        return ListOf([self._shown(one) for one in page.items], page.next_cursor)

    @operation(
        "POST",
        INVITATIONS,
        surface="v2",
        tag="Invitations",
        summary="Invite somebody by e-mail",
        description="The mail holds a token that works once. Whether they have an account here is not told.",
        scope=WRITE,
        status=201,
        body=wire.Invite,
        answer=wire.Invitation,
        example=Example(body={"email": "grace@example.org", "role": "member"}, answer=INVITATION),
    )
    async def create(self, call: Call[None, wire.Invite]) -> wire.Invitation:
        return self._shown(await self._invitations.create(call.actor, call.body.email, Role(call.body.role)))

    @operation(
        "GET",
        f"{INVITATIONS}/{{invitation_id}}",
        surface="v2",
        tag="Invitations",
        summary="Get an invitation",
        scope=READ,
        answer=wire.Invitation,
        example=Example(path=INVITATION_PATH, answer=INVITATION),
    )
    async def get(self, call: Call[None, None]) -> wire.Invitation:
        return self._shown(await self._invitations.get(call.actor, _invitation_id(call)))

    @operation(
        "POST",
        f"{INVITATIONS}/{{invitation_id}}/resend",
        surface="v2",
        tag="Invitations",
        summary="Mail an invitation again",
        description="With another token and the full time; the old token is dead.",
        scope=WRITE,
        answer=wire.Invitation,
        example=Example(path=INVITATION_PATH, answer=INVITATION),
    )
    async def resend(self, call: Call[None, None]) -> wire.Invitation:
        return self._shown(await self._invitations.resend(call.actor, _invitation_id(call)))

    @operation(
        "DELETE",
        f"{INVITATIONS}/{{invitation_id}}",
        surface="v2",
        tag="Invitations",
        summary="Withdraw an invitation",
        scope=WRITE,
        status=204,
        example=Example(path=INVITATION_PATH),
    )
    async def withdraw(self, call: Call[None, None]) -> None:
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


def _user_id(call: Call[Any, Any]) -> UserId:
    return path_id(Prefix.USER, call.path["user_id"])


def _group_id(call: Call[Any, Any]) -> GroupId:
    return path_id(Prefix.GROUP, call.path["group_id"])


def _invitation_id(call: Call[Any, Any]) -> InvitationId:
    return path_id(Prefix.INVITATION, call.path["invitation_id"])
