"""Entries of concurrent calls: committed together, in one chain for each organisation, or refused together."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from penstock.adapters.storage.sqlite.audit import SqliteAudit
from penstock.core.actor import Actor, ActorKind
from penstock.core.audit.chain import document, verify
from penstock.core.audit.models import AuditEntry, AuditFilter, Target
from penstock.core.audit.trail import AuditTrail
from penstock.kit.errors import InternalError, Unavailable
from penstock.kit.ids import OrgId
from penstock.workers import gathered_trail
from penstock.workers.gathered_trail import GatheredTrail
from tests.support.days import HeldClock
from tests.support.patching import replace_in_thread
from tests.support.shelf import Shelf

TARGET = Target("token", "tok_1", "aws-prod")


def actor(org_id: OrgId, number: int = 5) -> Actor:
    return Actor(org_id=org_id, kind=ActorKind.KEY, id=number, name=f"key {number}", address="192.0.2.1")


async def test_many_calls_few_commits_and_chains_that_verify(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    trail, commits = GatheredTrail(shelf.database, AuditTrail(HeldClock())), 0
    system = shelf.database.system

    def counted() -> object:
        nonlocal commits
        commits += 1
        return system()

    monkeypatch.setattr(shelf.database, "system", counted)
    monkeypatch.setattr(gathered_trail, "MAX_ACTS", 150)
    owners = [shelf.acme, shelf.other] * 100
    await asyncio.gather(*(trail.record(actor(one, number), "token.code.generate", TARGET) for number, one in enumerate(owners)))
    assert commits == 2
    for place in (shelf.own, shelf.strange):
        async with place() as tx:
            rows = list(reversed(await tx.audit.newest(AuditFilter(), 1_000)))
        assert len(rows) == 100
        assert verify([document(one) for one in rows]).broken is None
        assert [int(one.actor_name.split()[1]) for one in rows] == sorted(int(one.actor_name.split()[1]) for one in rows)


async def test_a_call_waits_until_its_entry_is_stored(shelf: Shelf) -> None:
    trail = GatheredTrail(shelf.database, AuditTrail(HeldClock()))
    async with shelf.own():  # there is one writer
        waiting = asyncio.create_task(trail.record(actor(shelf.acme), "token.code.generate", TARGET, consumed=True))
        for _ in range(10):
            await asyncio.sleep(0)
        assert not waiting.done()
    await waiting
    async with shelf.own() as tx:
        (entry,) = await tx.audit.newest(AuditFilter(), 10)
    assert entry.details == {"consumed": True}


async def test_a_caller_who_has_gone_holds_nobody_up(shelf: Shelf) -> None:
    trail = GatheredTrail(shelf.database, AuditTrail(HeldClock()))
    async with shelf.own():
        gone = asyncio.create_task(trail.record(actor(shelf.acme), "token.code.generate", TARGET))
        other = asyncio.create_task(trail.record(actor(shelf.acme, 6), "token.code.generate", TARGET))
        await asyncio.sleep(0)
        gone.cancel()
    await other
    assert gone.cancelled()
    await trail.record(actor(shelf.acme), "token.code.generate", TARGET)


@pytest.mark.parametrize("refused", [1, gathered_trail.MAX_REFUSED])
async def test_a_log_that_refuses_does_not_stop_those_of_others(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, refused: int
) -> None:
    trail, audit = GatheredTrail(shelf.database, AuditTrail(HeldClock())), SqliteAudit.append_all
    foreign = [OrgId(shelf.other + number) for number in range(refused)]
    tries = 0

    async def damaged(self: SqliteAudit, entries: Sequence[AuditEntry]) -> list[AuditEntry]:
        nonlocal tries
        tries += 1
        if entries[0].org_id in foreign:
            raise Unavailable(reason="a stored value is damaged")
        return await audit(self, entries)

    replace_in_thread(monkeypatch, SqliteAudit, "append_all", damaged)
    owners = [*foreign, shelf.acme, shelf.acme]
    calls = (trail.record(actor(one, number), "token.code.generate", TARGET) for number, one in enumerate(owners))
    outcomes = await asyncio.gather(*calls, return_exceptions=True)
    spared = refused < gathered_trail.MAX_REFUSED
    assert [one is None for one in outcomes] == [False] * refused + [spared, spared]
    async with shelf.own() as tx:
        assert len(await tx.audit.newest(AuditFilter(), 10)) == (2 if spared else 0)
    assert tries == (3 if spared else 1 + gathered_trail.MAX_REFUSED), "an outage is not tried for each"


@pytest.mark.parametrize(
    ("raised", "told"), [(Unavailable(reason="the disk is full"), Unavailable), (KeyError("bug"), InternalError)]
)
async def test_a_commit_that_fails_fails_each_call_and_the_next_works(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, raised: Exception, told: type[Exception]
) -> None:
    trail, system = GatheredTrail(shelf.database, AuditTrail(HeldClock())), shelf.database.system

    def failing() -> object:
        raise raised

    monkeypatch.setattr(shelf.database, "system", failing)
    calls = (trail.record(actor(shelf.acme), "token.code.generate", TARGET) for _ in range(3))
    outcomes = await asyncio.gather(*calls, return_exceptions=True)
    assert [type(one) for one in outcomes] == [told] * 3
    assert len({id(one) for one in outcomes}) == 3, "an error of its own for each"
    monkeypatch.setattr(shelf.database, "system", system)
    await trail.record(actor(shelf.acme), "token.code.generate", TARGET)
    async with shelf.own() as tx:
        assert len(await tx.audit.newest(AuditFilter(), 10)) == 1
