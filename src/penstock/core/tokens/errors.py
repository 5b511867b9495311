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
