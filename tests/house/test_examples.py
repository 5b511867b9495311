"""Every example that the documentation shows matches its operation, also of operations that a server offers on request only."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from types import ModuleType

from penstock import api, ingress
from penstock.kit.operation import _MARK as MARK
from penstock.kit.operation import Operation, OperationMisdescribed, check_example

from .tree import SRC, python_files


def modules() -> Iterator[ModuleType]:
    for package in (api, ingress):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            yield importlib.import_module(found.name)


def operations() -> list[Operation]:
    """The operations of all modules, in any class."""
    kinds = {kind for module in modules() for _, kind in inspect.getmembers(module, inspect.isclass)}
    marked = (getattr(member, MARK, None) for kind in kinds for member in vars(kind).values())
    return [one for one in marked if isinstance(one, Operation)]


def misdescribed(operation: Operation) -> str:
    try:
        check_example(operation)
    except OperationMisdescribed as error:
        return str(error)
    return ""


def test_every_example_matches_its_operation() -> None:
    assert [told for one in operations() if (told := misdescribed(one))] == []


def test_no_operation_is_forgotten() -> None:
    lines = [line.strip() for path in python_files(str(SRC)) for line in path.read_text("utf-8").splitlines()]
    marks = [line for line in lines if line.startswith(("@routes.", "@asgi_operation("))]
    assert len(operations()) >= len(marks) > 200
