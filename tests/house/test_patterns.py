"""No pattern lets a line break in behind its end: `$` also matches before a last one."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from .tree import SRC, parsed, shown

COMPILING = {"compile", "match", "fullmatch", "search", "sub", "split", "finditer", "findall"}
SAFE_END = r"$(?!\n)"
"""What takes the place of `$`. Python's `\\Z` is no part of JSON Schema, into which the patterns of the API are copied."""
FILES = sorted(SRC.rglob("*.py"))


def patterns(tree: ast.AST) -> Iterator[str]:
    """The patterns that a file compiles, or that its fields must match; those with flags for lines are left out."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        named = {keyword.arg: keyword.value for keyword in node.keywords}
        compiles = isinstance(node.func, ast.Attribute) and node.func.attr in COMPILING and ast.unparse(node.func.value) == "re"
        first = named.get("pattern") or (node.args[0] if compiles and node.args else None)
        if first is not None and "MULTILINE" not in ast.unparse(node):
            yield from (one.value for one in ast.walk(first) if isinstance(one, ast.Constant) and isinstance(one.value, str))


def loose(pattern: str) -> bool:
    """Whether it has an end that also matches before a line break."""
    bare = re.sub(r"\\.", "", pattern.replace(SAFE_END, ""))
    return "$" in re.sub(r"\[[^\]]*\]", "", bare)


@pytest.mark.parametrize(
    ("pattern", "is_loose"),
    [("^a$", True), (r"^a$|^b$(?!\n)", True), (r"^a$(?!\n)", False), (r"\$", False), ("[$]", False), ("a", False)],
)
def test_what_is_loose(pattern: str, is_loose: bool) -> None:
    assert loose(pattern) is is_loose
    if is_loose and pattern.startswith("^a"):
        assert re.search(pattern, "a\n")


def test_no_pattern_ends_before_a_line_break() -> None:
    found = {shown(path): list(patterns(parsed(path))) for path in FILES}
    assert sum(map(len, found.values())) > 40
    assert [(name, one) for name, many in found.items() for one in many if loose(one)] == []
