"""The outbox in order, and answers that are kept sealed for whoever asked."""

from __future__ import annotations

import contextlib

import msgspec
import pytest

from penstock.core.idempotency import KEEP_HOURS, IdempotencyKey, IdempotencyMismatch
from penstock.kit.clock import HOUR_US
from tests.support.shelf import Shelf


class Told(msgspec.Struct):
    """An event of no consequence."""

    n: int


ASKED = IdempotencyKey(key="order 1", fingerprint=b"body")


async def test_events_of_all_come_in_order_until_their_organisation_removes_them(shelf: Shelf) -> None:
    async with shelf.system() as tx:
        before = {entry.id for entry in await tx.outbox.next(100)}
    async with shelf.own() as tx:
        await tx.outbox.add("x.first", 7, Told(1))
    async with shelf.strange() as tx:
        await tx.outbox.add("x.second", 8, Told(2))
    async with shelf.system() as tx:
        found = [entry for entry in await tx.outbox.next(100) if entry.id not in before]
        assert [(one.org_id, one.topic, one.subject_id, one.body) for one in found] == [
            (shelf.acme, "x.first", 7, b'{"n":1}'),
            (shelf.other, "x.second", 8, b'{"n":2}'),
        ]
    async with shelf.own() as tx:
        await tx.outbox.remove([one.id for one in found])
    async with shelf.system() as tx:
        assert [one.topic for one in await tx.outbox.next(100) if one.id not in before] == ["x.second"]


async def test_what_was_not_committed_wakes_nobody(shelf: Shelf) -> None:
    woken: list[str] = []
    shelf.database.on_events(lambda: woken.append("woken"))
    with contextlib.suppress(ZeroDivisionError):
        async with shelf.own() as tx:
            await tx.outbox.add("x.y", 1, Told(1))
            raise ZeroDivisionError
    async with shelf.own() as tx:
        await tx.outbox.remove([])
    assert woken == []
    async with shelf.own() as tx:
        await tx.outbox.add("x.y", 1, Told(1))
    assert woken == ["woken"]


async def test_an_answer_is_for_one_caller_key_and_request(shelf: Shelf) -> None:
    async with shelf.own() as tx:
        await tx.idempotency.keep(5, ASKED, b"token", 1)
        assert await tx.idempotency.find(5, ASKED) == b"token"
        assert await tx.idempotency.find(6, ASKED) is None
        assert await tx.idempotency.find(5, IdempotencyKey(key="order 2", fingerprint=b"body")) is None
        with pytest.raises(IdempotencyMismatch):
            await tx.idempotency.find(5, IdempotencyKey(key="order 1", fingerprint=b"other"))
        rows = await tx.session.call(lambda connection: connection.execute("SELECT * FROM idempotency").fetchall())
    assert not any(b"token" in bytes(value) for row in rows for value in row if isinstance(value, bytes))
    async with shelf.strange() as tx:
        assert await tx.idempotency.find(5, ASKED) is None


@pytest.mark.parametrize(("later_us", "kept"), [(KEEP_HOURS * HOUR_US, True), (KEEP_HOURS * HOUR_US + 1, False)])
async def test_old_answers_are_forgotten_when_another_is_kept(later_us: int, kept: bool, shelf: Shelf) -> None:
    async with shelf.own() as tx:
        await tx.idempotency.keep(5, ASKED, b"token", 1)
        await tx.idempotency.keep(5, IdempotencyKey(key="order 2", fingerprint=b"body"), b"", 1 + later_us)
        assert await tx.idempotency.find(5, ASKED) == (b"token" if kept else None)
