"""Refusals about people."""

from __future__ import annotations

from penstock.kit.errors import Kind, PenstockError


class SignInFailed(PenstockError):
    """The e-mail, the password or the organisation is wrong; which of them is not told."""

    kind, code = Kind.UNAUTHENTICATED, "auth.sign_in_failed"
    message = "the e-mail or the password is wrong"


class TooManyAttempts(PenstockError):
    """Too many failed attempts on this account or from this address; each further one makes the wait longer."""

    kind, code = Kind.EXHAUSTED, "auth.too_many_attempts"
    message = "too many failed attempts; try again in {retry_after_s} s"
    shown = ("retry_after_s",)


class RefreshInvalid(PenstockError):
    """The refresh token is unknown, was used, or its session ended. Using an old one ends the session."""

    kind, code = Kind.UNAUTHENTICATED, "auth.refresh_invalid"
    message = "the refresh token is unknown, used or no longer valid: sign in again"


class ChallengeInvalid(PenstockError):
    """The token of a sign-in's second step is no such token or too old."""

    kind, code = Kind.UNAUTHENTICATED, "auth.challenge_invalid"
    message = "the sign-in took too long or was never begun: sign in again"


class CodeInvalid(PenstockError):
    """The code of the second factor is wrong, too old, or was used."""

    kind, code = Kind.UNAUTHENTICATED, "auth.code_invalid"
    message = "the code is wrong, too old or was used"


class PasswordWrong(PenstockError):
    """The present password, asked for again before something important, is wrong."""

    kind, code = Kind.FORBIDDEN, "auth.password_wrong"
    message = "the present password is wrong"


class CodeWrong(PenstockError):
    """A code, asked of somebody who is signed in, is wrong or was used."""

    kind, code = Kind.FORBIDDEN, "auth.code_wrong"
    message = "the code is wrong, too old or was used"


class SessionRequired(PenstockError):
    """Only a person who signed in can do this; an API key is nobody's self."""

    kind, code = Kind.FORBIDDEN, "auth.session_required"
    message = "this needs the token of a person who signed in, not an API key"


class SecondFactorExists(PenstockError):
    """There is a confirmed second factor: remove it before enrolling another."""

    kind, code = Kind.CONFLICT, "auth.second_factor_exists"
    message = "a second factor is enrolled already"


class SecondFactorMissing(PenstockError):
    """There is no second factor that this could be done to."""

    kind, code = Kind.CONFLICT, "auth.second_factor_missing"
    message = "no second factor is being enrolled, or none is there"


class SecondFactorForced(PenstockError):
    """An organisation of this person demands a second factor, so it cannot be removed."""

    kind, code = Kind.CONFLICT, "auth.second_factor_forced"
    message = "an organisation that you belong to demands a second factor"


class MailTokenInvalid(PenstockError):
    """The token from a mail is unknown, used, withdrawn or too old; which of them is not told."""

    kind, code = Kind.INVALID, "auth.mail_token_invalid"
    message = "the token is unknown, used or too old: ask for another mail"


class SessionNotFound(PenstockError):
    """No session with this id among those one may see."""

    kind, code = Kind.NOT_FOUND, "sessions.not_found"
    message = "session {session_id} not found"


class MemberNotFound(PenstockError):
    """No member with this id in the caller's organisation, or the group."""

    kind, code = Kind.NOT_FOUND, "members.not_found"
    message = "member {user_id} not found"


class MemberExists(PenstockError):
    """The person is a member already."""

    kind, code = Kind.CONFLICT, "members.exists"
    message = "{email} is a member already"


class LastOwner(PenstockError):
    """An organisation keeps at least one owner."""

    kind, code = Kind.CONFLICT, "members.last_owner"
    message = "this is the last owner: make another member owner first"


class BeyondYou(PenstockError):
    """Nobody can give a role, or act on somebody who has it, that may do more than they may."""

    kind, code = Kind.FORBIDDEN, "members.beyond_you"
    message = "the role {role} may do more than you"


class MemberIsResident(PenstockError):
    """A resident takes no other role, and nobody becomes one by a change of role: it takes an invitation."""

    kind, code = Kind.CONFLICT, "members.is_resident"
    message = "residents take no other role: remove them and invite them anew"


class UserNotFound(PenstockError):
    """No user with this e-mail. Told to the operator only."""

    kind, code = Kind.NOT_FOUND, "users.not_found"
    message = "no user {email}"


class GroupNotFound(PenstockError):
    """No group with this id in the caller's organisation."""

    kind, code = Kind.NOT_FOUND, "groups.not_found"
    message = "group {group_id} not found"


class GroupExists(PenstockError):
    """The organisation has a group of this name."""

    kind, code = Kind.CONFLICT, "groups.exists"
    message = "a group named {name!r} exists already"


class InvitationNotFound(PenstockError):
    """No invitation with this id in the caller's organisation."""

    kind, code = Kind.NOT_FOUND, "invitations.not_found"
    message = "invitation {invitation_id} not found"


class InvitationExists(PenstockError):
    """The person has an invitation that is still open: resend or withdraw it."""

    kind, code = Kind.CONFLICT, "invitations.exists"
    message = "{email} has been invited already"


class InvitationEnded(PenstockError):
    """The invitation was accepted or withdrawn."""

    kind, code = Kind.CONFLICT, "invitations.ended"
    message = "the invitation is {status}"


class MailFailed(PenstockError):
    """The mail server did not take a message now. Never shown to a caller: the worker tries again."""

    kind, code = Kind.UNAVAILABLE, "mail.failed"
    message = "the mail was not taken: {reason}"


class ResidentNotFound(PenstockError):
    """No resident with this id in the caller's organisation, or none of this customer."""

    kind, code = Kind.NOT_FOUND, "residents.not_found"
    message = "resident {resident_id} not found"
