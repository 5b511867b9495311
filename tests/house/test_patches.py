"""No test replaces a method of a whole class, or a function of the library: a server that other tests share may be running in a
thread of the same process.

A replacement that fails or waits for ever would reach its workers, and tests that have nothing to do with it would fail later.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from .tree import parsed, python_files, shown

ARGUED = {
    "tests/support/patching.py": "replaces for one thread, or for some arguments",
    "tests/security/breaking.py": "its replacements answer as before to workers, which name no foreign device",
}
LIBRARY = {"asyncio", "os", "random", "secrets", "shutil", "socket", "sqlite3", "subprocess", "threading", "time"}


def patched_classes(path: Path) -> Iterator[str]:
    """The calls of `setattr` in a file whose target is a class: by its name, by `type(...)`, or in a tuple that is unpacked."""
    if ".setattr(" not in path.read_text("utf-8"):
        return
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "setattr":
            target = node.args[0]
            dotted = isinstance(target, ast.Constant)  # the whole place, its last part included
            last = ast.unparse(target).split(".")[-2 if dotted else -1].lstrip("_")
            is_shared = isinstance(target, ast.Name) and target.id in LIBRARY
            is_class = last[:1].isupper() or last == "owner" or ast.unparse(target).startswith("type(")
            if is_class or is_shared or isinstance(target, ast.Starred):
                yield f"{shown(path)}:{node.lineno}"


def test_no_class_is_replaced_for_all() -> None:
    found = [place for path in python_files("tests") for place in patched_classes(path)]
    assert [place for place in found if place.rpartition(":")[0] not in ARGUED] == []
    assert ARGUED.keys() == {place.rpartition(":")[0] for place in found} & ARGUED.keys()


def test_a_replaced_class_is_found(tmp_path: Path) -> None:
    file = tmp_path / "patches.py"
    classes = ["Session, 'call'", "log._Writer, 'write'", "type(a.b), 'c'", "*place", "'a.b.Session.call'", "os, 'statvfs'"]
    others = ["loop, 'RETRY_S'", "'a.loop.RETRY_S'", "a.writer, 'write'", "monkeypatch, 'x'"]
    file.write_text("".join(f"patch.setattr({one}, f)\n" for one in classes + others))
    assert len(list(patched_classes(file))) == len(classes)
