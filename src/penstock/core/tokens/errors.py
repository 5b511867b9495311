"""Errors about tokens."""

from __future__ import annotations

from penstock.kit.errors import Kind, PenstockError


class TokenNotFound(PenstockError):
    """The organisation has no token with this name or id, or it is not granted to the caller."""

    kind, code = Kind.NOT_FOUND, "tokens.not_found"
    message = "token {token} was not found"


class TokenExists(PenstockError):
    """The organisation has a token with this name."""

    kind, code = Kind.CONFLICT, "tokens.name_taken"
    message = "a token named {name} exists"


class TokenLimitReached(PenstockError):
    """The limit of tokens of an organisation is reached."""

    kind, code = Kind.EXHAUSTED, "tokens.limit_reached"
    message = "there can be at most {limit} tokens in an organization"


class SeedNotGranted(PenstockError):
    """The token is granted to the caller for its codes, and not for its seed."""

    kind, code = Kind.FORBIDDEN, "tokens.seed_not_granted"
    message = "token {token} is granted to you for its codes, and not for its seed"


class CodeConsumed(PenstockError):
    """The current code of the token was consumed by another call. The next code begins after `Retry-After`."""

    kind, code = Kind.CONFLICT, "tokens.code_consumed"
    message = "the current code of token {token} was consumed; the next one begins in {retry_after_s} s"
    shown = ("retry_after_s",)


class GrantNotFound(PenstockError):
    """The token has no grant with this id."""

    kind, code = Kind.NOT_FOUND, "tokens.grant_not_found"
    message = "grant {grant_id} was not found"


class GrantExists(PenstockError):
    """The same is granted already. Change its end, or revoke it."""

    kind, code = Kind.CONFLICT, "tokens.grant_exists"
    message = "{permission} of token {token} is already granted to {subject}"


class GrantLimitReached(PenstockError):
    """The limit of grants of a token is reached."""

    kind, code = Kind.EXHAUSTED, "tokens.grant_limit_reached"
    message = "a token can have at most {limit} grants; use groups"


class ReachesGrantedOnly(PenstockError):
    """The caller reaches only what is granted to them, and the call needs more than that."""

    kind, code = Kind.FORBIDDEN, "tokens.reaches_granted_only"
    message = "you reach only the tokens that are granted to you, so you cannot do this"


class ApprovalRequired(PenstockError):
    """A second person must approve that the caller reads this seed. They did not, or it was long ago, or it was used."""

    kind, code = Kind.FORBIDDEN, "tokens.approval_required"
    message = "a second person must approve that you do this with the seed of token {token}; request it"


class ApprovalNotNeeded(PenstockError):
    """No second person has to approve anything about this token."""

    kind, code = Kind.PRECONDITION, "tokens.approval_not_needed"
    message = "token {token} can be used without the approval of a second person"


class OwnRequest(PenstockError):
    """The request was made by the same person, or by one of their keys."""

    kind, code = Kind.FORBIDDEN, "tokens.own_request"
    message = "another person must decide on this request"


class SeedRequestNotFound(PenstockError):
    """The token has no request with this id."""

    kind, code = Kind.NOT_FOUND, "tokens.request_not_found"
    message = "request {request_id} was not found"


class SeedRequestDecided(PenstockError):
    """The request is no longer open."""

    kind, code = Kind.CONFLICT, "tokens.request_decided"
    message = "the request is {state}"


class SeedRequestLimitReached(PenstockError):
    """The caller has too many requests for this token that can still be decided or used."""

    kind, code = Kind.EXHAUSTED, "tokens.request_limit_reached"
    message = "you can have at most {limit} requests for a token"
