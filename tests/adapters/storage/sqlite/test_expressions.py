"""Counts of failed evaluations as rows: one for each definition, replaced and removed."""

from __future__ import annotations

from penstock.core.expressions.error_counts import NONE, CountedErrors, ErrorCount, Use
from tests.support.shelf import Shelf


async def test_a_count_is_replaced_and_removed(shelf: Shelf) -> None:
    first, second = ErrorCount(1, "one", 10), ErrorCount(2, "two", 20)
    async with shelf.own() as tx:
        for use, subject_id, errors in (
            (Use.ALERT, 7, first),
            (Use.ALERT, 7, second),
            (Use.RULE, 7, first),
            (Use.RULE, 8, first),
        ):
            await tx.evaluation_errors.save(CountedErrors(shelf.acme, use, subject_id, errors))
        await tx.evaluation_errors.save(CountedErrors(shelf.acme, Use.RULE, 8, NONE))
    async with shelf.system() as tx:
        found = await tx.evaluation_errors.list()
    assert sorted(found, key=lambda one: one.use) == [
        CountedErrors(shelf.acme, Use.ALERT, 7, second),
        CountedErrors(shelf.acme, Use.RULE, 7, first),
    ]
