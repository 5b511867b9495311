"""Which module is tested where: the tests of `src/penstock/X/Y.py` are `tests/X/test_Y.py`, or files in `tests/X/Y/`."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

Function = ast.FunctionDef | ast.AsyncFunctionDef

DECIDES = (ast.If, ast.IfExp, ast.For, ast.AsyncFor, ast.While, ast.Try, ast.Match, ast.BoolOp, ast.Compare, ast.comprehension)
"""What a function can get wrong without failing at once."""


def holds_logic(tree: ast.Module) -> bool:
    """Whether a module has a function worth a test: one that decides, or that does more than one thing.

    Records, errors, protocols of others' parts, examples and tables have none.
    """
    return any(_worth_testing(function) for function in _functions(tree.body))


def _functions(body: Iterable[ast.stmt]) -> Iterator[Function]:
    """The functions and methods of a module, without those that a protocol merely names."""
    for node in body:
        if isinstance(node, Function):
            yield node
        elif isinstance(node, ast.ClassDef) and not any(_is_protocol(base) for base in node.bases):
            yield from _functions(node.body)


def _is_protocol(base: ast.expr) -> bool:
    """`Protocol` or `Protocol[T]`, and no class that only ends so."""
    named = base.value if isinstance(base, ast.Subscript) else base
    return ast.unparse(named).split(".")[-1] == "Protocol"


def _worth_testing(function: Function) -> bool:
    steps = [step for step in function.body if not _says_nothing(step)]
    if any(isinstance(node, DECIDES) for step in steps for node in ast.walk(step)):
        return True
    return len([step for step in steps if not _keeps_a_value(step)]) > 1


def _says_nothing(step: ast.stmt) -> bool:
    """A docstring, `pass` or `...`."""
    return isinstance(step, ast.Pass) or (isinstance(step, ast.Expr) and isinstance(step.value, ast.Constant))


def _keeps_a_value(step: ast.stmt) -> bool:
    """`self.name = …`, as constructors do."""
    targets = step.targets if isinstance(step, ast.Assign) else [step.target] if isinstance(step, ast.AnnAssign) else []
    return bool(targets) and all(isinstance(target, ast.Attribute) for target in targets)


def is_mirrored(module: str, tests: set[str]) -> bool:
    """Whether a module, as a path below `src/penstock`, has a file of tests, or a folder with at least one."""
    path = PurePosixPath(module)
    inside = f"{path.with_suffix('')}/test_"
    return str(path.with_name(f"test_{path.name}")) in tests or any(test.startswith(inside) for test in tests)


def place_for(module: str) -> str:
    """Where the test of a module belongs."""
    path = PurePosixPath(module)
    return f"tests/{path.with_name(f'test_{path.name}')}"


def has_source(test: str, sources: set[str]) -> bool:
    """Whether what a test file is named after exists: the module or package, or the module that its folder is named after."""
    path = PurePosixPath(test)
    named = path.with_name(path.name.removeprefix("test_"))
    package = str(named.with_suffix("") / "__init__.py")
    return bool({str(named), package, f"{path.parent}.py"} & sources)


def names_below(folder: Path, pattern: str) -> set[str]:
    """The Python files below a folder whose names match, as paths inside it."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob(pattern) if "__pycache__" not in path.parts}
