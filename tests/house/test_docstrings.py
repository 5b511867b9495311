"""Docstrings are where a reader needs them: modules, public classes, methods of Protocols."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

import pytest

from .tree import parsed, python_files, shown

GENERATED = ("_pb2.py", "_pb2_grpc.py")


def public_classes(body: Iterable[ast.stmt]) -> Iterator[ast.ClassDef]:
    """Classes a reader can reach by public names; those inside functions are details."""
    for node in body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield node
            yield from public_classes(node.body)
        elif isinstance(node, ast.If | ast.Try):
            yield from public_classes([*node.body, *node.orelse])


def is_protocol(node: ast.ClassDef) -> bool:
    bases = (base.value if isinstance(base, ast.Subscript) else base for base in node.bases)
    names = (base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "") for base in bases)
    return "Protocol" in names


def missing(tree: ast.Module) -> list[str]:
    """What has no docstring and should."""
    found = [] if ast.get_docstring(tree) else ["the module"]
    for node in public_classes(tree.body):
        if not ast.get_docstring(node):
            found.append(f"{node.lineno} class {node.name}")
        if not is_protocol(node):
            continue
        methods = (child for child in node.body if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef))
        wanted = (method for method in methods if not method.name.startswith("_") or method.name == "__call__")
        found += [f"{method.lineno} {node.name}.{method.name}" for method in wanted if not ast.get_docstring(method)]
    return found


def test_docstrings_are_there() -> None:
    files = [path for path in python_files("src", "agent") if not path.name.endswith(GENERATED)]
    assert [f"{shown(path)}:{what}" for path in files for what in missing(parsed(path))] == []


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("x = 1", ["the module"]),
        ('"""M."""\nclass Device:\n    x = 1', ["2 class Device"]),
        ('"""M."""\nclass Device:\n    """D."""\n    class Kind:\n        x = 1', ["4 class Kind"]),
        ('"""M."""\nclass _Device:\n    x = 1\ndef f():\n    class Inner:\n        x = 1', []),
        ('"""M."""\nclass Store(Protocol[T]):\n    """S."""\n    def find(self): ...', ["4 Store.find"]),
        (
            '"""M."""\nclass Store(typing.Protocol):\n    """S."""\n    async def __call__(self): ...',
            ["4 Store.__call__"],
        ),
        ('"""M."""\nclass Store(Base):\n    """S."""\n    def find(self): ...', []),
    ],
)
def test_what_is_missing_is_found(source: str, wanted: list[str]) -> None:
    assert missing(ast.parse(source)) == wanted
