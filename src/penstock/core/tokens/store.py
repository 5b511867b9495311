"""The store of tokens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from penstock.core.tokens.grant_store import AccessTransaction
from penstock.core.tokens.models import Token, TokenFilter, TokenGroup, TokenSort
from penstock.core.tokens.ports import Subjects
from penstock.core.vault.store import HasSecrets
from penstock.kit.ids import TokenId


class TokenStore(Protocol):
    """Tokens of the transaction's organisation, without their seeds."""

    async def create(self, token: Token) -> None:
        """Add a token.

        Raises:
            TokenExists.
        """

    async def find(self, token_id: TokenId) -> Token | None:
        """The token with this id."""

    async def find_by_name(self, name: str) -> Token | None:
        """The token with this name."""

    async def are_more_than(self, count: int) -> bool:
        """Whether there are more tokens than this."""

    async def list(
        self, filters: TokenFilter, limit: int, after: str | int | None, sort: TokenSort, subjects: Subjects | None
    ) -> Sequence[Token]:
        """Tokens by filter after a position, all or those that are granted to one of these."""

    async def groups(self, token_ids: Sequence[TokenId], now_us: int) -> Mapping[TokenId, Sequence[TokenGroup]]:
        """The groups to which tokens are granted now, by name."""

    async def update(self, token: Token) -> None:
        """Update the fields that users set.

        Raises:
            TokenExists.
        """

    async def reseed(self, token: Token) -> None:
        """A token has a new seed, to which algorithm, digits and period belong: no code of it was consumed, and it need not be
        rotated.
        """

    async def consume(self, token_id: TokenId, step: int) -> bool:
        """Mark the code of a time step as consumed. False: it or a later one was before."""

    async def delete(self, token_id: TokenId) -> None:
        """Delete a token with its grants."""


class HasTokens(Protocol):
    """A transaction with tokens."""

    @property
    def tokens(self) -> TokenStore:
        """Tokens."""


class TokenTransaction(HasTokens, HasSecrets, AccessTransaction, Protocol):
    """The transaction of use cases on tokens."""
