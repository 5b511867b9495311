"""The list of planted bugs (`make mutants`) does not rot: each can still be planted, and its tests still exist."""

from __future__ import annotations

import ast
from collections import Counter

import pytest

from mutants.bugs import MUTANTS
from mutants.mutant import Mutant, NotOnce, hinted, place_of, planted
from tests.support.cases import for_each

LAYERS = {"kit", "core", "ingress", "api", "live", "dialects", "storage", "outbound", "frontdoor", "workers", "cli"}


@for_each(MUTANTS, lambda mutant: mutant.name)
def test_a_bug_can_be_planted(mutant: Mutant) -> None:
    """Its old text stands exactly once in the package, and what it becomes is a program, and another one."""
    place, text = planted(mutant)
    assert mutant.old != mutant.new
    if place.suffix == ".py":
        ast.parse(text)


@for_each(MUTANTS, lambda mutant: mutant.name)
def test_a_bug_is_argued(mutant: Mutant) -> None:
    """It says why it matters and who should find it, or why it is none."""
    assert bool(mutant.equivalent) != bool(mutant.why and mutant.hints)
    for hint in mutant.hints:
        one = Mutant(name=mutant.name, layer="", old="", new="", why="", hints=(hint,))
        assert hinted(one), f"there is no file of tests that ends in {hint}.py"


def test_every_layer_has_bugs() -> None:
    assert {mutant.layer for mutant in MUTANTS} == LAYERS
    assert len([mutant for mutant in MUTANTS if not mutant.equivalent]) >= 40
    names = Counter((mutant.layer, mutant.name) for mutant in MUTANTS)
    assert [name for name, count in names.items() if count > 1] == []


@pytest.mark.parametrize("old", ["no such text stands anywhere", "from __future__ import annotations"])
def test_a_text_that_does_not_stand_exactly_once_is_noticed(old: str) -> None:
    with pytest.raises(NotOnce):
        place_of(Mutant(name="x", layer="kit", old=old, new="", why=""))
