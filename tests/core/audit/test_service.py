"""Reading the audit log: page by page, also a whole export, and a head over all organisations."""

from __future__ import annotations

import hashlib

import pytest

from penstock.core.actor import Actor
from penstock.core.audit import service
from penstock.core.audit.chain import FIRST_HASH
from penstock.core.audit.models import AuditFilter
from penstock.core.audit.service import AuditService
from penstock.kit.ids import Prefix, encode
from penstock.kit.paging import encode_cursor
from tests.adapters.storage.sqlite.test_audit import WRITTEN, write
from tests.support.shelf import Shelf


@pytest.mark.parametrize(("rows", "pages"), [(1, [1, 1, 1, 1]), (2, [2, 2]), (3, [3, 1]), (9, [4])])
async def test_an_export_has_every_entry_once(rows: int, pages: list[int], shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "EXPORT_PAGE", rows)
    await write(shelf)
    audit = AuditService(shelf.database)
    found = [page async for page in audit.export(Actor.system(shelf.acme), AuditFilter())]
    assert [len(page) for page in found] == pages
    assert [entry.seq for page in found for entry in page] == [1, 2, 3, 4]
    assert [page async for page in audit.export(Actor.system(shelf.other), AuditFilter())] == []


async def test_lists_go_on_where_the_page_before_ended(shelf: Shelf) -> None:
    await write(shelf)
    audit, actor = AuditService(shelf.database), Actor.system(shelf.acme)
    first = await audit.list(actor, AuditFilter(), 3, None)
    rest = await audit.list(actor, AuditFilter(), 3, first.next_cursor)
    assert [entry.seq for entry in (*first.items, *rest.items)] == [4, 3, 2, 1]
    assert rest.next_cursor is None


async def test_the_common_head_is_over_every_chain(shelf: Shelf) -> None:
    audit = AuditService(shelf.database)
    empty = await audit.head(Actor.system(shelf.other))
    assert (empty.seq, empty.hash) == (0, FIRST_HASH)
    assert (await audit.common_head()).hash == hashlib.sha256(b"").hexdigest()
    await write(shelf)
    head = await audit.head(Actor.system(shelf.acme))
    text = f"{encode(Prefix.ORGANIZATION, shelf.acme)} {len(WRITTEN)} {head.hash}\n"
    common = await audit.common_head()
    assert (common.seq, common.hash) == (len(WRITTEN), hashlib.sha256(text.encode()).hexdigest())
    assert common.time_us == head.time_us


async def test_a_chain_is_verified_in_steps(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "VERIFIED_PAGE", 1)
    monkeypatch.setattr(service, "PAGES_OF_VERIFICATION", 3)
    await write(shelf)
    audit, actor = AuditService(shelf.database), Actor.system(shelf.acme)
    first = await audit.verify(actor, None)
    assert (first.rows, first.seq, first.fault) == (3, 3, None)
    rest = await audit.verify(actor, first.next_cursor)
    assert (rest.rows, rest.seq, rest.fault, rest.next_cursor) == (1, 4, None, None)
    assert rest.hash == (await audit.head(actor)).hash
    forged = await audit.verify(actor, encode_cursor(2, "0" * 64))
    assert forged.fault == "row 3 does not continue from row 2"
    empty = await audit.verify(Actor.system(shelf.other), None)
    assert (empty.rows, empty.fault, empty.next_cursor) == (0, None, None)
