"""Users, members, sessions, groups, invitations, and their credentials."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from penstock.kit.ids import CustomerId, GroupId, InvitationId, KeyId, MailId, OrgId, ResidentId, SessionId, UserId
from penstock.kit.secret import hides

PASSWORD, SECOND_FACTOR, LINK = "pwd", "otp", "link"
"""How a user authenticated, as in the `amr` claim of tokens. Source: RFC 8176; a link of the operator is Penstock's own."""

VISITOR = "visitor"
"""The name of someone without a credential who signs up, in the audit log and as the author of the first invitation."""


class Role(StrEnum):
    """The role of a member in an organisation."""

    OWNER = "owner"
    ADMIN = "admin"
    MEMBER = "member"
    VIEWER = "viewer"
    RESIDENT = "resident"
    """Can access only the devices assigned to them."""
    CUSTOMER_MANAGER = "customer_manager"
    """Can access only one customer."""


@hides("password_hash")
class User(msgspec.Struct, frozen=True, kw_only=True):
    """A person. The password is stored only as an argon2id hash. A suspended user cannot make any call."""

    id: UserId
    email: str
    name: str
    password_hash: str
    created_us: int
    suspended_us: int | None = None


class Membership(msgspec.Struct, frozen=True, kw_only=True):
    """One organisation of a user, with the fields that matter at sign-in."""

    org_id: OrgId
    org_name: str
    org_suspended: bool
    require_mfa: bool
    role: Role
    created_us: int


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """A user as a member of an organisation. `created_us` is when they joined."""

    user_id: UserId
    email: str
    name: str
    role: Role
    mfa: bool
    created_us: int
    resident_id: ResidentId | None = None
    customer_id: CustomerId | None = None


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """A sign-in of a user to an organisation, with the client it came from.

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


class SessionState(msgspec.Struct, frozen=True, kw_only=True):
    """A session with everything its permissions depend on. `role` None: no longer a member."""

    session: Session
    email: str
    user_suspended: bool
    role: Role | None
    require_mfa: bool
    resident_id: ResidentId | None = None
    customer_id: CustomerId | None = None


class Factor(msgspec.Struct, frozen=True, kw_only=True):
    """A second factor. `sealed` is its seed. It has no effect until it is confirmed. Codes up to `last_step` are used."""

    user_id: UserId
    sealed: bytes
    algorithm: str
    digits: int
    created_us: int
    confirmed_us: int | None = None
    last_step: int = 0


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """A set of members, to which permissions can be granted together."""

    id: GroupId
    name: str
    members: int
    created_us: int


class InvitationStatus(StrEnum):
    """The state of an invitation. Expired is derived."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class Invitation(msgspec.Struct, frozen=True, kw_only=True):
    """An invitation to join with a role. `invited_by` is the inviter's name in the audit log.

    `resident_id` is the resident who is invited, if the role is that of residents, `customer_id` the customer of a manager.
    `created_by` is the public id of the user or key who invited; the invitation ends with their right to do so.
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
    customer_id: CustomerId | None = None
    created_by: str = ""

    @property
    def by_visitor(self) -> bool:
        """Whether a visitor signed up as this person, whose address is yet to be confirmed; no member invited them."""
        return self.invited_by == VISITOR and not self.created_by

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
    """The settings of an organisation that its own members can change."""

    name: str
    require_mfa: bool


class Client(msgspec.Struct, frozen=True):
    """The client of a sign-in: network address and user agent."""

    address: str = ""
    agent: str = ""


@hides("access_token", "refresh_token")
class Tokens(msgspec.Struct, frozen=True, kw_only=True):
    """The result of a sign-in. `enrolment_required`: until a second factor exists, the session can only enrol one."""

    access_token: str
    refresh_token: str
    expires_in_s: int
    session: Session
    role: Role
    enrolment_required: bool


@hides("mfa_token")
class Challenge(msgspec.Struct, frozen=True, kw_only=True):
    """The password was right; now a second-factor code is required, together with this token."""

    mfa_token: str
    expires_in_s: int


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """The signed-in user: the account, the role in this organisation, and every membership."""

    user: User
    role: Role
    mfa: bool
    recovery_codes_left: int
    memberships: list[Membership]


@hides("secret", "uri")
class Enrolment(msgspec.Struct, frozen=True, kw_only=True):
    """A second factor to confirm. `secret` is base32, `uri` the same for authenticator apps; both are shown only here."""

    secret: str
    uri: str
    algorithm: str
    digits: int


class Joined(msgspec.Struct, frozen=True, kw_only=True):
    """The result of an accepted invitation."""

    user_id: UserId
    org_id: OrgId
    email: str
    role: Role


class OffBoarded(msgspec.Struct, frozen=True, kw_only=True):
    """What ended when a member was removed."""

    member: Member
    session_ids: list[SessionId]
    key_ids: list[KeyId]
    groups: list[str]


class Enclosure(msgspec.Struct, frozen=True, kw_only=True):
    """What a mail encloses, by its kind and number: its files are made when the mail is sent, so that the queue stays small."""

    kind: str
    number: int


@hides("text")
class Message(msgspec.Struct, frozen=True, kw_only=True):
    """A mail to one person, as plain text. `id` is the same in every attempt. `reply_to` is empty if no one reads replies."""

    id: str
    to: str
    subject: str
    text: str
    reply_to: str = ""
    encloses: Enclosure | None = None


class MailFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file of a mail."""

    name: str
    media_type: str
    content: bytes


class MailOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """The outcome of an attempt to send a mail. `error` is empty if a server accepted it; `final`: no other attempt follows."""

    at_us: int
    error: str = ""
    final: bool = True


class QueuedMail(msgspec.Struct, frozen=True, kw_only=True):
    """A queued mail. `sealed` is the message; units: microseconds since the epoch."""

    id: MailId
    org_id: OrgId
    sealed: bytes
    created_us: int
    expires_us: int
    due_us: int
    attempts: int
