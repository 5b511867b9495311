"""The stores of grants, and of requests to read a seed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from penstock.core.audit.store import HasAudit
from penstock.core.tokens.grant_models import EndedGrant, Granted, RequestState, SeedRequest, Subject
from penstock.core.tokens.models import Grant, Permission
from penstock.core.tokens.ports import Subjects
from penstock.kit.ids import GrantId, GroupId, KeyId, SeedRequestId, TokenId, UserId


class GrantStore(Protocol):
    """Grants of the transaction's organisation."""

    async def create(self, grant: Grant) -> None:
        """Add a grant. The caller has checked in the same transaction that there is none like it."""

    async def find(self, grant_id: GrantId) -> Granted | None:
        """The grant with this id."""

    async def find_like(self, token_id: TokenId, subject: Subject, permission: Permission) -> Granted | None:
        """The grant of this permission, also one that has ended."""

    async def elevations(self, grant: Grant) -> list[Granted]:
        """The grants of the seed that end with a grant of codes."""

    async def count(self, token_id: TokenId) -> int:
        """The number of grants of a token."""

    async def set_end(self, grant_id: GrantId, expires_us: int | None) -> None:
        """Set when a grant ends."""

    async def delete(self, grant_id: GrantId) -> bool:
        """Remove a grant; False if it does not exist."""

    async def permission(self, token_id: TokenId, user_id: UserId | None, key_id: KeyId | None, now_us: int) -> Permission | None:
        """The most that is granted now to a user, to one of the user's groups or to a key."""

    async def groups_of(self, user_id: UserId) -> list[GroupId]:
        """The groups of a user."""

    async def subjects_of(self, user_id: UserId) -> list[Subject]:
        """The user, their groups, and the keys that they answer for."""

    async def of_subject(self, subject: Subject) -> list[Granted]:
        """All grants to a group, user or key."""

    async def delete_of(self, subject: Subject) -> list[Granted]:
        """Remove all grants to a group, user or key. Returns them."""

    async def page_of_token(self, token_id: TokenId, limit: int, after_id: int, subjects: Subjects | None) -> list[Granted]:
        """Grants of a token by id, above `after_id`; those to some subjects, or all."""

    async def page_of_subject(self, subject: Subject, limit: int, after_id: int) -> list[Granted]:
        """Grants to a group, user or key by id, above `after_id`."""

    async def mark_all(self, reason: str, now_us: int) -> int:
        """Mark every token for a new seed, unless it is marked. Returns how many were marked."""

    async def mark_of(self, subjects: Sequence[Subject], reason: str, now_us: int) -> int:
        """Mark the tokens whose seeds are granted now to one of these. Returns how many were marked."""


class SystemGrantStore(Protocol):
    """Grants of all organisations, for the worker that removes ended ones."""

    async def ended(self, now_us: int, limit: int) -> list[EndedGrant]:
        """Grants whose end has passed, the earliest end first."""


class SeedRequestStore(Protocol):
    """Requests to read seeds in the transaction's organisation."""

    async def create(self, request: SeedRequest) -> None:
        """Add a request."""

    async def find(self, request_id: SeedRequestId) -> SeedRequest | None:
        """The request with this id."""

    async def count_open(self, token_id: TokenId, person: int, now_us: int) -> int:
        """How many of a person's requests for a token can still be decided or used."""

    async def decide(
        self, request: SeedRequest, state: RequestState, until_us: int, decided_by: str, person: int, now_us: int
    ) -> bool:
        """Approve or deny an open request, in the name of a person; False if it is no longer open."""

    async def use(self, request_id: SeedRequestId, now_us: int) -> bool:
        """Use an approved request; False if it was used, or its end has passed."""

    async def find_approved(self, like: SeedRequest, now_us: int) -> SeedRequest | None:
        """The oldest approved request of the same requester for the same token and purpose."""

    async def end_of(self, person: int) -> int:
        """End what a person requested and did not use. Returns the number."""

    async def end_approvals_of(self, person: int) -> int:
        """End the unused approvals of a person. Returns the number."""

    async def list(
        self,
        token_id: TokenId | None,
        state: RequestState | None,
        limit: int,
        before_id: int,
        subjects: Subjects | None,
        now_us: int,
    ) -> list[SeedRequest]:
        """Requests newest first, with ids below `before_id`: of a token and state, and whose seeds are granted to these."""


class SystemSeedRequestStore(Protocol):
    """Requests of all organisations."""

    async def drop_made_before(self, before_us: int) -> int:
        """Delete requests that were made before a time. Returns the number."""


class HasGrants(Protocol):
    """A transaction with grants."""

    @property
    def grants(self) -> GrantStore:
        """Grants of tokens."""


class HasSeedRequests(Protocol):
    """A transaction with requests to read seeds."""

    @property
    def seed_requests(self) -> SeedRequestStore:
        """Requests to read seeds."""


class HasSystemGrants(Protocol):
    """A transaction across organisations with grants."""

    @property
    def grants(self) -> SystemGrantStore:
        """Grants of all organisations."""

    @property
    def seed_requests(self) -> SystemSeedRequestStore:
        """Requests of all organisations."""


class AccessTransaction(HasGrants, HasSeedRequests, HasAudit, Protocol):
    """The transaction in which access to a token is checked."""
