"""Sign-in, account, members, groups and invitations over the native API, exactly as on the wire."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from penstock.api.v2.wire import Id, Name, Searched
from penstock.core.people.models import InvitationStatus, Role
from penstock.kit.secret import hides
from penstock.kit.wire_types import one_of

Email = Annotated[
    str,
    Meta(max_length=254, pattern=r"^[!#-'*+/-9=?A-Z^-~.-]+@[A-Za-z0-9.-]+$(?!\n)", extra={"form": "an e-mail address"}),
]
"""ASCII on both sides, without quotes: what every mail server accepts."""
GivenPassword = Annotated[str, Meta(min_length=1, max_length=256)]
NewPassword = Annotated[str, Meta(min_length=1, max_length=256)]
Code = Annotated[str, Meta(min_length=1, max_length=32)]
Token = Annotated[str, Meta(min_length=1, max_length=1024)]
PersonName = Annotated[str, Meta(max_length=200)]
RoleName = Literal["owner", "admin", "member", "viewer"]


@hides("password")
class SignIn(Struct, frozen=True, forbid_unknown_fields=True):
    """The credentials. Without `organization_id` the session is in the organisation that the user joined first."""

    email: Email
    password: GivenPassword
    organization_id: Id | None = None


@hides("token")
class LinkToken(Struct, frozen=True, forbid_unknown_fields=True):
    """The token of a link that the server printed."""

    token: Token


@hides("mfa_token", "code")
class SecondStep(Struct, frozen=True, forbid_unknown_fields=True):
    """The code of an authenticator app, or a recovery code, with the token of the first step."""

    mfa_token: Token
    code: Code


@hides("refresh_token")
class RefreshToken(Struct, frozen=True, forbid_unknown_fields=True):
    """A refresh token. It works once; the response contains the next one."""

    refresh_token: Token


class Switch(Struct, frozen=True, forbid_unknown_fields=True):
    """Another organisation of the user."""

    organization_id: Id


class Forgotten(Struct, frozen=True, forbid_unknown_fields=True):
    """The e-mail of the user who forgot the password."""

    email: Email


@hides("token", "new_password")
class Reset(Struct, frozen=True, forbid_unknown_fields=True):
    """A new password, with the token from the mail."""

    token: Token
    new_password: NewPassword


@hides("token", "password")
class Accept(Struct, frozen=True, forbid_unknown_fields=True):
    """The token of an invitation, and the user's password: the current one, or a new one if the user has no account yet."""

    token: Token
    password: NewPassword
    name: PersonName = ""


@hides("access_token", "refresh_token", "mfa_token")
class SignedIn(Struct, frozen=True):
    """The tokens of a session. Send the access token in `Authorization: Bearer`; `expires_in` is in seconds.

    With `mfa_required` there is no session yet: send `mfa_token` and a code to the second step. With `enrolment_required` the
    organisation requires a second factor, and all other calls are rejected until one is enrolled.
    """

    mfa_required: bool
    access_token: str | None = None
    token_type: str | None = None
    expires_in: int | None = None
    refresh_token: str | None = None
    session_id: str | None = None
    organization_id: str | None = None
    user_id: str | None = None
    role: Annotated[str, one_of(*Role)] | None = None
    enrolment_required: bool = False
    mfa_token: str | None = None


class Joined(Struct, frozen=True):
    """The new member and the organisation."""

    organization_id: str
    user_id: str
    email: str
    role: Annotated[str, one_of(*Role)]


class Membership(Struct, frozen=True):
    """A user's membership in an organisation."""

    organization_id: str
    organization_name: str
    role: Annotated[str, one_of(*Role)]
    suspended: bool
    require_mfa: bool
    joined_at: str


class Profile(Struct, frozen=True):
    """The caller's account. `role` is the one in the organisation of this session; `operator` whether they operate the server."""

    user_id: str
    email: str
    name: str
    role: Annotated[str, one_of(*Role)]
    mfa: bool
    recovery_codes_left: int
    created_at: str
    memberships: list[Membership]
    operator: bool


class ProfilePatch(Struct, frozen=True, forbid_unknown_fields=True):
    """The user's new name."""

    name: PersonName


@hides("current_password", "new_password")
class PasswordChange(Struct, frozen=True, forbid_unknown_fields=True):
    """The current password and the new one."""

    current_password: GivenPassword
    new_password: NewPassword


class Enrol(Struct, frozen=True, forbid_unknown_fields=True):
    """How codes are generated. Few authenticator apps support anything but the default."""

    algorithm: Literal["SHA1", "SHA256", "SHA512"] = "SHA1"
    digits: Literal[6, 8] = 6


@hides("secret", "uri")
class Enrolment(Struct, frozen=True):
    """A second factor to be confirmed: `uri` is the content of the QR code for the app, `secret` is for typing it in."""

    secret: str
    uri: str
    algorithm: str
    digits: int
    period: int


@hides("code")
class ConfirmCode(Struct, frozen=True, forbid_unknown_fields=True):
    """A code of the factor that is being enrolled."""

    code: Code


@hides("recovery_codes")
class RecoveryCodes(Struct, frozen=True):
    """Recovery codes, each of which replaces a code of the second factor once. They are not shown again."""

    recovery_codes: list[str]
    warning: str = "keep these codes in a safe place, they are not shown again"


@hides("password", "code")
class RemoveFactor(Struct, frozen=True, forbid_unknown_fields=True):
    """The password and a code, to prove the user's identity."""

    password: GivenPassword
    code: Code


class Session(Struct, frozen=True):
    """A sign-in. `current` is true for the session of this call."""

    id: str
    user_id: str
    current: bool
    methods: list[str]
    address: str
    user_agent: str
    created_at: str
    last_used_at: str
    expires_at: str


class MemberQuery(Searched, frozen=True, forbid_unknown_fields=True):
    """Filters for members. `q` is searched for in name and e-mail; without `sort` they are by the age of their accounts."""

    sort: Literal["name", "-name", "joined_at", "-joined_at"] | None = None


class Member(Struct, frozen=True):
    """A user in the organisation. `mfa` is whether they have a second factor."""

    user_id: str
    email: str
    name: str
    role: Annotated[str, one_of(*Role)]
    mfa: bool
    joined_at: str


class RoleChange(Struct, frozen=True, forbid_unknown_fields=True):
    """A member's new role."""

    role: RoleName


class OffBoarded(Struct, frozen=True):
    """What ended together with a membership."""

    user_id: str
    email: str
    sessions_ended: int
    keys_revoked: list[str]
    groups_left: list[str]


class GroupWrite(Struct, frozen=True, forbid_unknown_fields=True):
    """A group's name, unique in the organisation."""

    name: Name


class Group(Struct, frozen=True):
    """A set of members; `members` is their number."""

    id: str
    name: str
    members: int
    created_at: str


class Invite(Struct, frozen=True, forbid_unknown_fields=True):
    """The e-mail to invite, and the role."""

    email: Email
    role: RoleName = "member"


class InvitationQuery(Searched, frozen=True, forbid_unknown_fields=True):
    """Filters for invitations. `q` is searched for in the e-mail."""

    sort: Literal["email", "-email", "created_at", "-created_at"] = "-created_at"


class Invitation(Struct, frozen=True):
    """An invitation: pending, accepted, withdrawn or expired."""

    id: str
    email: str
    role: Annotated[str, one_of(*Role)]
    status: Annotated[str, one_of(*InvitationStatus)]
    invited_by: str
    created_at: str
    sent_at: str
    expires_at: str
    accepted_at: str | None


class Organization(Struct, frozen=True):
    """The caller's organisation. With `require_mfa` every member must have a second factor."""

    id: str
    name: str
    plan: str
    require_mfa: bool


class OrganizationPatch(Struct, frozen=True, forbid_unknown_fields=True):
    """A change of the organisation: omitted fields are unchanged."""

    name: Name | UnsetType = UNSET
    require_mfa: bool | UnsetType = UNSET
