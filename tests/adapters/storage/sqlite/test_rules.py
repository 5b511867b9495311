"""Rules, versions and runs as rows: names outside the trash, one run for a cause, and what runs."""

from __future__ import annotations

import sqlite3
from typing import Any

import msgspec
import pytest

from penstock.core.rules.definition import Definition, HookTrigger
from penstock.core.rules.errors import RuleExists
from penstock.core.rules.models import ActionResult, Outcome, Rule, RuleState, Run, RunFilter, Version
from penstock.kit.ids import DeviceId, HookId, RuleId, RunId, VersionId
from tests.support.shelf import Shelf

ONE = RuleId(1)


def rule(shelf: Shelf, number: int, name: str, **about: Any) -> Rule:
    known: dict[str, Any] = {
        "id": RuleId(number),
        "org_id": shelf.acme,
        "name": name,
        "description": "",
        "state": RuleState.DRAFT,
        "reason": "",
        "last_number": 1,
        "version_id": None,
        "from_seq": 0,
        "next_us": None,
        "failures": 0,
        "hook_id": None,
        "hook_digest": None,
        "trashed_us": None,
        "created_us": 1,
        "updated_us": 1,
    }
    return Rule(**known | about)


def version(shelf: Shelf, number: int) -> Version:
    return Version(
        id=VersionId(100 + number),
        org_id=shelf.acme,
        rule_id=ONE,
        number=number,
        name="",
        author="key_1",
        author_name="robot",
        note="",
        restored_number=None,
        definition=Definition(trigger=HookTrigger(), condition="true"),
        created_us=1,
    )


def run(shelf: Shelf, number: int, cause: str, **about: Any) -> Run:
    known: dict[str, Any] = {
        "id": RunId(number),
        "org_id": shelf.acme,
        "rule_id": ONE,
        "version_id": VersionId(101),
        "number": 1,
        "cause": cause,
        "device_id": None,
        "outcome": Outcome.PENDING,
        "reason": "",
        "inputs": {"reading": {"values": {"t": 1}}},
        "results": [ActionResult(type="email", ok=True)],
        "step": 0,
        "chain": (RuleId(7), ONE),
        "at_us": number * 10,
        "created_us": number,
    }
    return Run(**known | about)


async def test_a_name_is_taken_until_its_rule_is_in_the_trash(shelf: Shelf) -> None:
    async with shelf.own() as tx:
        await tx.rules.create(rule(shelf, 1, "frost"))
        with pytest.raises(RuleExists):
            await tx.rules.create(rule(shelf, 2, "frost"))
        await tx.rules.save(rule(shelf, 1, "frost", trashed_us=50))
        await tx.rules.create(rule(shelf, 2, "frost"))
        with pytest.raises(RuleExists):
            await tx.rules.save(rule(shelf, 1, "frost"))
        assert [one.id for one in await tx.rules.list(True, 10, 99)] == [1]
        assert [one.id for one in await tx.rules.list(False, 10, 99)] == [2]
        assert await tx.rules.list(False, 10, 2) == []
    async with shelf.strange() as tx:
        assert await tx.rules.find(ONE) is None
        assert await tx.rules.list(False, 10, 99) == []
        assert await tx.rules.count() == 0
    async with shelf.system() as tx:
        assert (await tx.rules.drop_trashed(50, 10), await tx.rules.drop_trashed(51, 10)) == (0, 1)


async def test_versions_by_number_and_what_runs(shelf: Shelf) -> None:
    async with shelf.own() as tx:
        await tx.rules.create(rule(shelf, 1, "frost"))
        for number in (1, 2, 3):
            await tx.rules.add_version(version(shelf, number))
        with pytest.raises(sqlite3.IntegrityError):
            await tx.rules.add_version(msgspec.structs.replace(version(shelf, 3), id=VersionId(999)))
        assert [one.number for one in await tx.rules.versions(ONE, 2, 99)] == [3, 2]
        assert [one.number for one in await tx.rules.versions(ONE, 2, 2)] == [1]
        await tx.rules.rename_version(VersionId(102), "winter")
        assert await tx.rules.find_version(VersionId(102)) == msgspec.structs.replace(version(shelf, 2), name="winter")
    async with shelf.strange() as tx:
        await tx.rules.rename_version(VersionId(102), "stolen")
        assert await tx.rules.find_version(VersionId(102)) is None
        assert await tx.rules.versions(ONE, 10, 99) == []
    running = rule(shelf, 1, "frost", state=RuleState.RUNNING, version_id=VersionId(102), hook_id=HookId(77), hook_digest=b"d")
    async with shelf.system() as tx:
        assert await tx.rules.running() == []
    async with shelf.own() as tx:
        await tx.rules.save(running)
        await tx.rules.set_failures(ONE, 3)
    async with shelf.system() as tx:
        ((found),) = await tx.rules.running()
        assert (found.rule.failures, found.version.name) == (3, "winter")
        assert await tx.rules.find_hook(HookId(77)) == msgspec.structs.replace(running, failures=3)
        assert await tx.rules.find_hook(HookId(78)) is None


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        (RunFilter(), [3, 1]),
        (RunFilter(rule_id=ONE), [3, 1]),
        (RunFilter(rule_id=RuleId(2)), []),
        (RunFilter(device_id=DeviceId(10)), [3]),
        (RunFilter(rule_id=ONE, outcome=Outcome.PENDING), [1]),
        (RunFilter(from_us=10, to_us=30), [1]),
    ],
)
async def test_a_cause_runs_once_and_runs_are_found_by_filter(filters: RunFilter, ids: list[int], shelf: Shelf) -> None:
    async with shelf.own() as tx:
        await tx.rules.create(rule(shelf, 1, "frost"))
        first, again = run(shelf, 1, "reading:1"), run(shelf, 2, "reading:1")
        await tx.rule_runs.add([first, again, run(shelf, 3, "reading:2", device_id=DeviceId(10))])
        await tx.rule_runs.save(run(shelf, 3, "reading:2", outcome=Outcome.FAILED, finished_us=9))
        assert await tx.rule_runs.find(RunId(1)) == first
        assert [one.id for one in await tx.rule_runs.list(filters, 10, 99)] == ids
        assert [one.id for one in await tx.rule_runs.list(filters, 10, 3)] == [one for one in ids if one < 3]
    async with shelf.strange() as tx:
        assert await tx.rule_runs.list(filters, 10, 99) == []
        assert await tx.rule_runs.find(RunId(1)) is None
    async with shelf.system() as tx:
        assert [one.id for one in await tx.rules.pending(10)] == [1]
