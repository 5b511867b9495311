"""Core and kit know no vendor: what is a vendor's is brought by its dialect, and core says it in its own words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from .tree import SRC, shown

VENDORS = re.compile(r"siliconwit|datakubo|iottly|kaito|kilo", re.IGNORECASE)


def namings(folder: Path) -> list[str]:
    """Where a vendor is named, in whatever kind of file or in its path."""
    found = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts):
        if VENDORS.search(str(path.relative_to(folder))):
            found.append(f"{path}: its path")
        lines = path.read_text("utf-8").splitlines()
        found += [f"{path}:{number}" for number, line in enumerate(lines, 1) if VENDORS.search(line)]
    return found


@pytest.mark.parametrize("folder", ["core", "kit"])
def test_no_vendor_is_named(folder: str) -> None:
    assert [naming.replace(str(SRC), shown(SRC)) for naming in namings(SRC / folder)] == []


def test_every_vendor_is_looked_for() -> None:
    dialects = {path.parent.name for path in (SRC / "api" / "dialects").glob("*/__init__.py")}
    assert dialects == set(VENDORS.pattern.split("|"))


def test_a_naming_is_found(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "words.py").write_text('"""Plain."""\n# as KAITO does\nx = "SiliconWit"\n')
    (tmp_path / "kilo.toml").write_text("")
    assert namings(tmp_path) == [
        f"{tmp_path}/inner/words.py:2",
        f"{tmp_path}/inner/words.py:3",
        f"{tmp_path}/kilo.toml: its path",
    ]
