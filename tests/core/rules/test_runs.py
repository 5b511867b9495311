"""Runs as they are recorded: told once, and a rule that fails too often in a row is stopped."""

from __future__ import annotations

import pytest

from penstock.core.actor import Actor
from penstock.core.audit.trail import AuditTrail
from penstock.core.rules.errors import RuleNotFound, RunNotFound
from penstock.core.rules.models import Outcome, RuleState, RunFilter
from penstock.core.rules.runs import RunService
from penstock.kit.ids import RuleId, VersionId
from tests.adapters.storage.sqlite.test_rules import ONE, rule, run, version
from tests.support.days import HeldClock
from tests.support.shelf import Shelf


def runs(shelf: Shelf, most: int = 2) -> RunService:
    clock = HeldClock()
    return RunService(database=shelf.database, trail=AuditTrail(clock), clock=clock, max_failures=most)


async def deployed(shelf: Shelf) -> None:
    async with shelf.own() as tx:
        await tx.rules.create(rule(shelf, 1, "frost", state=RuleState.RUNNING, version_id=VersionId(101)))
        await tx.rules.add_version(version(shelf, 1))


async def state(shelf: Shelf) -> tuple[RuleState, int]:
    async with shelf.own() as tx:
        found = await tx.rules.find(ONE)
    assert found is not None
    return found.state, found.failures


async def topics(shelf: Shelf) -> list[str]:
    async with shelf.system() as tx:
        return [entry.topic for entry in await tx.outbox.next(100) if entry.topic.startswith("rule.")]


async def test_a_cause_is_recorded_and_told_once(shelf: Shelf) -> None:
    await deployed(shelf)
    found = [
        run(shelf, 1, "reading:1", outcome=Outcome.DONE, finished_us=5),
        run(shelf, 2, "reading:1", outcome=Outcome.DONE, finished_us=5),
        run(shelf, 3, "reading:2"),
        run(shelf, 4, "reading:3", outcome=Outcome.FAILED, finished_us=5),
    ]
    async with shelf.system() as tx:
        await runs(shelf).keep(tx, found)
    assert await topics(shelf) == ["rule.fired", "rule.failed"]
    page = await runs(shelf).list_by_rule(Actor.system(shelf.acme), RunFilter(rule_id=ONE), 2, None)
    rest = await runs(shelf).list_by_rule(Actor.system(shelf.acme), RunFilter(rule_id=ONE), 2, page.next_cursor)
    assert [one.id for one in (*page.items, *rest.items)] == [4, 3, 1]


async def test_failures_in_a_row_stop_a_rule_and_a_success_forgives(shelf: Shelf) -> None:
    await deployed(shelf)
    outcomes = (Outcome.FAILED, Outcome.DONE, Outcome.FAILED, Outcome.CANCELLED, Outcome.FAILED)
    seen = []
    for number, outcome in enumerate(outcomes, 1):
        one = run(shelf, number, f"reading:{number}")
        async with shelf.own() as tx:
            await tx.rule_runs.add([one])
        seen.append((await runs(shelf).finish(one, outcome, "because"), (await state(shelf))[1]))
    assert seen == [(False, 1), (False, 0), (False, 1), (False, 1), (True, 2)]
    assert (await state(shelf))[0] is RuleState.FORCE_STOPPED
    assert "rule.force_stopped" in await topics(shelf)


async def test_what_another_version_did_does_not_count(shelf: Shelf) -> None:
    await deployed(shelf)
    old = run(shelf, 1, "reading:1", version_id=VersionId(100))
    async with shelf.own() as tx:
        await tx.rule_runs.add([old])
    assert await runs(shelf, most=1).finish(old, Outcome.FAILED, "because") is False
    async with shelf.system() as tx:
        await runs(shelf).force_stop(tx, shelf.acme, ONE, VersionId(100), "because")
    assert await state(shelf) == (RuleState.RUNNING, 0)


async def test_a_run_is_of_its_organisation(shelf: Shelf) -> None:
    await deployed(shelf)
    one = run(shelf, 1, "reading:1")
    async with shelf.own() as tx:
        await tx.rule_runs.add([one])
    assert await runs(shelf).get(Actor.system(shelf.acme), one.id) == one
    with pytest.raises(RunNotFound):
        await runs(shelf).get(Actor.system(shelf.other), one.id)
    for actor, rule_id in ((Actor.system(shelf.other), ONE), (Actor.system(shelf.acme), RuleId(9))):
        with pytest.raises(RuleNotFound):
            await runs(shelf).list_by_rule(actor, RunFilter(rule_id=rule_id), 10, None)
