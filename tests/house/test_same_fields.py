"""What `same_fields` copies is complete and of the right types: for each call of it, read without running it.

The call stands in a constructor, `Target(**same_fields(source, Target), given=…)`, and `source` is a parameter with its type.
"""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from types import ModuleType
from typing import Any, get_type_hints

import msgspec
import msgspec.inspect as mi
import pytest

from penstock.kit.fields import shared_names

from .tree import ROOT, functions, parsed, python_files, shown

Function = ast.FunctionDef | ast.AsyncFunctionDef
FILES = [path for path in python_files("src/penstock") if path.name != "fields.py" and "same_fields(" in path.read_text("utf-8")]


def is_copy(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "same_fields"


def constructors(function: Function) -> Iterator[tuple[ast.Call, ast.Call]]:
    """The constructors that are given a copy, each with the call that makes the copy."""
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            for keyword in node.keywords:
                if keyword.arg is None and is_copy(keyword.value):
                    assert isinstance(keyword.value, ast.Call)
                    yield node, keyword.value


def named(module: ModuleType, name: str) -> Any:
    """What a dotted name means in a module."""
    first, *rest = name.split(".")
    found = vars(module)[first]
    for part in rest:
        found = getattr(found, part)
    return found


def faults_of(
    source: type[msgspec.Struct], target: type[msgspec.Struct], given: set[str], read: set[str], *, takes_all: bool
) -> list[str]:
    """What a call of `same_fields` forgets or mistakes. `read` are the fields of the source that its function looks at."""
    ours, theirs, copied = get_type_hints(source), get_type_hints(target), set(shared_names(source, target))
    described = mi.type_info(target)
    assert isinstance(described, mi.StructType)
    required = {field.name for field in described.fields if field.required}
    return [
        *(f"{name} is copied and given" for name in sorted(copied & given)),
        *(f"{name} is neither copied nor given" for name in sorted(required - copied - given)),
        *(f"{name} has another type and is not given" for name in sorted((ours.keys() & theirs.keys()) - copied - given)),
        *(f"{name} is lost" for name in sorted(ours.keys() - copied - read) if takes_all),
    ]


def faults(module: ModuleType, function: Function) -> list[str]:
    parameters = {one.arg: one.annotation for one in (*function.args.args, *function.args.kwonlyargs) if one.annotation}
    found = []
    for made, copy in constructors(function):
        of, wanted = (ast.unparse(argument) for argument in copy.args)
        assert ast.unparse(made.func) == wanted, f"{function.name} makes one struct of the fields of another"
        assert of in parameters, f"{function.name} copies {of}, which is no parameter with a type"
        source, target = named(module, ast.unparse(parameters[of])), named(module, wanted)
        given = {keyword.arg for keyword in made.keywords if keyword.arg}
        read = {one.attr for one in ast.walk(function) if isinstance(one, ast.Attribute) and ast.unparse(one.value) == of}
        # A response need not show all that the core knows; what a caller sends is never dropped.
        takes_all = not target.__module__.endswith("wire")
        found += [f"{function.name}: {fault}" for fault in faults_of(source, target, given, read, takes_all=takes_all)]
    return found


@pytest.mark.parametrize("path", FILES, ids=shown)
def test_every_copy_is_complete(path: Any) -> None:
    module = importlib.import_module(".".join(path.relative_to(ROOT / "src").with_suffix("").parts))
    assert [fault for function in functions(parsed(path)) for fault in faults(module, function)] == []


@pytest.mark.parametrize("path", FILES, ids=shown)
def test_every_copy_stands_in_a_constructor(path: Any) -> None:
    copies = sum(is_copy(node) for node in ast.walk(parsed(path)))
    assert sum(1 for function in functions(parsed(path)) for _ in constructors(function)) == copies > 0


class Pump(msgspec.Struct):
    """What is sent."""

    id: str
    name: str
    flow_l: int
    note: str | None = None


class Stored(msgspec.Struct):
    """What is kept."""

    id: int
    name: str
    made_us: int
    note: str = ""
    serial: str = ""


def test_what_is_forgotten_or_mistaken_is_found() -> None:
    assert faults_of(Pump, Stored, {"name", "serial"}, {"flow_l"}, takes_all=True) == [
        "name is copied and given",
        "id is neither copied nor given",
        "made_us is neither copied nor given",
        "id has another type and is not given",
        "note has another type and is not given",
        "id is lost",
        "note is lost",
    ]
    assert faults_of(Pump, Stored, {"id", "made_us", "note"}, {"id", "note"}, takes_all=True) == ["flow_l is lost"]
    assert faults_of(Pump, Stored, {"id", "made_us", "note"}, set(), takes_all=False) == []
