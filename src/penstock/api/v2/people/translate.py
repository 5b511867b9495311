"""Converts users, sessions, groups and invitations between wire structs and core models."""

from __future__ import annotations

from penstock.api.v2.people import wire
from penstock.core.people.models import Challenge, Group, Invitation, Member, Person, Session, Tokens
from penstock.kit.clock import format_time
from penstock.kit.ids import Prefix, SessionId, encode


def from_core_invitation(invitation: Invitation, now_us: int) -> wire.Invitation:
    """An invitation with its current state."""
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


def from_core_member(member: Member) -> wire.Member:
    return wire.Member(
        user_id=encode(Prefix.USER, member.user_id),
        email=member.email,
        name=member.name,
        role=member.role.value,
        mfa=member.mfa,
        joined_at=format_time(member.created_us),
    )


def from_core_group(group: Group) -> wire.Group:
    return wire.Group(encode(Prefix.GROUP, group.id), group.name, group.members, format_time(group.created_us))


def from_core_session(session: Session, current_id: SessionId = SessionId(0)) -> wire.Session:
    """A session on the wire."""
    return wire.Session(
        id=encode(Prefix.SESSION, session.id),
        user_id=encode(Prefix.USER, session.user_id),
        current=session.id == current_id,
        methods=list(session.methods),
        address=session.address,
        user_agent=session.agent,
        created_at=format_time(session.created_us),
        last_used_at=format_time(session.last_used_us),
        expires_at=format_time(session.expires_us),
    )


def from_core_person(person: Person, *, operator: bool) -> wire.Profile:
    user = person.user
    return wire.Profile(
        user_id=encode(Prefix.USER, user.id),
        email=user.email,
        name=user.name,
        role=person.role.value,
        mfa=person.mfa,
        recovery_codes_left=person.recovery_codes_left,
        created_at=format_time(user.created_us),
        memberships=[
            wire.Membership(
                organization_id=encode(Prefix.ORGANIZATION, one.org_id),
                organization_name=one.org_name,
                role=one.role.value,
                suspended=one.org_suspended,
                require_mfa=one.require_mfa,
                joined_at=format_time(one.created_us),
            )
            for one in person.memberships
        ],
        operator=operator,
    )


def from_core_tokens(found: Tokens | Challenge) -> wire.SignedIn:
    if isinstance(found, Challenge):
        return wire.SignedIn(mfa_required=True, expires_in=found.expires_in_s, mfa_token=found.mfa_token)
    return wire.SignedIn(
        mfa_required=False,
        access_token=found.access_token,
        token_type="Bearer",  # noqa: S106  (RFC 6750)
        expires_in=found.expires_in_s,
        refresh_token=found.refresh_token,
        session_id=encode(Prefix.SESSION, found.session.id),
        organization_id=encode(Prefix.ORGANIZATION, found.session.org_id),
        user_id=encode(Prefix.USER, found.session.user_id),
        role=found.role.value,
        enrolment_required=found.enrolment_required,
    )
