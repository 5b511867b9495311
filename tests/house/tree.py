"""Where things are in the repository, and small readers shared by the tests of the house rules."""

from __future__ import annotations

import ast
import functools
import gc
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src" / "penstock"
STORAGE = SRC / "adapters" / "storage"


def python_files(*folders: str) -> list[Path]:
    """Every Python file below these folders of the repository; a folder that does not exist holds none."""
    found = (path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return sorted(path for path in found if "__pycache__" not in path.parts)


@functools.cache
def parsed(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    gc.disable()  # all that is made stays, and to look for garbage in it takes as long as to read it
    try:
        return ast.parse(path.read_text("utf-8"), str(path))
    finally:
        gc.enable()


def shown(path: Path) -> str:
    """The path as a reader of the failure wants it."""
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else str(path)


def committed_files() -> list[Path]:
    """Tracked files and those that `git add .` would track; without git (a source archive) the known folders."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    answer = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=False)
    if answer.returncode == 0:
        found = [ROOT / name for name in answer.stdout.split("\0") if name]
    else:
        folders = ("src", "tests", "bench", "docs", "deploy", "agent", "proto")
        found = [path for folder in folders for path in (ROOT / folder).rglob("*")] + list(ROOT.glob("*.*"))
    return sorted(path for path in found if path.is_file() and "__pycache__" not in path.parts)


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method, nested ones too."""
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
