"""What a worker has taken to write it is kept if writing fails: a full disk for a second must not lose it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from .tree import parsed, python_files, shown

EXCUSED = {
    "src/penstock/api/live/hub.py: _feed": "a reader that fails ends, and its client continues from its cursor",
    "src/penstock/workers/alerts.py: _read": "`step` starts again from the stored position after any error",
    "src/penstock/workers/alerts.py: _take_seen": "nothing is awaited after it is taken",
    "src/penstock/workers/webhook_delivery.py: _write_all": "each caller waits for its row, and gets the error",
}
EMPTY = {"set", "dict", "list", "Counter", "deque"}


def functions(tree: ast.Module) -> Iterator[ast.AsyncFunctionDef]:
    """Only these can fail between taking and writing: others do not wait for anything."""
    return (node for node in ast.walk(tree) if isinstance(node, ast.AsyncFunctionDef))


def takes(function: ast.AsyncFunctionDef) -> bool:
    """Whether it takes what was collected: `x, self.y = self.y, {}`, or a call of `drain…`."""
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Tuple) and isinstance(node.targets[0], ast.Tuple):
            targets, values = node.targets[0].elts, node.value.elts
            if (
                isinstance(targets[-1], ast.Attribute)
                and ast.unparse(targets[-1]) == ast.unparse(values[0])
                and is_empty(values[-1])
            ):
                return True
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr.startswith("drain"):
            return True
    return False


def is_empty(node: ast.expr) -> bool:
    if isinstance(node, ast.List | ast.Set):
        return not node.elts
    if isinstance(node, ast.Dict):
        return not node.keys
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in EMPTY and not node.args


def keeps(function: ast.AsyncFunctionDef) -> bool:
    """Whether it handles every error, cancellation included, and raises it again."""
    for node in ast.walk(function):
        if isinstance(node, ast.ExceptHandler) and isinstance(node.type, ast.Name) and node.type.id == "BaseException":
            return any(isinstance(inner, ast.Raise) for inner in ast.walk(node))
    return False


def losers(path: Path) -> list[str]:
    return [f"{shown(path)}: {one.name}" for one in functions(parsed(path)) if takes(one) and not keeps(one)]


def test_what_was_taken_is_kept_if_it_cannot_be_written() -> None:
    found = [name for path in python_files("src/penstock") for name in losers(path) if name not in EXCUSED]
    assert found == []


def test_a_worker_that_loses_a_batch_is_found() -> None:
    swap = "async def step(self):\n    used, self.used = self.used, {}\n    await self.write(used)\n"
    drain = "async def step(self):\n    counts = self.log.drain()\n    await self.write(counts)\n"
    for text in (swap, drain):
        (function,) = functions(ast.parse(text))
        assert takes(function)
        assert not keeps(function)
    kept = swap.replace(
        "await self.write(used)", "try:\n        await w()\n    except BaseException:\n        self.used = used\n        raise"
    )
    (function,) = functions(ast.parse(kept))
    assert keeps(function)
