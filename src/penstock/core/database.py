"""The only access to stored state: a transaction for one organisation, or a system transaction across all of them.

This module does not list the stores of a transaction. Each noun declares the stores that it uses: next to a store is its
`Has…` Protocol, a transaction that has the store, and a noun's own transaction combines several of them. A database that has
every store satisfies all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol, TypeVar

from penstock.kit.ids import OrgId

T_co = TypeVar("T_co", covariant=True)
"""The stores of one organisation that the caller uses."""
S_co = TypeVar("S_co", covariant=True)
"""The stores across organisations that the caller uses."""


class OrganizationDatabase(Protocol[T_co]):
    """Access to the state of one organisation. A normal exit commits; an exception rolls back."""

    def transaction(self, org_id: OrgId) -> AbstractAsyncContextManager[T_co]:
        """Read and write the state of one organisation. One writer at a time."""

    def snapshot(self, org_id: OrgId) -> AbstractAsyncContextManager[T_co]:
        """Read the state of one organisation as of one point in time. Never waits for a writer."""


class SystemDatabase(Protocol[S_co]):
    """Access to state across organisations: for start-up, sign-in and workers only."""

    def system(self) -> AbstractAsyncContextManager[S_co]:
        """Read and write across organisations."""

    def system_snapshot(self) -> AbstractAsyncContextManager[S_co]:
        """Read across organisations."""


class Database(OrganizationDatabase[T_co], SystemDatabase[S_co], Protocol[T_co, S_co]):
    """Access to all state, of one organisation and across organisations."""

    def on_events(self, listener: Callable[[], None]) -> None:
        """Register a function to call after each commit that added to the outbox. It must not block."""


class OpensOrganizations(Protocol[T_co]):
    """A transaction across organisations that can be narrowed to one of them."""

    def for_organization(self, org_id: OrgId) -> T_co:
        """The stores of one organisation within the same transaction."""
