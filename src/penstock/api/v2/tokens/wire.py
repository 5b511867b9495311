"""Tokens over the native API, exactly as on the wire."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from penstock.api.shared.token_bodies import Period, ShownSeed, Title, TokenName, TokenToCreate
from penstock.api.v2.wire import Cursor, Limit, Text
from penstock.kit.secret import hides


@hides("secret", "uri")
class TokenCreate(TokenToCreate, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A token to create, from its `secret` in base32 or an `otpauth://` URI, which also has the issuer and the parameters.

    `name` is 1 to 63 of a-z, 0-9, `.`, `_` and `-`.
    """

    period: Period | UnsetType = msgspec.field(default=UNSET, name="period_s")


@hides("secret", "uri")
class TokenSeed(ShownSeed, frozen=True):
    """The seed of a token, in base32 and in a URI for authenticator apps."""

    period: int = msgspec.field(name="period_s")


class TokenGroup(Struct, frozen=True):
    """A group to which a token is granted."""

    id: str
    name: str


class Token(Struct, frozen=True):
    """A token, without its seed. `rotate_reason` says why the seed should be replaced; null if it need not.

    With `four_eyes` a second person must approve before the seed is shown. `created_by` is a user or a key.
    """

    id: str
    name: str
    issuer: str
    account: str
    description: str
    algorithm: str
    digits: int
    period_s: int
    four_eyes: bool
    rotate_reason: str | None
    groups: list[TokenGroup]
    created_by: str
    created_at: str
    updated_at: str


class TokenPatch(Struct, frozen=True, forbid_unknown_fields=True):
    """A change of a token: omitted fields are unchanged."""

    name: TokenName | UnsetType = UNSET
    issuer: Title | UnsetType = UNSET
    account: Title | UnsetType = UNSET
    description: Text | UnsetType = UNSET
    four_eyes: bool | UnsetType = UNSET


class TokenQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Filters for tokens. `search` is found in name, issuer, account and description; `rotate`: whether they are marked."""

    search: Annotated[str, Meta(min_length=1, max_length=200)] | None = None
    issuer: Annotated[str, Meta(max_length=200)] | None = None
    rotate: bool | None = None
    sort: Literal["name", "-name", "created_at", "-created_at"] = "name"
    limit: Limit = 100
    cursor: Cursor | None = None


class CodeQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """With `consume` a code is returned to one call only."""

    consume: bool = False


@hides("code")
class Code(Struct, frozen=True):
    """A code, and for how many seconds it is valid."""

    code: str
    expires_in_s: int
    period_s: int
