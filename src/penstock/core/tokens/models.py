"""Tokens, their codes, and the grants that give people, groups and keys access to them."""

from __future__ import annotations

from enum import StrEnum

import msgspec
from msgspec import UNSET, UnsetType

from penstock.core.vault.models import Owner
from penstock.core.vault.owners import TOKEN
from penstock.kit.ids import GrantId, GroupId, TokenId
from penstock.kit.secret import hides

SEED = "seed"
"""The path under which the vault keeps the seed of a token."""


class Permission(StrEnum):
    """What a grant allows. The seed includes the code."""

    CODE = "code"
    SEED = "seed"


class SubjectKind(StrEnum):
    """To what a token can be granted."""

    GROUP = "group"
    USER = "user"
    KEY = "key"


class Token(msgspec.Struct, frozen=True, kw_only=True):
    """A token without its seed, which is in the vault.

    `name` is a slug, unique in the organisation. Codes up to the time step `last_step` were consumed. `rotate_reason` is set
    while the seed should be replaced, because a person who could read it has left. With `four_eyes` a second person must approve
    before the seed is read.
    """

    id: TokenId
    name: str
    issuer: str = ""
    account: str = ""
    description: str = ""
    algorithm: str = "SHA1"
    digits: int = 6
    period_s: int = 30
    four_eyes: bool = False
    last_step: int = 0
    rotate_reason: str | None = None
    created_by: str
    created_us: int
    updated_us: int

    @property
    def owner(self) -> Owner:
        """The token as an owner of a secret."""
        return Owner(TOKEN, self.id)


@hides("seed")
class NewToken(msgspec.Struct, frozen=True, kw_only=True):
    """A token to create. `seed` is the shared secret itself, not its base32 form."""

    name: str
    seed: bytes
    issuer: str = ""
    account: str = ""
    description: str = ""
    algorithm: str = "SHA1"
    digits: int = 6
    period_s: int = 30
    four_eyes: bool = False


class TokenPatch(msgspec.Struct, frozen=True, kw_only=True):
    """Changes of a token; a field that is UNSET stays as it is. Algorithm, digits and period belong to the seed."""

    name: str | UnsetType = UNSET
    issuer: str | UnsetType = UNSET
    account: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    four_eyes: bool | UnsetType = UNSET


class TokenFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which tokens to list. `text` is searched in name, issuer, account and description; `rotate`: whether it is marked."""

    text: str | None = None
    issuer: str | None = None
    rotate: bool | None = None


class TokenSort(StrEnum):
    """The order of a list of tokens."""

    NAME = "name"
    NAME_REVERSED = "-name"
    NEWEST = "-created_at"
    OLDEST = "created_at"

    def position(self, token: Token) -> str | int:
        """Where a token is in this order."""
        return token.name if self in (TokenSort.NAME, TokenSort.NAME_REVERSED) else token.id


class TokenGroup(msgspec.Struct, frozen=True):
    """A group to which a token is granted."""

    id: GroupId
    name: str


class ListedToken(msgspec.Struct, frozen=True):
    """A token with the groups to which it is granted, by name: for a caller who sees only granted tokens, their own groups."""

    token: Token
    groups: tuple[TokenGroup, ...] = ()


@hides("seed")
class TokenSeed(msgspec.Struct, frozen=True):
    """A token with its seed, in memory that the caller wipes after use."""

    token: Token
    seed: bytearray


@hides("code")
class Code(msgspec.Struct, frozen=True, kw_only=True):
    """A code, and how many seconds it is still valid: `period_s` at its beginning, 1 at its end."""

    code: str
    expires_in_s: int
    period_s: int


class Grant(msgspec.Struct, frozen=True, kw_only=True):
    """The right of a group, user or key to use a token, until `expires_us` if that is set. `subject_id` is a number of an id.

    `elevates` is the grant of codes to which this one adds the seed for a while: it ends with it.
    """

    id: GrantId
    token_id: TokenId
    subject_kind: SubjectKind
    subject_id: int
    permission: Permission
    expires_us: int | None
    reason: str
    created_by: str
    created_us: int
    elevates: GrantId | None = None
