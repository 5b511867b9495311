"""What waits for workers: counts rows of their queues."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from penstock.adapters.storage.sqlite.connection import Session, statements

QUEUES = {
    "outbox": "outbox_backlog_of_all",
    "mail": "mail_backlog_of_all",
    "notifications": "notifications_backlog_of_all",
    "alert_actions": "alert_actions_backlog_of_all",
    "rule_runs": "rule_runs_backlog_of_all",
    "command_sweeper": "command_sweeper_backlog_of_all",
}
"""The statements that count queues, by the name of the loop that empties them."""


def count_queues(connection: sqlite3.Connection, now_us: int, limit: int) -> dict[str, tuple[int, int | None]]:
    """The rows that are due in each queue, and when the oldest was."""
    params = {"now_us": now_us, "limit": limit}
    found = {name: connection.execute(statements()[statement], params).fetchone() for name, statement in QUEUES.items()}
    return {name: (row[0], row[1]) for name, row in found.items()}


class SqliteBacklog:
    """Implements `BacklogStore`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def queued(self, now_us: int, limit: int) -> Mapping[str, tuple[int, int | None]]:
        # In one call: each takes a turn of the reader's thread.
        return await self._session.call(lambda connection: count_queues(connection, now_us, limit))
