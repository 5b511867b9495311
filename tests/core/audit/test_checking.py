"""The stored chains: verified a few rows at a time, whatever was done to them behind the server's back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from penstock.core.audit import checking
from penstock.core.audit.checking import BrokenChain, ChainChecker
from penstock.core.audit.models import Target
from penstock.core.audit.trail import AuditTrail
from penstock.kit.ids import Prefix, encode
from tests.core.people.house import House, open_house

ROWS = 12


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """Two organisations, each with some rows."""
    async with open_house(tmp_path) as opened:
        trail = AuditTrail(opened.clock)
        for actor in (opened.root, opened.stranger):
            async with opened.control.database.transaction(actor.org_id) as tx:
                for number in range(2, ROWS + 1):
                    opened.clock.us += 1
                    await trail.record(tx, actor, "device.create", Target("device", f"dev_{number}", "Grüße"), n=number)
        yield opened


async def passed(checker: ChainChecker) -> list[BrokenChain]:
    """What a whole pass finds."""
    found = []
    while (step := await checker.step()) is not False:
        if isinstance(step, BrokenChain):
            found.append(step)
    return found


async def tamper(house: House, statement: str) -> None:
    await house.control.database._writer.call(lambda connection: connection.execute(statement, {"org": house.acme}))


@pytest.mark.parametrize("per_step", [1, 5, ROWS, 500])
async def test_what_was_written_verifies_again_and_again(house: House, per_step: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "ROWS_PER_STEP", per_step)
    checker = ChainChecker(house.control.database)
    for number in (1, 2):
        assert await passed(checker) == []
        assert checker.rows == 2 * ROWS * number
    assert checker.broken == []


TAMPERED = {
    "a changed row": ("UPDATE audit_entries SET address = '::1' WHERE org_id = :org AND seq = 7", "row 7 was changed"),
    "changed details": ("UPDATE audit_entries SET details = '{}' WHERE org_id = :org AND seq = 12", "row 12 was changed"),
    "details that are no JSON": ("UPDATE audit_entries SET details = '{' WHERE org_id = :org AND seq = 7", "cannot be read"),
    "an unknown outcome": ("UPDATE audit_entries SET outcome = 'x' WHERE org_id = :org AND seq = 7", "cannot be read"),
    "a row taken out": ("DELETE FROM audit_entries WHERE org_id = :org AND seq = 7", "rows 7 to 7 are missing"),
    "rows taken out": ("DELETE FROM audit_entries WHERE org_id = :org AND seq BETWEEN 5 AND 9", "rows 5 to 9 are missing"),
    "the last row taken out": ("DELETE FROM audit_entries WHERE org_id = :org AND seq = 12", "the last row is 11"),
    "all rows taken out": ("DELETE FROM audit_entries WHERE org_id = :org", "the last row is 0"),
    "the head taken out": ("DELETE FROM audit_heads WHERE org_id = :org", "the last row is 12, but there is no head"),
    "a changed head": ("UPDATE audit_heads SET hash = prev_hash(:org) WHERE org_id = :org", "another hash"),
}


@pytest.mark.parametrize("per_step", [3, 500])
@pytest.mark.parametrize("how", TAMPERED)
async def test_what_was_changed_is_found_and_the_other_chains_are_read(
    house: House, how: str, per_step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "ROWS_PER_STEP", per_step)
    statement, told = TAMPERED[how]
    await tamper(house, statement.replace("prev_hash(:org)", f"'{'f' * 64}'"))
    checker = ChainChecker(house.control.database)
    for _ in range(2):  # the next pass finds it again, and the figure does not fall to zero between the two
        (found,) = await passed(checker)
        assert found.organization_id == encode(Prefix.ORGANIZATION, house.acme)
        assert told in found.reason
        assert checker.broken == [found]


async def test_rows_that_retention_removes_in_the_meantime_are_no_gap(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "ROWS_PER_STEP", 3)
    checker = ChainChecker(house.control.database)
    assert await checker.step() is True
    async with house.control.database.transaction(house.acme) as tx:
        rows = await tx.audit.oldest(checking.AuditFilter(), 100, 0)
        assert await tx.audit.drop_before(rows[8].time_us) == 8
    assert await passed(checker) == []
