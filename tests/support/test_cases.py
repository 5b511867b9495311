"""Tests over many cases fail when one does, and say which."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.house.tree import ROOT
from tests.support import cases
from tests.support.cases import check_all, for_each


def test_all_cases_are_looked_at_and_all_that_fail_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cases, "wanted", "")
    seen = []

    @for_each([1, 2, 3, 4], lambda number: f"case {number}")
    def over(number: int, at_most: int) -> None:
        seen.append(number)
        if number == 4:
            raise KeyError("something else")
        assert number <= at_most

    with pytest.raises(pytest.fail.Exception) as told:
        over(at_most=2)
    assert seen == [1, 2, 3, 4]
    assert "2 of 4 cases failed" in str(told.value)
    assert all(text in str(told.value) for text in ("case 3", "case 4", "something else", "assert number <= at_most"))
    assert "case 1" not in str(told.value)


def test_a_group_of_failures_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cases, "wanted", "")

    def fails(_: int) -> None:
        raise BaseExceptionGroup("a group", [ValueError("inside")])

    with pytest.raises(pytest.fail.Exception, match="a group"):
        check_all([1], fails)


def test_some_cases_can_be_picked_and_none_is_skipped_silently(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    monkeypatch.setattr(cases, "wanted", "b")
    check_all(["ab", "bc", "cd"], seen.append)
    assert seen == ["ab", "bc"]
    with pytest.raises(pytest.skip.Exception):
        check_all(["x"], seen.append)
    monkeypatch.setattr(cases, "wanted", "")
    with pytest.raises(AssertionError, match="nothing was checked"):
        check_all([], seen.append)
    with pytest.raises(AssertionError, match="cannot fail"):
        for_each([])


@pytest.mark.parametrize("split", [[], ["-n", "1"]], ids=["one process", "workers"])
def test_a_name_that_no_case_has_ends_the_run_badly(split: list[str]) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *split, "tests/house/test_mutants.py", "--case"]

    def run(name: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([*command, name], capture_output=True, text=True, check=False, cwd=ROOT)

    slip = run("no such case")
    assert slip.returncode == pytest.ExitCode.NO_TESTS_COLLECTED
    assert "no case is called 'no such case'" in slip.stdout
    assert run("a device is deleted by its id alone").returncode == 0
