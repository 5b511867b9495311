"""Statements that run on the event loop itself: to pass each to a thread and back takes longer than most take to run.

Other tasks have their turn before every statement, so that use cases interleave as they do with threads. The servers that tests
start as processes of their own keep the threads, and so do the tests of the storage itself (`own_threads`).
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from typing import Any

from penstock.adapters.storage.sqlite.connection import Session, StorageUnavailable

_threads = 0


def make_statements_quick() -> None:
    """Let this process run statements where they are asked for."""
    in_thread = Session.call

    async def call(session: Session, use: Callable[[sqlite3.Connection], Any]) -> Any:
        if _threads:
            return await in_thread(session, use)
        await asyncio.sleep(0)
        try:
            return use(session._connection)
        except sqlite3.IntegrityError:
            raise
        except sqlite3.DatabaseError as error:
            raise StorageUnavailable(reason=str(error)) from error

    Session.call = call  # type: ignore[method-assign]


@contextlib.contextmanager
def own_threads() -> Iterator[None]:
    """Run every statement in the thread of its connection meanwhile, as a server does."""
    global _threads  # noqa: PLW0603  (the process is what changes)
    _threads += 1
    try:
        yield
    finally:
        _threads -= 1
