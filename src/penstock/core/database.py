"""The only access to stored state: a transaction for one organisation, or a system transaction across all of them.

This module does not list the stores of a transaction. Each noun declares the stores that it uses: next to a store is its
`Has…` Protocol, a transaction that has the store, and a noun's own transaction combines several of them. A database that has
every store satisfies all of them.
"""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from contextvars import ContextVar
from typing import ParamSpec, Protocol, TypeVar

from penstock.kit.ids import OrgId

P = ParamSpec("P")

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


class HoldingDatabase(OrganizationDatabase[T_co], Protocol[T_co]):
    """Opens a transaction around whole use cases, for a caller that has to add to what they commit."""

    def held(
        self, org_id: OrgId, on_begin: Callable[[T_co], Awaitable[None]]
    ) -> AbstractAsyncContextManager[Callable[[], Awaitable[T_co]]]:
        """A transaction around use cases that are called in the same task.

        It begins with the first transaction of one of them, and with `on_begin`, whose error that use case then raises. From then
        on their transactions and snapshots are parts of it: a part that fails is rolled back alone, and everything else is
        committed at the end, or not at all. What was registered by `repeated_after_commit` is called again then.

        Yields a function that returns the transaction, and begins it if no use case has.
        """


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


class HeldCalls:
    """The calls to repeat at the end of a held transaction. A task that was started in it outlives it, and then adds none."""

    def __init__(self) -> None:
        self._calls: list[Callable[[], None]] | None = []

    def add(self, call: Callable[[], None]) -> None:
        """Repeat a call at the end, unless that has passed."""
        if self._calls is not None:
            self._calls.append(call)

    def repeat(self) -> None:
        """The transaction has ended: make the calls again."""
        calls, self._calls = self._calls or [], None
        for call in calls:
            call()


held_calls: ContextVar[HeldCalls | None] = ContextVar("penstock_held_calls", default=None)
"""Those of the held transaction; None outside of one."""


def repeated_after_commit(call: Callable[P, None]) -> Callable[P, None]:
    """Make a function that follows a commit safe within a held transaction, whose commit is still to come.

    Such a function drops a cached entry or wakes a worker. Called only before the commit, the cache would be filled again with
    the old state, and the worker would find nothing. It is called immediately, and again at the end.
    """

    @functools.wraps(call)
    def called(*args: P.args, **kwargs: P.kwargs) -> None:
        call(*args, **kwargs)
        pending = held_calls.get()
        if pending is not None:
            pending.add(functools.partial(call, *args, **kwargs))

    return called
