"""No test replaces a method of a whole class: a server that other tests share may be running in a thread of the same process.

A replacement that fails or waits for ever would reach its workers, and tests that have nothing to do with it would fail later.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from .tree import parsed, python_files, shown

ARGUED = {
    "tests/support/patching.py": "replaces a method for one thread",
    "tests/security/breaking.py": "its replacements answer as before to workers, which name no foreign device",
}


def patched_classes(path: Path) -> Iterator[str]:
    """The calls of `setattr` in a file whose target is a class: by its name, by `type(...)`, or in a tuple that is unpacked."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "setattr":
            target = node.args[0]
            dotted = isinstance(target, ast.Constant)  # the whole place, its last part included
            last = ast.unparse(target).split(".")[-2 if dotted else -1].lstrip("_")
            if (
                isinstance(target, ast.Starred)
                or ast.unparse(target).startswith("type(")
                or last[:1].isupper()
                or last == "owner"
            ):
                yield f"{shown(path)}:{node.lineno}"


def test_no_class_is_replaced_for_all() -> None:
    found = [place for path in python_files("tests") for place in patched_classes(path)]
    assert [place for place in found if place.rpartition(":")[0] not in ARGUED] == []
    assert ARGUED.keys() == {place.rpartition(":")[0] for place in found} & ARGUED.keys()


def test_a_replaced_class_is_found(tmp_path: Path) -> None:
    file = tmp_path / "patches.py"
    file.write_text(
        "patch.setattr(Session, 'call', f)\npatch.setattr(log._Writer, 'write', f)\npatch.setattr(type(a.b), 'c', f)\n"
        "patch.setattr(*place, f)\npatch.setattr('a.b.Session.call', f)\npatch.setattr('a.loop.RETRY_S', 1)\npatch.setattr(loop, 'RETRY_S', 1)\npatch.setattr(a.writer, 'write', f)\n"
    )
    assert len(list(patched_classes(file))) == 5
