"""The audit log as rows: a chain per organisation, ranges and filters, and a beginning that may be dropped."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from penstock.adapters.storage.sqlite.audit import append_for_all
from penstock.adapters.storage.sqlite.connection import connect
from penstock.core.audit.chain import FIRST_HASH, document, verify
from penstock.core.audit.models import AuditEntry, AuditFilter, Outcome, Target
from tests.support.shelf import Shelf

WRITTEN = [
    (100, "key.create", "ada@example.org", "key", "key_1", Outcome.SUCCESS),
    (200, "key.revoke", "ada@example.org", "key", "key_1", Outcome.SUCCESS),
    (300, "device.create", "robot", "device", "dev_1", Outcome.SUCCESS),
    (400, "auth.signin.failure", "ada@example.org", "user", "usr_1", Outcome.FAILURE),
]


async def write(shelf: Shelf) -> None:
    async with shelf.own() as tx:
        for time_us, action, actor, kind, target, outcome in WRITTEN:
            entry = AuditEntry(
                org_id=shelf.acme,
                seq=0,
                time_us=time_us,
                action=action,
                actor_kind="user",
                actor_id="usr_1",
                actor_name=actor,
                address="",
                target=Target(kind, target, "n"),
                outcome=outcome,
            )
            await tx.audit.append(entry)


@pytest.mark.parametrize(
    ("filters", "times"),
    [
        (AuditFilter(), [400, 300, 200, 100]),
        (AuditFilter(action="key.*"), [200, 100]),
        (AuditFilter(action="key"), []),
        (AuditFilter(action="key.revoke"), [200]),
        (AuditFilter(actor="robot"), [300]),
        (AuditFilter(actor="ada@example.org", target_kind="key"), [200, 100]),
        (AuditFilter(target="key_1", action="key.create"), [100]),
        (AuditFilter(outcome=Outcome.FAILURE), [400]),
        (AuditFilter(from_us=200, to_us=400), [300, 200]),
        (AuditFilter(from_us=401), []),
        (AuditFilter(to_us=100), []),
    ],
)
async def test_filters(filters: AuditFilter, times: list[int], shelf: Shelf) -> None:
    await write(shelf)
    async with shelf.own() as tx:
        assert [entry.time_us for entry in await tx.audit.newest(filters, 10)] == times
        assert [entry.time_us for entry in await tx.audit.oldest(filters, 10, 0)] == times[::-1]
    async with shelf.strange() as tx:
        assert await tx.audit.newest(filters, 10) == await tx.audit.oldest(filters, 10, 0) == []


async def test_pages_go_on_where_the_one_before_ended(shelf: Shelf) -> None:
    await write(shelf)
    async with shelf.own() as tx:
        first = await tx.audit.newest(AuditFilter(), 3)
        assert [entry.seq for entry in first] == [4, 3, 2]
        assert [entry.seq for entry in await tx.audit.newest(AuditFilter(), 3, before_seq=2)] == [1]
        assert [entry.seq for entry in await tx.audit.newest(AuditFilter(from_us=200), 3, before_seq=3)] == [2]
        assert [entry.seq for entry in await tx.audit.oldest(AuditFilter(), 3, 3)] == [4]


async def test_each_organisation_has_a_chain_of_its_own(shelf: Shelf) -> None:
    await write(shelf)
    async with shelf.own() as tx:
        rows = await tx.audit.oldest(AuditFilter(), 10, 0)
        head = await tx.audit.head()
    assert [row.prev_hash for row in rows] == [FIRST_HASH, *[row.hash for row in rows[:-1]]]
    assert head is not None
    assert (head.seq, head.hash, head.time_us) == (4, rows[-1].hash, 400)
    async with shelf.strange() as tx:
        assert await tx.audit.head() is None
    async with shelf.system() as tx:
        assert await tx.audit_heads.all() == [head]


async def test_what_is_dropped_is_the_beginning_and_the_chain_goes_on(shelf: Shelf) -> None:
    await write(shelf)
    async with shelf.strange() as tx:
        assert await tx.audit.drop_before(1000) == 0
    async with shelf.own() as tx:
        assert await tx.audit.drop_before(300) == 2
        assert [row.seq for row in await tx.audit.oldest(AuditFilter(), 10, 0)] == [3, 4]
    await write(shelf)
    async with shelf.own() as tx:
        assert [row.seq for row in await tx.audit.newest(AuditFilter(), 10)] == [8, 7, 6, 5, 4, 3]


async def test_an_act_on_the_server_is_in_every_chain(shelf: Shelf) -> None:
    await write(shelf)
    file = Path(shelf.database._writer._connection.execute("PRAGMA database_list").fetchone()["file"])
    append_for_all(file, "server.restore", 500, {"backup": "b"})
    async with shelf.own() as own, shelf.database.snapshot(shelf.other) as strange:
        chains = [await tx.audit.oldest(AuditFilter(), 10, 0) for tx in (own, strange)]
    assert [[row.seq for row in rows] for rows in chains] == [[1, 2, 3, 4, 5], [1]]
    for rows in chains:
        assert verify(map(document, rows)).broken is None
        told = (rows[-1].action, rows[-1].actor_kind, rows[-1].actor_name, rows[-1].details, rows[-1].time_us)
        assert told == ("server.restore", "system", "operator", {"backup": "b"}, 500)


def test_a_database_from_before_the_audit_log_is_left_alone(tmp_path: Path) -> None:
    with closing(connect(tmp_path / "old.db")) as connection:
        connection.execute("PRAGMA user_version = 2")
    append_for_all(tmp_path / "old.db", "server.restore", 500, {})
    with closing(connect(tmp_path / "old.db", read_only=True)) as connection:
        assert connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
