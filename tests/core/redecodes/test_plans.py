"""Plans: uplinks without values first, and the same again after they were stored."""

from __future__ import annotations

from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.core.redecodes import plans
from penstock.core.redecodes.plans import PlanBuilder, TooManyUplinksError, decode_plan, encode_plan
from penstock.kit.ids import Seq

SEQS = [Seq(number) for number in (3, 1, 2, 5, 4)]
PAYLOADS = [b"without", b"with", b"none", b"with", b"without"]


def lacks(payload: bytes) -> bool | None:
    return {b"without": True, b"with": False}.get(payload)


@given(st.lists(st.integers(0, 2**62)))
def test_a_plan_is_the_same_after_it_was_stored(seqs: list[int]) -> None:
    assert list(decode_plan(encode_plan(array("q", seqs)))) == seqs


def test_a_plan_of_many_is_small() -> None:
    assert len(encode_plan(array("q", range(1, 1_000_000, 7)))) < 10_000


@pytest.mark.parametrize(("only_failed", "planned"), [(False, [3, 4, 1, 5]), (True, [3, 4])])
def test_those_without_values_come_first_each_in_the_order_of_arrival(only_failed: bool, planned: list[int]) -> None:
    builder = PlanBuilder(lacks, only_failed=only_failed)
    builder.add(SEQS[:2], PAYLOADS[:2])
    builder.add(SEQS[2:], PAYLOADS[2:])
    assert list(builder.seqs()) == planned


def test_a_plan_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plans, "MAX_UPLINKS", 3)
    with pytest.raises(TooManyUplinksError):
        PlanBuilder(lacks, only_failed=False).add(SEQS, PAYLOADS)
