"""The doors to stored state: a transaction is opened for an organisation, or across all of them, and there is no other way in.

What a transaction holds is not said here. Each noun names the stores that it works with: beside a store stands its `Has…`, a
transaction that has it, and a noun's own transaction is made of those. A database that has every store fits them all.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol, TypeVar

from penstock.kit.ids import OrgId

T_co = TypeVar("T_co", covariant=True)
"""The stores of one organisation that somebody works with."""
S_co = TypeVar("S_co", covariant=True)
"""The stores across organisations that somebody works with."""


class Door(Protocol[T_co]):
    """Where the state of one organisation is reached. Leaving normally commits, leaving by error rolls back."""

    def transaction(self, org_id: OrgId) -> AbstractAsyncContextManager[T_co]:
        """Read and write the state of one organisation. One writer at a time."""

    def snapshot(self, org_id: OrgId) -> AbstractAsyncContextManager[T_co]:
        """Read the state of one organisation as it was at one moment. Never waits for a writer."""


class SystemDoor(Protocol[S_co]):
    """Where the state is reached that belongs to no single organisation: for start-up, sign-in and workers only."""

    def system(self) -> AbstractAsyncContextManager[S_co]:
        """Read and write across organisations."""

    def system_snapshot(self) -> AbstractAsyncContextManager[S_co]:
        """Read across organisations."""


class Database(Door[T_co], SystemDoor[S_co], Protocol[T_co, S_co]):
    """Where state lives: both doors."""

    def on_events(self, listener: Callable[[], None]) -> None:
        """Call a function, that must not wait, after each commit that added to the outbox."""


class OpensOrganizations(Protocol[T_co]):
    """A transaction across organisations that can go into one."""

    def of(self, org_id: OrgId) -> T_co:
        """The stores of one organisation inside this same transaction."""
