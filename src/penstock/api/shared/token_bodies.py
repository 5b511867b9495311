"""Tokens in requests, as both surfaces accept them: a seed with its parameters, or an `otpauth://` URI."""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

from msgspec import UNSET, Meta, Struct, UnsetType

from penstock.core.tokens.formats.otpauth import parse
from penstock.core.tokens.models import NewToken, TokenSeed
from penstock.core.tokens.seeds import seed_from_text
from penstock.core.vault.totp import otpauth_uri, to_base32
from penstock.kit.errors import InvalidInput
from penstock.kit.secret import hides

TokenName = Annotated[str, Meta(min_length=1, max_length=63)]
Title = Annotated[str, Meta(max_length=200)]
SecretText = Annotated[str, Meta(min_length=1, max_length=512)]
UriText = Annotated[str, Meta(min_length=1, max_length=2048)]
Period = Annotated[int, Meta(ge=15, le=300)]
_OF_SEED = ("algorithm", "digits", "period")


@hides("secret", "uri")
class TokenToCreate(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A token to create, from its `secret` in base32 or an `otpauth://` URI, which also has the issuer and the parameters.

    `name` is 1 to 63 of a-z, 0-9, `.`, `_` and `-`. `period` is in seconds.
    """

    name: TokenName
    secret: SecretText | UnsetType = UNSET
    uri: UriText | UnsetType = UNSET
    issuer: Title | UnsetType = UNSET
    account: Title | UnsetType = UNSET
    description: Annotated[str, Meta(max_length=2000)] = ""
    algorithm: Annotated[str, Meta(max_length=16)] | UnsetType = UNSET
    digits: Annotated[int, Meta(ge=6, le=8)] | UnsetType = UNSET
    period: Period | UnsetType = UNSET
    four_eyes: bool = False


@hides("secret")
class SeedToRotate(Struct, frozen=True, forbid_unknown_fields=True):
    """The new seed in base32. Without it, a random one is generated."""

    secret: SecretText | None = None


@hides("secret", "uri")
class ShownSeed(Struct, frozen=True):
    """The seed of a token, in base32 and in a URI for authenticator apps."""

    name: str
    secret: str
    uri: str
    algorithm: str
    digits: int
    period: int


S = TypeVar("S", bound=ShownSeed)


def new_token(body: TokenToCreate) -> NewToken:
    """A token to create.

    Raises:
        InvalidInput: neither `secret` nor `uri` is sent, or both; or the error names the field.
    """
    if (body.secret is UNSET) == (body.uri is UNSET):
        raise InvalidInput.field("secret", "either secret or uri is required, and not both")
    common: dict[str, Any] = {"name": body.name, "description": body.description, "four_eyes": body.four_eyes}
    given: dict[str, Any] = {
        name: value for name in ("issuer", "account", *_OF_SEED) if (value := getattr(body, name)) is not UNSET
    }
    if "period" in given:
        given["period_s"] = given.pop("period")
    if body.uri is UNSET:
        assert body.secret is not UNSET
        return NewToken(**common, **given, seed=seed_from_text(body.secret))
    if double := [name for name in _OF_SEED if getattr(body, name) is not UNSET]:
        raise InvalidInput.field(_name_of(body, double[0]), "must not be sent with uri, which has it")
    entry = parse(body.uri)
    parameters: dict[str, Any] = {
        name: getattr(entry, name) for name in ("seed", "issuer", "account", "algorithm", "digits", "period_s")
    }
    return NewToken(**common, **parameters | given)


def _name_of(body: TokenToCreate, field: str) -> str:
    """The name of a field on the wire."""
    return dict(zip(body.__struct_fields__, body.__struct_encode_fields__, strict=True))[field]


def shown_seed(found: TokenSeed, kind: type[S]) -> S:
    """A seed in a response, as the surface names its fields."""
    token = found.token
    uri = otpauth_uri(
        found.seed,
        issuer=token.issuer,
        account=token.account or token.name,
        algorithm=token.algorithm,
        digits=token.digits,
        period_s=token.period_s,
    )
    return kind(token.name, to_base32(found.seed), uri, token.algorithm, token.digits, token.period_s)
