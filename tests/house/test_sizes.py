"""Files and functions stay small enough to read in one sitting (complexity is ruff's job)."""

from __future__ import annotations

import ast

from .tree import functions, parsed, python_files, shown

MAX_FILE_LINES = 600
MAX_FUNCTION_LINES = 60
GENERATED = ("_pb2.py", "_pb2_grpc.py")


def function_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from the signature to the end, without the docstring: explaining a function does not make it long."""
    first = node.body[0]
    documented = ast.get_docstring(node, clean=False) is not None
    docstring = (first.end_lineno or first.lineno) - first.lineno + 1 if documented else 0
    return (node.end_lineno or node.lineno) - node.lineno + 1 - docstring


def test_no_file_is_too_long() -> None:
    files = [path for path in python_files("src", "tests", "bench", "agent", "mutants") if not path.name.endswith(GENERATED)]
    lengths = {shown(path): len(path.read_text("utf-8").splitlines()) for path in files}
    assert {name: lines for name, lines in lengths.items() if lines > MAX_FILE_LINES} == {}


def test_no_function_is_too_long() -> None:
    found = [
        f"{shown(path)}:{node.lineno} {node.name}: {function_lines(node)} lines"
        for path in python_files("src", "agent")
        if not path.name.endswith(GENERATED)
        for node in functions(parsed(path))
        if function_lines(node) > MAX_FUNCTION_LINES
    ]
    assert found == []


def test_a_docstring_is_not_counted() -> None:
    node = next(functions(ast.parse('def f():\n    """One.\n\n    Two.\n    """\n    a = 1\n    return a\n')))
    assert function_lines(node) == 3
