"""Users, members, sessions, groups, invitations, and what proves a person."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from penstock.kit.ids import GroupId, InvitationId, KeyId, MailId, OrgId, ResidentId, SessionId, UserId
from penstock.kit.secret import hides

PASSWORD, SECOND_FACTOR = "pwd", "otp"
"""How a person proved who they are, as tokens say it in `amr`. Source: RFC 8176."""


class Role(StrEnum):
    """What a member is in an organisation. Source: surfaces/kaito.md 3."""

    OWNER = "owner"
    ADMIN = "admin"
    MEMBER = "member"
    VIEWER = "viewer"
    RESIDENT = "resident"
    """Sees the devices assigned to them, and nothing else."""


@hides("password_hash")
class User(msgspec.Struct, frozen=True, kw_only=True):
    """A person. The password is here only as argon2id hash. A suspended user can do nothing anywhere."""

    id: UserId
    email: str
    name: str
    password_hash: str
    created_us: int
    suspended_us: int | None = None


class Membership(msgspec.Struct, frozen=True, kw_only=True):
    """One organisation of a user, with what matters of it at sign-in."""

    org_id: OrgId
    org_name: str
    org_suspended: bool
    require_mfa: bool
    role: Role
    created_us: int


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """A user as an organisation sees them. `created_us` is when they joined."""

    user_id: UserId
    email: str
    name: str
    role: Role
    mfa: bool
    created_us: int
    resident_id: ResidentId | None = None


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """A sign-in of a person to an organisation, with where it came from.

    `methods` are those of `amr`. It ends at `expires_us` at the latest, or when its refresh token was idle for too long.
    """

    id: SessionId
    org_id: OrgId
    user_id: UserId
    methods: tuple[str, ...]
    address: str
    agent: str
    created_us: int
    last_used_us: int
    expires_us: int
    revoked_us: int | None = None


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """A session with all on which its rights depend now. `role` None: no longer a member."""

    session: Session
    email: str
    user_suspended: bool
    role: Role | None
    require_mfa: bool
    resident_id: ResidentId | None = None


class Factor(msgspec.Struct, frozen=True, kw_only=True):
    """A second factor. `sealed` is its seed; before it was confirmed it counts for nothing. Codes up to `last_step` are used."""

    user_id: UserId
    sealed: bytes
    algorithm: str
    digits: int
    created_us: int
    confirmed_us: int | None = None
    last_step: int = 0


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """A set of members, to whom things can be granted together."""

    id: GroupId
    name: str
    members: int
    created_us: int


class InvitationStatus(StrEnum):
    """What became of an invitation. Expired is derived."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class Invitation(msgspec.Struct, frozen=True, kw_only=True):
    """An invitation to join with a role. `invited_by` is the name in the audit log of whoever invites.

    `resident_id` is the resident that they are, with the role of residents.
    """

    id: InvitationId
    org_id: OrgId
    email: str
    role: Role
    invited_by: str
    created_us: int
    sent_us: int
    expires_us: int
    accepted_us: int | None = None
    withdrawn_us: int | None = None
    resident_id: ResidentId | None = None

    def status(self, now_us: int) -> InvitationStatus:
        if self.accepted_us is not None:
            return InvitationStatus.ACCEPTED
        if self.withdrawn_us is not None:
            return InvitationStatus.WITHDRAWN
        return InvitationStatus.EXPIRED if self.expires_us <= now_us else InvitationStatus.PENDING


class SigningKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key that signs tokens: Ed25519, the public part as 32 raw bytes, the private part sealed."""

    kid: str
    public: bytes
    sealed: bytes
    created_us: int
    retired_us: int | None = None


class OrganizationSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What an organisation's own people can set about it."""

    name: str
    require_mfa: bool


class Client(msgspec.Struct, frozen=True):
    """From where somebody signs in: network address and user agent."""

    address: str = ""
    agent: str = ""


@hides("access_token", "refresh_token")
class Tokens(msgspec.Struct, frozen=True, kw_only=True):
    """What a sign-in gives. `enrolment_required`: until there is a second factor, all that works is to enrol one."""

    access_token: str
    refresh_token: str
    expires_in_s: int
    session: Session
    role: Role
    enrolment_required: bool


@hides("mfa_token")
class Challenge(msgspec.Struct, frozen=True, kw_only=True):
    """The password was right; now a code of the second factor is wanted, together with this token."""

    mfa_token: str
    expires_in_s: int


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Oneself: the user, the role here, and every membership."""

    user: User
    role: Role
    mfa: bool
    recovery_codes_left: int
    memberships: list[Membership]


@hides("secret", "uri")
class Enrolment(msgspec.Struct, frozen=True, kw_only=True):
    """A second factor to be confirmed. `secret` is base32, `uri` the same for authenticator apps; seen only here."""

    secret: str
    uri: str
    algorithm: str
    digits: int


class Joined(msgspec.Struct, frozen=True, kw_only=True):
    """Who joined which organisation by an invitation."""

    user_id: UserId
    org_id: OrgId
    email: str
    role: Role


class OffBoarded(msgspec.Struct, frozen=True, kw_only=True):
    """What was cut when a member was removed."""

    member: Member
    session_ids: list[SessionId]
    key_ids: list[KeyId]
    groups: list[str]


@hides("text")
class Message(msgspec.Struct, frozen=True, kw_only=True):
    """A mail to one person, as plain text. `id` is the same in every attempt."""

    id: str
    to: str
    subject: str
    text: str


class QueuedMail(msgspec.Struct, frozen=True, kw_only=True):
    """A mail that waits. `sealed` is the message; units: microseconds since the epoch."""

    id: MailId
    org_id: OrgId
    sealed: bytes
    created_us: int
    expires_us: int
    due_us: int
    attempts: int
