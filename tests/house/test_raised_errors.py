"""No function of a request raises an error that one of its own variables still holds.

Such an error refers to the function's frame, and the frame to the error: what the frame holds, such as a body of megabytes, stays
until the next collection of cycles. Take it out of where it is held (`pop`), delete the variable, or create a new one.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from .tree import parsed, python_files, shown

FOLDERS = ("api", "core", "ingress/http", "kit")
ARGUED = {
    "src/penstock/api/shared/executor.py: raise _HeadIsSent": "a class, whose instance nothing holds",
    "src/penstock/core/telemetry/elements.py: raise row.error": "a property that creates the error",
}


def held_when_raised(path: Path) -> Iterator[str]:
    """The statements that raise what a variable holds, unless `except` or `del` ends the variable."""
    for function in ast.walk(parsed(path)):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from (f"{shown(path)}: {ast.unparse(one)}" for one in _raises(function.body, frozenset()))


def _raises(body: list[ast.stmt], ended: frozenset[str]) -> Iterator[ast.Raise]:
    for node in body:
        if isinstance(node, ast.Raise):
            name = _variable_of(node.exc)
            if name is not None and name not in ended:
                yield node
        elif isinstance(node, ast.Try):
            deleted = {ast.unparse(target) for one in node.finalbody if isinstance(one, ast.Delete) for target in one.targets}
            yield from _raises([*node.body, *node.orelse, *node.finalbody], ended | deleted)
            for handler in node.handlers:
                yield from _raises(handler.body, ended | deleted | {handler.name or ""})
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            for field in ("body", "orelse"):
                yield from _raises(getattr(node, field, []), ended)


def _variable_of(error: ast.expr | None) -> str | None:
    """The variable in `error`, `error.x` and `error[0]`; None for a class or a call."""
    inner = error
    while isinstance(inner, ast.Attribute | ast.Subscript):
        inner = inner.value
    is_class = isinstance(error, ast.Name | ast.Attribute) and ast.unparse(error).rpartition(".")[2][:1].isupper()
    return inner.id if isinstance(inner, ast.Name) and not is_class else None


def test_what_is_raised_is_not_held() -> None:
    files = python_files(*(f"src/penstock/{folder}" for folder in FOLDERS))
    assert {one for path in files for one in held_when_raised(path)} == ARGUED.keys()


def test_what_is_held_is_found(tmp_path: Path) -> None:
    file = tmp_path / "raising.py"
    held = ["raise error", "raise errors[0]", "raise row.fault", "for one in found:\n  raise one"]
    free = [
        "raise NotFound",
        "raise errors.NotFound",
        "raise errors.pop(0)",
        "raise new(error)",
        "try:\n  raise error\n finally:\n  del error",
    ]
    free += ["try:\n  f()\n except E as error:\n  raise error"]
    file.write_text("".join(f"def f{number}():\n {text}\n" for number, text in enumerate([*held, *free])))
    assert len(list(held_when_raised(file))) == len(held)
