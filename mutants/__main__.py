"""Plant every bug, one at a time, and print which test found it.

Each is planted in a temporary copy of the tree. The tests most likely to find it run first; the whole suite runs only if they do
not. At the end the tests that found a bug run again without any: a test that fails then has found nothing.
"""

from __future__ import annotations

import argparse
import queue
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from mutants.bugs import MUTANTS
from mutants.copies import GATE, Copy, copy_of
from mutants.mutant import ROOT, Mutant, hinted, planted

HINTS_WITHIN_S = 300.0
GATE_WITHIN_S = 2_400.0


@dataclass(frozen=True)
class Result:
    """The outcome of one bug. `by_hint` is whether the tests that were expected to find it did."""

    mutant: Mutant
    found_by: str | None
    by_hint: bool
    seconds: float


def tried(mutant: Mutant, copy: Copy, *, whole_gate: bool) -> Result:
    """Plant one bug and return the test that finds it."""
    place, text = planted(mutant, copy.root)
    with copy.with_bug(place, text):
        spent_s = 0.0
        for hint in hinted(mutant, copy.root):
            verdict = copy.run([hint, "-m", "not prove"], HINTS_WITHIN_S)
            spent_s += verdict.seconds
            if verdict.found_by:
                return Result(mutant, verdict.found_by, True, spent_s)
        if not whole_gate:
            return Result(mutant, None, False, spent_s)
        # One process per copy: the copies share the cores.
        verdict = copy.run(["tests", *GATE], GATE_WITHIN_S)
        return Result(mutant, verdict.found_by, False, spent_s + verdict.seconds)


def all_tried(mutants: Sequence[Mutant], root: Path, jobs: int, *, whole_gate: bool) -> list[Result]:
    """Plant all, as many at a time as there are copies."""
    with ExitStack() as stack:
        copies: queue.SimpleQueue[Copy] = queue.SimpleQueue()
        for _ in range(jobs):
            copies.put(stack.enter_context(copy_of(root)))

        def one(mutant: Mutant) -> Result:
            copy = copies.get()
            try:
                result = tried(mutant, copy, whole_gate=whole_gate)
            finally:
                copies.put(copy)
            print(row_of(result), flush=True)
            return result

        with ThreadPoolExecutor(jobs) as pool:
            results = list(pool.map(one, mutants))
        return without_false_alarms(results, copies.get())


def without_false_alarms(results: list[Result], copy: Copy) -> list[Result]:
    """The same results, except that a test that fails without any bug has found none."""
    tests = sorted({result.found_by for result in results if result.found_by and "::" in result.found_by})
    if not tests or not copy.run(tests, GATE_WITHIN_S).found_by:
        return results
    red = [test for test in tests if copy.run([test], HINTS_WITHIN_S).found_by]
    for test in red:
        print(f"{test} fails without a bug too")
    return [Result(result.mutant, None, False, result.seconds) if result.found_by in red else result for result in results]


def row_of(result: Result) -> str:
    """A line of the table."""
    found = result.found_by or "NOT FOUND"
    note = "" if result.by_hint or not result.found_by else " (by the whole gate)"
    return f"{result.mutant.layer:<9} {result.mutant.name:<58} {result.seconds:6.1f} s  {found}{note}"


def summary(results: list[Result], equivalents: list[Mutant], seconds: float) -> str:
    """The end of the table: totals, the bugs that were not found and why they matter, and the equivalent ones."""
    missed = [result for result in results if not result.found_by]
    by_hint = sum(result.by_hint for result in results)
    lines = [
        "",
        f"{len(results)} bugs planted: {by_hint} found where expected, {len(results) - by_hint - len(missed)} by the whole gate, "
        f"{len(missed)} not found; {len(equivalents)} are equivalent; {seconds:.0f} s",
    ]
    lines += [f"not found: {result.mutant.name}: {result.mutant.why}" for result in missed]
    lines += [f"equivalent: {mutant.name}: {mutant.equivalent}" for mutant in equivalents]
    return "\n".join(lines)


def main() -> int:
    """Run the requested bugs. Returns 1 if one was not found."""
    parser = argparse.ArgumentParser(prog="python -m mutants", description="Plant bugs and see which test finds each.")
    parser.add_argument("names", nargs="*", help="only bugs whose name or layer contains one of these strings")
    parser.add_argument("--jobs", type=int, default=2, help="copies of the tree, used in parallel (default: 2)")
    parser.add_argument(
        "--hints-only", action="store_true", help="do not run the whole suite for bugs that the hinted tests do not find"
    )
    parser.add_argument("--tree", type=Path, default=ROOT, help="another checkout to plant them in")
    given = parser.parse_args()
    chosen = [one for one in MUTANTS if not given.names or any(name in f"{one.layer} {one.name}" for name in given.names)]
    began = time.monotonic()
    equivalents = [one for one in chosen if one.equivalent]
    planted_ones = [one for one in chosen if not one.equivalent]
    results = all_tried(planted_ones, given.tree.resolve(), given.jobs, whole_gate=not given.hints_only)
    print(summary(results, equivalents, time.monotonic() - began))
    return int(any(not result.found_by for result in results))


if __name__ == "__main__":
    sys.exit(main())
