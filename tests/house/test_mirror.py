"""Tests lie where their sources lie: a newcomer finds the tests of a module by its path, and the module of a test by its."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from .mirror import has_source, holds_logic, is_mirrored, names_below, place_for
from .tree import ROOT, SRC, parsed

UNMIRRORED = Path(__file__).with_name("unmirrored.txt")
"""Modules whose behaviour is tested elsewhere only, over HTTP or by a neighbour. The list may only shrink. Those of a dialect are
in a list in its own folder of tests."""

AS_MANY_AS = 70
"""The number of entries in that list. Lower it when you take one off; never raise it: a new module gets a test of its own."""

AS_MANY_OF_DIALECTS = 2
"""The same of the lists of dialects."""

MIRRORED_FOLDERS = ("core", "kit", "api", "adapters", "ingress", "workers", "cli", "bootstrap", "demo")

# Tests of no module of ours: {path: reason}.
WITHOUT_SOURCE: dict[str, str] = {
    "adapters/frontdoor/test_uvicorn.py": "judges what the door takes from inside uvicorn, which is no module of ours",
}


def modules() -> set[str]:
    """The modules that hold logic, as paths below `src/penstock`."""
    names = {name for name in names_below(SRC, "*.py") if not name.endswith("__init__.py")}
    return {name for name in names if holds_logic(parsed(SRC / name))}


def unmirrored(wanted: set[str], tests: set[str]) -> set[str]:
    return {module for module in wanted if not is_mirrored(module, tests)}


def listed() -> list[str]:
    of_dialects = sorted((ROOT / "tests" / "api" / "dialects").glob("*/unmirrored.txt"))
    return [name for file in (UNMIRRORED, *of_dialects) for name in file.read_text("utf-8").split()]


def mirrored_files() -> set[str]:
    names = names_below(ROOT / "tests", "test_*.py")
    return {name for name in names if name.startswith(tuple(f"{folder}/" for folder in MIRRORED_FOLDERS))}


def test_each_module_has_its_test() -> None:
    found = unmirrored(modules(), names_below(ROOT / "tests", "test_*.py")) - set(listed())
    assert not found, "\n".join(f"{name} has no test of its own; it belongs to {place_for(name)}" for name in sorted(found))


def test_the_list_of_the_unmirrored_only_shrinks() -> None:
    stale = set(listed()) - unmirrored(modules(), names_below(ROOT / "tests", "test_*.py"))
    assert not stale, "take out of tests/house/unmirrored.txt: " + ", ".join(sorted(stale))
    assert len(listed()) == len(set(listed()))
    own = UNMIRRORED.read_text("utf-8").split()
    assert own == sorted(own)
    assert len(own) == AS_MANY_AS, "lower AS_MANY_AS when you take a module off the list; never raise it"
    assert len(listed()) - len(own) <= AS_MANY_OF_DIALECTS, "a new module of a dialect gets a test of its own"


def test_each_test_has_its_module() -> None:
    sources = names_below(SRC, "*.py")
    lost = {name for name in mirrored_files() if not has_source(name, sources)}
    assert lost - set(WITHOUT_SOURCE) == set(), "name these after the module or package that they test"
    assert set(WITHOUT_SOURCE) - lost == set(), "take these out of the exceptions"
    assert all(len(reason) > 20 for reason in WITHOUT_SOURCE.values())


@pytest.mark.parametrize(
    ("source", "logic"),
    [
        ("X = {1: 2}\nclass A:\n    x: int = 1\n", False),
        ("class A:\n    def f(self) -> int:\n        'What it is.'\n        return self.x\n", False),
        ("class A:\n    def __init__(self, x):\n        self.x = x\n        self.y: int = 0\n", False),
        ("class A(Protocol):\n    def f(self, x):\n        a(x)\n        b(x)\n", False),
        ("class A(typing.Protocol[T]):\n    def f(self, x):\n        a(x)\n        b(x)\n", False),
        ("def example():\n    return Wire(name='Pump')\n", False),
        ("class A(asyncio.BaseProtocol):\n    def f(self, x):\n        a(x)\n        b(x)\n", True),
        ("class A:\n    def f(self):\n        return 1 if self.x else 2\n", True),
        ("async def f(x):\n    await a(x)\n    await b(x)\n", True),
        ("def f(x):\n    return [one for one in x]\n", True),
        ("def f(x):\n    return x > 1\n", True),
        ("class A:\n    def __init__(self, x):\n        self.x = x or 1\n", True),
    ],
)
def test_which_modules_hold_logic(source: str, *, logic: bool) -> None:
    assert holds_logic(ast.parse(source)) is logic


def test_a_module_without_a_test_is_found() -> None:
    tests = {"kit/test_ids.py", "workers/alerts/test_kills.py", "core/test_clock.py", "kit/ids/fixture.py"}
    assert unmirrored({"kit/ids.py", "workers/alerts.py"}, tests) == set()
    assert unmirrored({"kit/clock.py", "core/ids.py", "workers/alert.py", "workers/alerts/kills.py"}, tests) == {
        "kit/clock.py",
        "core/ids.py",
        "workers/alert.py",
    }
    assert place_for("kit/clock.py") == "tests/kit/test_clock.py"


def test_a_test_without_a_module_is_found() -> None:
    sources = {"kit/ids.py", "ingress/lorawan/protocol/__init__.py", "settings.py"}
    for name in ("kit/test_ids.py", "kit/ids/test_order.py", "ingress/lorawan/test_protocol.py", "test_settings.py"):
        assert has_source(name, sources), name
    for name in (
        "kit/test_id.py",
        "core/test_ids.py",
        "kit/id/test_order.py",
        "ingress/test_protocol.py",
        "kit/ids/deep/test_a.py",
    ):
        assert not has_source(name, sources), name
