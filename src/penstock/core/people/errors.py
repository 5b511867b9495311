"""Errors about users, members, sessions and invitations."""

from __future__ import annotations

from penstock.kit.errors import Kind, PenstockError


class SignInFailed(PenstockError):
    """The e-mail, the password or the organisation is wrong. The response does not reveal which."""

    kind, code = Kind.UNAUTHENTICATED, "auth.sign_in_failed"
    message = "the e-mail or the password is wrong"


class TooManyAttempts(PenstockError):
    """Too many failed attempts on this account or from this address. Each further attempt increases the wait."""

    kind, code = Kind.EXHAUSTED, "auth.too_many_attempts"
    message = "too many failed attempts; retry in {retry_after_s} s"
    shown = ("retry_after_s",)


class RefreshInvalid(PenstockError):
    """The refresh token is unknown or already used, or its session has ended. Using an old token ends the session."""

    kind, code = Kind.UNAUTHENTICATED, "auth.refresh_invalid"
    message = "the refresh token is invalid, used or expired; sign in again"


class ChallengeInvalid(PenstockError):
    """The token for the second sign-in step is invalid or expired."""

    kind, code = Kind.UNAUTHENTICATED, "auth.challenge_invalid"
    message = "the sign-in has expired; sign in again"


class CodeInvalid(PenstockError):
    """The second-factor code is wrong, expired or already used."""

    kind, code = Kind.UNAUTHENTICATED, "auth.code_invalid"
    message = "the code is wrong, expired or already used"


class PasswordWrong(PenstockError):
    """The current password, which is required for a sensitive change, is wrong."""

    kind, code = Kind.FORBIDDEN, "auth.password_wrong"
    message = "the current password is wrong"


class CodeWrong(PenstockError):
    """A code requested from a signed-in user is wrong or already used."""

    kind, code = Kind.FORBIDDEN, "auth.code_wrong"
    message = "the code is wrong, expired or already used"


class SessionRequired(PenstockError):
    """Only a signed-in user can make this call, not an API key."""

    kind, code = Kind.FORBIDDEN, "auth.session_required"
    message = "an access token of a signed-in user is required, not an API key"


class SecondFactorExists(PenstockError):
    """A confirmed second factor exists; remove it before you enrol another."""

    kind, code = Kind.CONFLICT, "auth.second_factor_exists"
    message = "a second factor is already enrolled"


class SecondFactorMissing(PenstockError):
    """The user has no second factor to confirm or remove."""

    kind, code = Kind.CONFLICT, "auth.second_factor_missing"
    message = "no second factor is enrolled or pending"


class SecondFactorForced(PenstockError):
    """An organisation of this user requires a second factor, so it cannot be removed."""

    kind, code = Kind.CONFLICT, "auth.second_factor_forced"
    message = "one of your organisations requires a second factor"


class MailTokenInvalid(PenstockError):
    """The token from a mail is unknown, used, withdrawn or expired. The response does not reveal which."""

    kind, code = Kind.INVALID, "auth.mail_token_invalid"
    message = "the token is invalid, used or expired; request another mail"


class LinkInvalid(PenstockError):
    """The token of a link that the server printed is unknown or used, or the server was restarted since."""

    kind, code = Kind.INVALID, "auth.link_invalid"
    message = "the link is invalid or used, or the server was restarted since it was printed; open the latest one"


class SessionNotFound(PenstockError):
    """No session with this id is visible to the caller."""

    kind, code = Kind.NOT_FOUND, "sessions.not_found"
    message = "session {session_id} was not found"


class MemberNotFound(PenstockError):
    """The caller's organisation, or the group, has no member with this id."""

    kind, code = Kind.NOT_FOUND, "members.not_found"
    message = "member {user_id} was not found"


class MemberExists(PenstockError):
    """The person is already a member."""

    kind, code = Kind.CONFLICT, "members.exists"
    message = "{email} is already a member"


class LastOwner(PenstockError):
    """An organisation must have at least one owner."""

    kind, code = Kind.CONFLICT, "members.last_owner"
    message = "the last owner cannot be removed; make another member owner first"


class RoleNotAllowed(PenstockError):
    """You cannot grant a role, or act on a member with a role, that has more permissions than yours."""

    kind, code = Kind.FORBIDDEN, "members.beyond_you"
    message = "the role {role} has more permissions than yours"


class MemberIsResident(PenstockError):
    """A resident cannot have another role, and a member becomes a resident only through an invitation."""

    kind, code = Kind.CONFLICT, "members.is_resident"
    message = "a resident cannot have another role; remove the member and send a new invitation"


class MemberIsCustomerManager(PenstockError):
    """A customer's manager cannot have another role, and a member becomes one only through an invitation."""

    kind, code = Kind.CONFLICT, "members.is_customer_manager"
    message = "a customer's manager cannot have another role; remove the member and send a new invitation"


class UserNotFound(PenstockError):
    """No user with this e-mail exists. Revealed only to the operator."""

    kind, code = Kind.NOT_FOUND, "users.not_found"
    message = "user {email} was not found"


class GroupNotFound(PenstockError):
    """The caller's organisation has no group with this id."""

    kind, code = Kind.NOT_FOUND, "groups.not_found"
    message = "group {group_id} was not found"


class GroupExists(PenstockError):
    """The organisation already has a group with this name."""

    kind, code = Kind.CONFLICT, "groups.exists"
    message = "group {name} already exists"


class InvitationNotFound(PenstockError):
    """The caller's organisation has no invitation with this id."""

    kind, code = Kind.NOT_FOUND, "invitations.not_found"
    message = "invitation {invitation_id} was not found"


class InvitationExists(PenstockError):
    """The person already has an open invitation; resend or withdraw it."""

    kind, code = Kind.CONFLICT, "invitations.exists"
    message = "{email} already has an open invitation"


class InvitationEnded(PenstockError):
    """The invitation was already accepted or withdrawn."""

    kind, code = Kind.CONFLICT, "invitations.ended"
    message = "the invitation is {status}"


class MailFailed(PenstockError):
    """The mail server did not accept a message. Never returned to a caller: the worker retries."""

    kind, code = Kind.UNAVAILABLE, "mail.failed"
    message = "the mail server did not accept the mail: {reason}"


class ResidentNotFound(PenstockError):
    """The caller's organisation, or this customer, has no resident with this id."""

    kind, code = Kind.NOT_FOUND, "residents.not_found"
    message = "resident {resident_id} was not found"
