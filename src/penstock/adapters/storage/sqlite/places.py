"""Runs the statements of lists that are searched and sorted."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from penstock.adapters.storage.orders import name_of
from penstock.adapters.storage.sqlite.connection import Session, like
from penstock.kit.ids import MAX_ID
from penstock.kit.ordering import After, Place


async def rows_from(
    session: Session, statement: str, after: After, limit: int, params: Mapping[str, object]
) -> list[sqlite3.Row]:
    """At most `limit` rows of a list, after a place in its order.

    `params` are the others: :after, :after_id, :limit and :pattern follow from the place, unless they are given.
    """
    place = after if isinstance(after, Place) else Place((MAX_ID if after is None else after,))
    *value, after_id = place.after
    own = {"after": value[0] if value else None, "after_id": after_id, "limit": limit, "pattern": like(place.text)}
    return await session.all(name_of(statement, place.sort), {**own, **params})
