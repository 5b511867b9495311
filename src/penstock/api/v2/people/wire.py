"""Signing in, oneself, members, groups and invitations exactly as on the wire."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from penstock.api.v2.wire import Id, Name
from penstock.kit.secret import hides

Email = Annotated[str, Meta(max_length=254, pattern=r"^[!#-'*+/-9=?A-Z^-~.-]+@[A-Za-z0-9.-]+$(?!\n)")]
"""ASCII on both sides, without quotes: what every mail server takes."""
GivenPassword = Annotated[str, Meta(min_length=1, max_length=256)]
NewPassword = Annotated[str, Meta(min_length=1, max_length=256)]
Code = Annotated[str, Meta(min_length=1, max_length=32)]
Token = Annotated[str, Meta(min_length=1, max_length=1024)]
PersonName = Annotated[str, Meta(max_length=200)]
RoleName = Literal["owner", "admin", "member", "viewer"]


@hides("password")
class SignIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Who signs in. Without `organization_id` it is to the organisation that they joined first."""

    email: Email
    password: GivenPassword
    organization_id: Id | None = None


@hides("mfa_token", "code")
class SecondStep(Struct, frozen=True, forbid_unknown_fields=True):
    """The code that an authenticator app shows, or a recovery code, with the token of the first step."""

    mfa_token: Token
    code: Code


@hides("refresh_token")
class RefreshToken(Struct, frozen=True, forbid_unknown_fields=True):
    """A refresh token. It works once: the answer holds the next."""

    refresh_token: Token


class Switch(Struct, frozen=True, forbid_unknown_fields=True):
    """Another organisation that one belongs to."""

    organization_id: Id


class Forgotten(Struct, frozen=True, forbid_unknown_fields=True):
    """Whose password was forgotten."""

    email: Email


@hides("token", "new_password")
class Reset(Struct, frozen=True, forbid_unknown_fields=True):
    """Another password, with the token from the mail."""

    token: Token
    new_password: NewPassword


@hides("token", "password")
class Accept(Struct, frozen=True, forbid_unknown_fields=True):
    """The token of an invitation, and the password: one's present one, or of one's choice where there is no account yet."""

    token: Token
    password: NewPassword
    name: PersonName = ""


@hides("access_token", "refresh_token", "mfa_token")
class SignedIn(Struct, frozen=True):
    """A session's tokens. The access token goes into `Authorization: Bearer`; `expires_in` is in seconds.

    With `mfa_required` there is no session yet: the second step takes `mfa_token` and a code. With `enrolment_required` the
    organisation demands a second factor, and until one is enrolled nothing else works.
    """

    mfa_required: bool
    access_token: str | None = None
    token_type: str | None = None
    expires_in: int | None = None
    refresh_token: str | None = None
    session_id: str | None = None
    organization_id: str | None = None
    user_id: str | None = None
    role: str | None = None
    enrolment_required: bool = False
    mfa_token: str | None = None


class Joined(Struct, frozen=True):
    """Who joined what."""

    organization_id: str
    user_id: str
    email: str
    role: str


class Membership(Struct, frozen=True):
    """One organisation of a person."""

    organization_id: str
    organization_name: str
    role: str
    suspended: bool
    require_mfa: bool
    joined_at: str


class Profile(Struct, frozen=True):
    """Oneself. `role` is the one in the organisation of this session."""

    user_id: str
    email: str
    name: str
    role: str
    mfa: bool
    recovery_codes_left: int
    created_at: str
    memberships: list[Membership]


class ProfilePatch(Struct, frozen=True, forbid_unknown_fields=True):
    """One's other name."""

    name: PersonName


@hides("current_password", "new_password")
class PasswordChange(Struct, frozen=True, forbid_unknown_fields=True):
    """The present password and the one wanted."""

    current_password: GivenPassword
    new_password: NewPassword


class Enrol(Struct, frozen=True, forbid_unknown_fields=True):
    """How codes are made. Few apps know anything but the default."""

    algorithm: Literal["SHA1", "SHA256", "SHA512"] = "SHA1"
    digits: Literal[6, 8] = 6


@hides("secret", "uri")
class Enrolment(Struct, frozen=True):
    """A second factor to be confirmed: `uri` is what a QR code for the app holds, `secret` the same for typing."""

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
    """Codes for the day the phone is gone; each works once. They are not shown again."""

    recovery_codes: list[str]
    warning: str = "keep these codes in a safe place, they are not shown again"


@hides("password", "code")
class RemoveFactor(Struct, frozen=True, forbid_unknown_fields=True):
    """What proves that it is oneself: the password and a code."""

    password: GivenPassword
    code: Code


class Session(Struct, frozen=True):
    """A sign-in. `current` is the one that asks."""

    id: str
    user_id: str
    current: bool
    methods: list[str]
    address: str
    user_agent: str
    created_at: str
    last_used_at: str
    expires_at: str


class Member(Struct, frozen=True):
    """A person in the organisation. `mfa` tells whether they have a second factor."""

    user_id: str
    email: str
    name: str
    role: str
    mfa: bool
    joined_at: str


class RoleChange(Struct, frozen=True, forbid_unknown_fields=True):
    """A member's other role."""

    role: RoleName


class OffBoarded(Struct, frozen=True):
    """What ended with a membership."""

    user_id: str
    email: str
    sessions_ended: int
    keys_revoked: list[str]
    groups_left: list[str]


class GroupWrite(Struct, frozen=True, forbid_unknown_fields=True):
    """A group's name, which no other group of the organisation has."""

    name: Name


class Group(Struct, frozen=True):
    """A set of members; `members` is how many."""

    id: str
    name: str
    members: int
    created_at: str


class Invite(Struct, frozen=True, forbid_unknown_fields=True):
    """Whom to invite, and as what."""

    email: Email
    role: RoleName = "member"


class Invitation(Struct, frozen=True):
    """An invitation: pending, accepted, withdrawn or expired."""

    id: str
    email: str
    role: str
    status: str
    invited_by: str
    created_at: str
    sent_at: str
    expires_at: str
    accepted_at: str | None


class Organization(Struct, frozen=True):
    """The caller's organisation. With `require_mfa` every member needs a second factor."""

    id: str
    name: str
    plan: str
    require_mfa: bool


class OrganizationPatch(Struct, frozen=True, forbid_unknown_fields=True):
    """A change of the organisation: a field that is left out stays."""

    name: Name | UnsetType = UNSET
    require_mfa: bool | UnsetType = UNSET
