"""Functions that follow a commit: called at once, and again when a transaction that is held around them has ended."""

from __future__ import annotations

import contextlib

from penstock.adapters.storage.sqlite.transaction import SqliteTransaction
from penstock.core.database import HeldCalls, held_calls, repeated_after_commit
from tests.support.shelf import Shelf


def test_without_a_held_transaction_a_function_is_called_once() -> None:
    called: list[str] = []
    repeated_after_commit(called.append)("a")
    assert called == ["a"]


def test_after_its_end_nothing_is_added() -> None:
    called: list[str] = []
    calls = HeldCalls()
    token = held_calls.set(calls)
    try:
        repeated_after_commit(called.append)("a")
        calls.repeat()
        repeated_after_commit(called.append)("b")
        calls.repeat()
    finally:
        held_calls.reset(token)
    assert called == ["a", "a", "b"]


async def test_it_is_repeated_after_the_commit_and_after_a_rollback(shelf: Shelf) -> None:
    called: list[str] = []
    note = repeated_after_commit(called.append)
    async with shelf.database.held(shelf.acme, nothing):
        async with shelf.own():
            pass
        note("kept")
        assert called == ["kept"]
    assert called == ["kept", "kept"]
    with contextlib.suppress(ZeroDivisionError):
        async with shelf.database.held(shelf.acme, nothing):
            note("undone")
            raise ZeroDivisionError
    assert called == ["kept", "kept", "undone", "undone"]


async def nothing(tx: SqliteTransaction) -> None:
    """No condition."""
