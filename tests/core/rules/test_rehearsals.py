"""Rehearsals: runs are counted in equal parts of the range."""

from __future__ import annotations

from penstock.core.rules.rehearsals import PARTS, Rehearsal
from penstock.core.telemetry.models import TimeRange
from penstock.kit.ids import OrgId, RehearsalId, RuleId, VersionId


def rehearsal(from_us: int, to_us: int) -> Rehearsal:
    span = TimeRange(from_us=from_us, to_us=to_us)
    return Rehearsal(id=RehearsalId(1), org_id=OrgId(1), rule_id=RuleId(1), version_id=VersionId(1), number=1, span=span)


def test_each_run_belongs_to_one_part() -> None:
    found = rehearsal(1_000, 2_000)
    for at_us in (1_000, 1_009, 1_010, 1_999):
        found.count_at(at_us)
    assert (found.by_time[0], found.by_time[1], found.by_time[-1]) == (2, 1, 1)
    assert (sum(found.by_time), len(found.by_time)) == (4, PARTS)


def test_what_is_outside_counts_at_its_end() -> None:
    found = rehearsal(1_000, 1_000)
    found.count_at(0)
    found.count_at(5_000)
    assert (found.by_time[0], found.by_time[-1]) == (1, 1)
