"""What tokens require of the rules about who may use them."""

from __future__ import annotations

from typing import Protocol, TypeVar

import msgspec

from penstock.core.actor import Actor
from penstock.core.tokens.models import Permission, SubjectKind, Token

Tx_contra = TypeVar("Tx_contra", contravariant=True)


class Subjects(msgspec.Struct, frozen=True, kw_only=True):
    """To what a token can be granted so that a caller may use it: kinds and numbers of ids. Grants until `now_us` have ended."""

    pairs: tuple[tuple[SubjectKind, int], ...]
    now_us: int


class TokenAccess(Protocol[Tx_contra]):
    """Who may use which tokens, as of the transaction."""

    def is_restricted(self, actor: Actor) -> bool:
        """Whether the caller reaches only what is granted: then the other methods are called, in a transaction."""

    async def subjects(self, tx: Tx_contra, actor: Actor) -> Subjects | None:
        """To what tokens must be granted for the caller to see them; None: they see all."""

    async def require(self, tx: Tx_contra, actor: Actor, token: Token, permission: Permission) -> None:
        """Check that the caller may use a token.

        Raises:
            TokenNotFound: it is not granted to them.
            SeedNotGranted: it is granted for codes only.
        """

    async def require_approval(self, tx: Tx_contra, actor: Actor, token: Token) -> None:
        """Check that a second person approved a look at the seed, if the token requires it, and count the approval as used.

        Raises:
            PenstockError: there is no approval, or it has expired.
        """

    async def check_four_eyes(self, tx: Tx_contra, actor: Actor, token: Token, *, enabled: bool) -> None:
        """Check that the caller may set whether a second person must approve that the seed of a token is read.

        Raises:
            PenstockError: they may not, or a second person did not approve that this is no longer required.
        """
