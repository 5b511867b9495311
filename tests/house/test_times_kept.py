"""A time seen once holds nothing up: a clock that was far ahead and is right again stops no work."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from penstock.adapters.storage.sqlite.connection import statements

from .tree import STORAGE, functions, parsed, python_files, shown


def compares_with_kept_time(node: ast.AST) -> bool:
    """Whether a comparison measures by the wall clock how long ago something kept in `self` was: `now_us - self._x_us < …`."""
    if not isinstance(node, ast.Compare):
        return False
    return bool(re.fullmatch(r"now_us - self\._\w+_us", ast.unparse(node.left)))


def test_intervals_by_the_wall_clock_are_measured_by_has_passed() -> None:
    found = [
        f"{shown(path)}:{node.lineno}"
        for path in python_files("src/penstock")
        for node in ast.walk(parsed(path))
        if compares_with_kept_time(node)
    ]
    assert found == []
    assert sum("has_passed(" in path.read_text("utf-8") for path in python_files("src/penstock/workers")) >= 6


def test_what_is_due_is_so_too_if_a_clock_that_was_ahead_has_postponed_it() -> None:
    queries = {path.name: path.read_text("utf-8") for path in (STORAGE / "queries").glob("*.sql")}
    del queries["backlog.sql"]  # it only counts
    plain = [name for name, text in queries.items() if re.search(r"(?<!^    \()due_us <=? :\w+", text, re.MULTILINE)]
    assert plain == []
    assert sum(text.count("is_due}}") for text in queries.values()) >= 7


UNDONE_BY_ITSELF = {"events.py: keep": "stored answers: a look-up disregards them by the same time, whatever is deleted"}
"""Deletions by time that need no settled clock."""


def methods_that_delete_by_time() -> dict[str, str]:
    """The methods of stores whose statement deletes what is before a time, and where they are."""
    texts = statements().items()
    names = {name for name, text in texts if text.lstrip().startswith("DELETE") and re.search(r"< :before_\w+", text)}
    found = {}
    for path in (STORAGE / "sqlite").glob("*.py"):
        for function in functions(parsed(path)):
            used = {node.value for node in ast.walk(function) if isinstance(node, ast.Constant)} & names
            found |= {name: f"{path.name}: {function.name}" for name in used}
    assert {name for name in names - found.keys() if not re.fullmatch(r"drop_(\w+_hours|refusals)", name)} == set()
    return found | dict.fromkeys(names - found.keys(), "usage.py: drop_hours")  # which has a list of statements


def callers_without_settled_time(methods: set[str], paths: list[Path]) -> list[str]:
    """The classes that call one of these methods, and know the time only from a clock that can be wrong."""
    return [
        f"{path.name}: {one.name}"
        for path in paths
        for one in ast.walk(parsed(path))
        if isinstance(one, ast.ClassDef)
        and methods & {node.attr for node in ast.walk(one) if isinstance(node, ast.Attribute)}
        and "self._settled.now_us()" not in ast.unparse(one)
    ]


def test_what_is_deleted_by_time_is_so_by_a_settled_clock() -> None:
    found = methods_that_delete_by_time()
    methods = {place.partition(": ")[2] for place in found.values() if place not in UNDONE_BY_ITSELF}
    assert {"drop_before", "drop_runs", "drop_trashed", "drop_hours", "drop_finished", "drop_cleared", "drop_ended"} <= methods
    methods |= {"drop_segments", "purge_before", "drop_bodies"}
    excused = {"sessions.py: SessionService"}  # is told the time by its worker
    paths = python_files("src/penstock/core", "src/penstock/workers", "src/penstock/api", "src/penstock/ingress")
    assert set(callers_without_settled_time(methods, paths)) == excused
    assert UNDONE_BY_ITSELF.keys() <= set(found.values())


def test_a_deletion_by_another_clock_is_found(tmp_path: Path) -> None:
    file = tmp_path / "w.py"
    file.write_text("class W:\n    async def step(self):\n        await tx.drop_runs(self._clock.now_us() - 5, 10)\n")
    assert callers_without_settled_time({"drop_runs"}, [file]) == ["w.py: W"]
