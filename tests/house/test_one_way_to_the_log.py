"""Readings reach the log by one call, whose outcome the log itself settles with the month: a new way in joins by itself."""

from __future__ import annotations

import ast

from .tree import parsed, python_files, shown

THE_CALL = "src/penstock/core/telemetry/service.py"


def appends(tree: ast.Module) -> list[int]:
    """The lines that append to something named `log`."""
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "append"
        and isinstance(node.func.value, ast.Attribute | ast.Name)
        and (node.func.value.attr if isinstance(node.func.value, ast.Attribute) else node.func.value.id) in ("log", "_log")
    ]


def test_only_the_service_appends() -> None:
    found = {shown(path): lines for path in python_files("src/penstock") if (lines := appends(parsed(path)))}
    assert found.keys() == {THE_CALL}
    assert len(found[THE_CALL]) == 1


def test_an_append_is_found() -> None:
    assert appends(ast.parse("async def f(services):\n    await services.log.append([1])\n    found.append(2)\n")) == [2]
