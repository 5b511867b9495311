"""A time seen once holds nothing up: a clock that was far ahead and is right again stops no work."""

from __future__ import annotations

import ast
import re

from .tree import STORAGE, parsed, python_files, shown


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
